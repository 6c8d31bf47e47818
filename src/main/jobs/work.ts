import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Dataset } from '../contract/data.ts'
import type { ExpectedAsked, TimedKind } from '../contract/expected-time.ts'
import { timedKinds } from '../contract/expected-time.ts'
import type { JobInput, JobKind, JobOutput, JobProgress } from '../contract/jobs.ts'
import type { Store } from '../store/store.ts'

type Facts = Partial<Omit<ExpectedAsked, 'kind'>>

/** What of its input says how much work a job is; what nobody knows before it has begun is taken from what it gave. */
const factsByKind: { [K in TimedKind]: (input: JobInput<K>, store: Store) => Facts } = {
  'import-dataset': ({ files }) => ({ bytes: bytesOf(files) }),
  download: () => ({}),
  'install-model': ({ from }) => ({ path: from }),
  'export-model': ({ run }) => ({ modelId: run.base.id }),
  'export-study': () => ({}),
  'import-study': ({ path }) => ({ path }),
  'answer-file': ({ file, by }) => ({ path: file, modelId: by.model.id }),
  'find-rate': ({ model, tune, steps }) => ({
    modelId: model.modelId,
    rows: steps * tune.batchSize * tune.accumulation
  }),
  'leak-check': ({ datasetId, targetId }, { datasets, targets }) => ({
    rows: rowsOf(datasets.find(datasetId)) + rowsOf(datasets.find(targets.find(targetId)?.datasetId ?? ''))
  }),
  'publish-index': ({ indexId }, { indices }) => ({ rows: indices.find(indexId)?.vectors ?? null }),
  'fetch-index': () => ({})
}

function rowsOf(dataset: Dataset | undefined): number {
  return dataset?.examples ?? 0
}

/** How much work a job is, in the unit of its kind; null where it is not known, or nobody asks. */
export function workOfJob(kind: JobKind, input: unknown, store: Store): number | null {
  if (!isTimed(kind)) return null
  const facts = (factsByKind[kind] as (input: unknown, store: Store) => Facts)(input, store)
  return workOf({ kind, bytes: null, path: null, modelId: null, rows: null, ...facts }, store)
}

/** The same of something that is not begun. */
export function workOf({ kind, bytes, path, modelId, rows }: ExpectedAsked, store: Store): number | null {
  const model = modelId === null ? undefined : store.models.find(modelId)
  const read = bytes ?? (path === null ? null : bytesOf([path]))
  if (kind === 'find-rate') return above0(rows, model?.parameters)
  if (kind === 'leak-check' || kind === 'publish-index' || kind === 'fetch-index') return above0(rows, 1)
  if (kind === 'answer-file') return above0(read, model?.parameters)
  return above0(kind === 'export-model' ? model?.bytes : read, 1)
}

/** What a job that has finished was, where it was not known before. */
export function workDone(kind: JobKind, output: unknown, progress: JobProgress | null): number | null {
  if (kind === 'download')
    return above0(
      (output as JobOutput<'download'>).files.reduce((sum, { bytes }) => sum + bytes, 0),
      1
    )
  if (kind === 'fetch-index') return above0((output as JobOutput<'fetch-index'>).vectors, 1)
  if (kind === 'export-study') return above0(progress?.unit === 'bytes' ? progress.total : null, 1)
  return null
}

function isTimed(kind: JobKind): kind is TimedKind {
  return timedKinds.some((one) => one === kind)
}

function above0(amount: number | null | undefined, times: number | undefined): number | null {
  const work = (amount ?? 0) * (times ?? 0)
  return work > 0 ? work : null
}

/** Bytes of files, and of what lies in folders; null where one is not there. */
function bytesOf(paths: readonly string[]): number | null {
  let sum = 0
  for (const path of paths) {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined) return null
    if (!found.isDirectory()) sum += found.size
    else
      for (const entry of readdirSync(path, { withFileTypes: true }))
        if (entry.isFile()) sum += statSync(join(path, entry.name), { throwIfNoEntry: false })?.size ?? 0
  }
  return sum
}
