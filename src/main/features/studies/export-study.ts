import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Experiment } from '../../contract/experiments.ts'
import { modelRoleNames } from '../../contract/strategies.ts'
import { LabError } from '../../contract/error.ts'
import { replaceFile } from '../../files/durable.ts'
import { ZipWriter, type ZippedFile } from '../../files/zip-writer.ts'
import { checkpointName, runFiles } from '../../run-files/files.ts'
import type { HomeFolder } from '../../store/home.ts'
import type { ExperimentRecord } from '../../store/schema.ts'
import type { Store } from '../../store/store.ts'
import { crateOf } from './ro-crate.ts'
import { recordsName, recordsVersion, studyRecordsSchema, type StudyRecords } from './study-records.ts'

/** What is carried beside settings, scores, answers and retrieved sets. */
export interface Includes {
  data: boolean
  models: boolean
  indices: boolean
  weights: boolean
}

export interface Chosen {
  experimentIds: readonly string[]
  /** More than what the experiments use, for a computer without a network. */
  datasetIds: readonly string[]
  modelIds: readonly string[]
  targetIds: readonly string[]
}

/** Texts that go in beside the records: the results as files for other programs. */
export type ResultFiles = (experiment: ExperimentRecord) => Promise<{ name: string; text: string }[]>

const unfinished = new Set([checkpointName, runFiles.clock.name])

/** Writes a study as one zip. Throws `not-found`, `file-exists`. */
export async function exportStudy(
  path: string,
  chosen: Chosen,
  includes: Includes,
  parts: { store: Store; home: HomeFolder; version: string; results: ResultFiles }
): Promise<{ path: string; bytes: number; files: number; missing: string[] }> {
  const { results, store } = parts
  const { records, folders, missing } = gather(chosen, includes, parts)
  const files: ZippedFile[] = []
  await replaceFile(path, async (beside) => {
    const zip = await ZipWriter.open(beside)
    try {
      for (const { name, folder } of folders)
        for (const file of filesOf(folder, name.startsWith('runs/'), includes.weights))
          files.push(await zip.addFile(`${name}/${relative(folder, file).split(sep).join('/')}`, file))
      for (const one of records.experiments)
        for (const { name, text } of await results(store.experiments.get(one.id)))
          files.push(await zip.addText(name, text))
      const crate = crateOf(records, files, identity(parts.version))
      files.push(await zip.addText('ro-crate-metadata.json', `${JSON.stringify(crate, null, 2)}\n`))
      // What this lab could not read again is not written.
      const whole = studyRecordsSchema.parse({ ...records, files })
      await zip.addText(recordsName, `${JSON.stringify(whole)}\n`)
      await zip.close()
    } catch (error) {
      await zip.abandon().catch(() => undefined)
      throw error
    }
  })
  return { path, bytes: statSync(path).size, files: files.length + 1, missing }
}

function identity(version: string): { name: string; version: string } {
  return { name: 'ReCross Lab', version }
}

interface Gathered {
  records: Omit<StudyRecords, 'files'>
  folders: { name: string; folder: string }[]
  /** What was asked for and is not in this home any more. */
  missing: string[]
}

function gather(
  chosen: Chosen,
  includes: Includes,
  { store, home, version }: { store: Store; home: HomeFolder; version: string }
): Gathered {
  const experiments = unique(chosen.experimentIds).map((id) => store.experiments.get(id))
  const running = experiments.find(({ status }) => status === 'running' || status === 'planned')
  if (running)
    throw new LabError(
      'experiment-running',
      `"${running.spec.name}" is still running. Export it when it is over, or pause it.`
    )
  const runs = uniqueById(experiments.flatMap(({ id }) => store.runs.ofExperiment(id))).filter(
    ({ status }) => status === 'finished'
  )
  const kept = new Set(runs.map(({ id }) => id))
  const missing: string[] = []
  const found = <T>(noun: string, id: string, thing: T | undefined): T[] => {
    if (thing !== undefined) return [thing]
    missing.push(`${noun} ${id}`)
    return []
  }
  const targetIds = unique([
    ...chosen.targetIds,
    ...(includes.data ? experiments.flatMap(({ spec }) => spec.targetIds) : [])
  ])
  const targets = targetIds.flatMap((id) => found('target', id, store.targets.find(id)))
  const datasetIds = unique([
    ...chosen.datasetIds,
    ...(includes.data ? experiments.map(({ spec }) => spec.datasetId) : []),
    ...targets.map(({ datasetId }) => datasetId)
  ])
  const datasets = datasetIds.flatMap((id) => found('data set', id, store.datasets.find(id)))
  const modelIds = unique([
    ...chosen.modelIds,
    ...(includes.models ? experiments.flatMap(({ spec }) => modelsOf(spec)) : [])
  ])
  const models = modelIds.flatMap((id) => found('model', id, store.models.find(id)))
  const has = (list: readonly { id: string }[], id: string) => list.some((one) => one.id === id)
  const indices = includes.indices
    ? store.indices.list().filter(({ datasetId, modelId }) => has(datasets, datasetId) && has(models, modelId))
    : []
  const datasetIdsHere = datasets.map(({ id }) => id)
  const leakChecks = targets.flatMap(({ id: targetId }) =>
    datasetIdsHere
      .filter((datasetId) => store.leaks.checked(targetId, datasetId))
      .map((datasetId) => ({ targetId, datasetId, leaks: store.leaks.of(targetId, datasetId) }))
  )
  return {
    missing,
    folders: [
      ...runs.map(({ id }) => ({ name: `runs/${id}`, folder: home.run(id) })),
      ...datasets.map(({ id }) => ({ name: `datasets/${id}`, folder: home.dataset(id) })),
      ...models.map(({ id }) => ({ name: `models/${id}`, folder: home.model(id) })),
      ...unique(indices.map(({ fingerprint }) => fingerprint)).map((fingerprint) => ({
        name: `indices/${fingerprint}`,
        folder: home.index(fingerprint)
      }))
    ],
    records: {
      format: 'recross-lab-study',
      version: recordsVersion,
      lab: version,
      madeAt: new Date().toISOString(),
      experiments: experiments.map(({ id, spec, status, createdAt, finishedAt }) => ({
        id,
        spec,
        status,
        createdAt,
        finishedAt
      })),
      runs: runs.map((run) => ({ ...run, jobId: null })),
      links: experiments.flatMap(({ id }) => store.runs.links(id)).filter(({ runId }) => kept.has(runId)),
      scores: runs.flatMap(({ id }) => store.scores.ofRun(id)),
      datasets,
      targets,
      querySets: targets.flatMap(({ id }) => store.querySets.ofTarget(id)),
      leakChecks,
      models,
      indices
    }
  }
}

function modelsOf({ models }: Experiment['spec']): string[] {
  return modelRoleNames.flatMap((role) => models[role] ?? [])
}

/** Files of a folder in order; of a run neither its checkpoints nor, unless they are wanted, its weights. */
function filesOf(folder: string, isRun: boolean, weights: boolean): string[] {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && !/^\.|\.(part|tmp)$|-(wal|shm|journal)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const [first] = relative(folder, path).split(sep)
      return !isRun || !(unfinished.has(first!) || (!weights && path.endsWith('.safetensors')))
    })
    .sort()
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}

function uniqueById<T extends { id: string }>(things: readonly T[]): T[] {
  return [...new Map(things.map((one) => [one.id, one])).values()]
}
