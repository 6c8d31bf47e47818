import { statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeWhole } from '../files/durable.ts'
import { AnswerFiles } from '../results/answer-files.ts'
import { resultTexts } from '../results/result-texts.ts'
import { RetrievedSets } from '../results/retrieved-sets.ts'
import { carriedFiles, packStudy } from '../study-files/pack-study.ts'
import { readPacking, type Packing } from '../study-files/packing.ts'
import { compareRuns } from './compare.ts'
import { defineJob, type JobContext } from './job.ts'

/** A study or a bundle as one zip: the results of its experiments, worked out first, and folders of the home. */
export const job = defineJob({
  kind: 'export-study',
  async run(context) {
    const { input, folder, home, report, signal, paused, log } = context
    const { path, missing } = input
    const packing = await readPacking(folder, home)
    const texts = await writeResults(packing, context)
    const sizes = packing.folders.flatMap((name) =>
      carriedFiles(join(home, ...name.split('/')), name.startsWith('runs/'), packing.weights)
    )
    const total = [...sizes, ...texts.map((name) => join(folder, ...name.split('/')))].reduce(
      (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
      0
    )
    let done = 0
    const files = await packStudy(path, packing, { home, folder, texts }, async (bytes) => {
      signal.throwIfAborted()
      await paused()
      done = Math.min(total, done + bytes)
      report({ phase: 'packing', done, total, unit: 'bytes' })
    })
    log(`Wrote ${path}.`)
    return { path, bytes: statSync(path).size, files, missing }
  }
})

/** The results of every experiment as files in the job's folder; their names. */
async function writeResults(
  { results }: Packing,
  { folder, home, report, signal, paused }: JobContext<'export-study'>
): Promise<string[]> {
  const runFolder = (runId: string) => join(home, 'runs', runId)
  const names: string[] = []
  for (const [done, one] of results.entries()) {
    report({ phase: 'preparing', done, total: results.length, unit: 'experiments', fraction: null })
    await paused()
    const files = { answers: new AnswerFiles(runFolder), retrieved: new RetrievedSets(runFolder) }
    for (const { name, text } of await resultTexts(one, files, (input) => compareRuns(input, signal))) {
      signal.throwIfAborted()
      const path = join(folder, ...name.split('/'))
      await mkdir(dirname(path), { recursive: true })
      await writeWhole(path, text)
      names.push(name)
    }
  }
  return names
}
