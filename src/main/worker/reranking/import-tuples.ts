import type { DatasetFile } from '../../contract/dataset-file.ts'
import { LabError } from '../../contract/error.ts'
import type { JobInput, JobOutput } from '../../contract/jobs.ts'
import type { MinedPair } from '../../contract/minings.ts'
import { writeWhole } from '../../files/durable.ts'
import type { JobContext } from '../job.ts'
import { MiningFolder, type LabelledSet } from './mined-set.ts'
import { importedReport } from './mining-report.ts'
import { readTuples, type Tuple, type TupleRow } from './read-tuples.ts'

/** With fewer rows found than this share the tuples are of other data. */
const leastFound = 0.5

/**
 * Pairs from the original's tuples instead of from trials: their rows are found in the upstream data by their texts, and the labels are
 * the file's own.
 * @throws LabError `pairs-of-other-data`, `no-pairs` and those of `readTuples`
 */
export async function importTuples(
  { input, folder, log, report, signal }: JobContext<'mine-pairs'>,
  dataset: DatasetFile
): Promise<JobOutput<'mine-pairs'>> {
  const started = performance.now()
  const mining = new MiningFolder(folder)
  const tuples: Tuple[] = []
  for await (const tuple of readTuples(input.tuples!)) {
    signal.throwIfAborted()
    tuples.push(tuple)
    if (tuples.length % 100 === 0) report({ phase: 'reading', done: tuples.length, total: null, unit: 'query sets' })
  }
  const found = find(tuples, dataset, signal)
  checkFound(found, tuples, dataset)
  const sets = tuples.flatMap((tuple, set) => labelledSet(tuple, set, found, dataset) ?? [])
  const left = tuples.length - sets.length
  log(
    `${found.ids.size} of ${found.rows} rows of ${tuples.length} tuples are in the data, by their texts.` +
      (found.otherIds === 0 ? '' : ` ${found.otherIds} of them have another id there.`) +
      (left === 0 ? '' : ` ${left} tuples are left out: of one of their parts no row is there.`),
    found.ids.size === found.rows ? 'info' : 'warn'
  )
  if (sets.length === 0) throw new LabError('no-pairs', 'No tuple has rows of all three parts in the upstream data.')
  const { iteration } = input
  const pairs = sets.flatMap(({ set, task, queryIds, candidates }) =>
    candidates.map(({ id, delta }): MinedPair => ({
      ...{ set, task, queryIds, candidateId: id, delta, label: delta < 0 ? 1 : 0, iteration }
    }))
  )
  await mining.saveManifest(manifestOf(input, dataset))
  for (const set of sets) await mining.saveLabelled(set)
  const text = pairs.map((pair) => `${JSON.stringify(pair)}\n`).join('')
  await writeWhole(mining.pairs, text)
  const made = importedReport(sets, pairs)
  await mining.saveReport(made)
  for (const { text: said, holds } of made.gate.checks) log(said, holds === false ? 'warn' : 'info')
  return { report: made, bytes: Buffer.byteLength(text), seconds: (performance.now() - started) / 1000 }
}

/** A row by what it says. */
const keyOf = ({ input, output }: TupleRow): string => `${input}\u0000${output}`

interface Found {
  /** The number of each row that is there. */
  ids: Map<string, number>
  /** How many different rows the tuples have. */
  rows: number
  /** Rows that are there under another id. */
  otherIds: number
}

/** The rows of the tuples among those of the data, which are read once. Of several that say the same the one with the same id, else the first. */
function find(tuples: readonly Tuple[], dataset: DatasetFile, signal: AbortSignal): Found {
  const wanted = new Map<string, string | null>()
  for (const { queries, positives, negatives } of tuples)
    for (const row of [...queries, ...positives, ...negatives]) wanted.set(keyOf(row), row.sourceId)
  const ids = new Map<string, number>()
  const same = new Set<string>()
  for (const { id, input, outputs, sourceId } of dataset.iterate()) {
    if (id % 10_000 === 0) signal.throwIfAborted()
    const key = keyOf({ input, output: outputs[0] ?? '', sourceId: null })
    const asked = wanted.get(key)
    if (asked === undefined || same.has(key)) continue
    if (asked === sourceId || !ids.has(key)) ids.set(key, id)
    if (asked === null || asked === sourceId) same.add(key)
  }
  return { ids, rows: wanted.size, otherIds: ids.size - same.size }
}

function checkFound({ ids, rows }: Found, tuples: readonly Tuple[], dataset: DatasetFile): void {
  if (rows > 0 && ids.size >= leastFound * rows) return
  const all = tuples.flatMap(({ queries, positives, negatives }) => [...queries, ...positives, ...negatives])
  const missing = all.find((row) => !ids.has(keyOf(row)))
  throw new LabError(
    'pairs-of-other-data',
    missing === undefined
      ? 'The files have no tuples.'
      : `Only ${ids.size} of ${rows} rows of the tuples are in the upstream data, so they were made from other data. ` +
          `The first that is missing: "${missing.input.slice(0, 120)}"${missing.sourceId === null ? '' : ` (${missing.sourceId})`}. ` +
          'Import the upstream data that they were made from, and choose them.',
    { details: { found: ids.size, rows, dataset: dataset.contentHash } }
  )
}

/** A tuple as a query set; null where of one of its parts no row is there. */
function labelledSet(tuple: Tuple, set: number, { ids }: Found, dataset: DatasetFile): LabelledSet | null {
  const idsOf = (rows: readonly TupleRow[]) => [...new Set(rows.flatMap((row) => ids.get(keyOf(row)) ?? []))]
  const queryIds = idsOf(tuple.queries)
  const positives = idsOf(tuple.positives)
  const negatives = idsOf(tuple.negatives).filter((id) => !positives.includes(id))
  if (queryIds.length === 0 || positives.length === 0 || negatives.length === 0) return null
  const queries = dataset.getMany(queryIds)
  const tasks = [...new Set(queries.map(({ task }) => task))]
  if (tasks.length > 1)
    throw new LabError(
      'bad-tuples',
      `${tuple.place}: the query_examples of a tuple are rows of one task, and these are of ${tasks.join(', ')} in the upstream data.`,
      { details: { tasks } }
    )
  const candidate =
    (delta: number) =>
    ({ id, task, group }: { id: number; task: string; group: string }, rank: number) => ({
      ...{ id, query: null, rank, task, group, delta }
    })
  return {
    ...{ set, task: tasks[0]!, group: queries[0]!.group, queryIds },
    candidates: [...inOrder(dataset, positives).map(candidate(-1)), ...inOrder(dataset, negatives).map(candidate(1))]
  }
}

function inOrder(dataset: DatasetFile, ids: readonly number[]) {
  return ids.map((id) => dataset.get(id))
}

function manifestOf(input: JobInput<'mine-pairs'>, dataset: DatasetFile) {
  const { model, source, iteration, settings } = input
  return {
    format: 1 as const,
    dataset: { contentHash: dataset.contentHash },
    model: { name: model.name, fingerprint: model.fingerprint, prefix: model.prefix },
    ...{ source, index: null, reranker: null, iteration, settings },
    // Nothing was tuned here.
    learningRate: 0
  }
}
