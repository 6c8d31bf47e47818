import { join } from 'node:path'
import type { JobInput, JobOutput } from '../../contract/jobs.ts'
import { removeInsideNow } from '../../files/remove.ts'
import { DatasetWriter } from '../dataset-writer.ts'
import type { SealProgress } from '../seal-progress.ts'
import { holdsQuerySets } from './detect.ts'
import { type ImportHooks, ImportRun, readingShare } from './import-run.ts'
import { leaveOutQueries } from './leave-out-queries.ts'
import { type ImportedQuerySet, readQuerySets } from './query-sets.ts'
import { checkRoom } from './room.ts'
import { readTaskGroups } from './task-groups.ts'
import { dataFiles } from './unpack.ts'

/** Where each step of sealing begins and ends, of the whole job's time. */
const shares: Record<SealProgress['phase'], { from: number; to: number }> = {
  'source items': { from: readingShare, to: 0.5 },
  'full text': { from: 0.5, to: 0.91 },
  'merging full text': { from: 0.91, to: 0.99 },
  saving: { from: 0.99, to: 0.99 }
}

/**
 * Imports files into one sealed dataset at `<folder>/examples.db`. Bounded memory; a killed import leaves no dataset.
 * Throws too-many-bad-lines where more lines than `skipLimit` are bad, with the first of them in details.
 */
export async function importDataset(
  input: JobInput<'import-dataset'>,
  folder: string,
  hooks: ImportHooks
): Promise<JobOutput<'import-dataset'>> {
  const querySets: ImportedQuerySet[] = input.querySetsFile ? await readQuerySets(input.querySetsFile) : []
  const groups = input.groupsFile ? readTaskGroups(input.groupsFile) : new Map<string, string>()
  const writer = new DatasetWriter(join(folder, 'examples.db'), { name: input.name, kind: input.kind })
  const run = new ImportRun(input, writer, groups, hooks)
  try {
    const scratch = join(folder, 'unpacked')
    const room = () => checkRoom(folder, `${writer.path}.partial`)
    // What was downloaded together holds the query sets of a target beside its test examples.
    const given = input.root === null ? input.files : []
    for await (const file of dataFiles(input.files, scratch, room, input.root))
      if (given.includes(file.path) || !(await holdsQuerySets(file))) await run.readFile(file)
      else if (input.kind === 'target' && input.querySetsFile === null) {
        querySets.push(...(await readQuerySets(file.path)))
        hooks.log(`${file.name}: query sets of the target.`)
      } else hooks.log(`${file.name}: query sets, which were passed over.`)
    removeInsideNow(folder, scratch)
    if (writer.count === 0) throw run.nothingFound()
    hooks.log(`Read ${writer.count} examples, set ${writer.rejectedCount} lines aside.`)
    run.tellOddities()
    const steps = writer.sealInSteps()
    for (;;) {
      const step = steps.next()
      if (step.done) {
        const { sourceItems, duplicates } = step.value
        hooks.log(
          `${sourceItems} source items: rows of one item are prompts of the same text. ${duplicates} duplicates.`
        )
        const { labelled, firstRejected } = run
        if (input.kind !== 'target' || input.sampleQueries === null || querySets.length > 0)
          return { ...step.value, querySets, firstRejected, labelled }
        const { size } = input.sampleQueries
        const { summary, sets, leftOut } = leaveOutQueries(writer.path, input.name, input.sampleQueries)
        hooks.log(
          `Drew ${sets.length} query sets of ${size}. They and their variants, ${leftOut} rows, are left out of the test: ${summary.examples} remain.`
        )
        const drawn = sets.map((queries, round) => ({ size, round, queries }))
        return { ...summary, querySets: drawn, firstRejected, labelled }
      }
      const { phase, done, total } = step.value
      const { from, to } = shares[phase]
      const fraction = from + (to - from) * (done / Math.max(1, total))
      const unit = phase === 'merging full text' ? 'pages' : 'examples'
      hooks.report({ phase, done, total, unit, fraction })
      await hooks.paused()
      checkRoom(folder, `${writer.path}.partial`)
    }
  } catch (thrown) {
    writer.discard()
    throw thrown
  }
}
