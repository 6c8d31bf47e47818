import type { DatasetFile } from '../contract/dataset-file.ts'
import { LabError } from '../contract/error.ts'
import type { RetrievalSettings, RetrievedExample } from '../contract/experiments.ts'
import { candidates, pipelineOf, type Representation, type StrategyName } from '../contract/strategies.ts'
import type { Ranker } from './candidates/candidates.ts'
import { sources } from './candidates/registry.ts'
import type { Encoder } from './encoder.ts'
import { allowedRows } from './filter.ts'
import type { Manifest } from './manifest.ts'
import { openIndex, type OpenIndex } from './open-index.ts'
import { selectors } from './select/registry.ts'
import { byScore, type Chosen, type Selector } from './select/selector.ts'

export interface RetrieveOptions {
  dataset: DatasetFile
  strategy: StrategyName
  queries: readonly string[]
  settings: RetrievalSettings
  /** Upstream examples that are the target's own data. */
  excludedIds: readonly number[]
  seed: number
  /** Folders of the indices that the strategy searches. */
  indices: Partial<Record<Representation, string>>
  /** Loads the encoder that made an index; called only where one is needed. */
  encoder: (wanted: Manifest['encoder']) => Promise<Encoder>
  /** How an index is opened by someone who keeps it open; otherwise it is opened here, and closed in the end. */
  openIndex?: (folder: string) => Promise<OpenIndex>
  threads?: number
  signal?: AbortSignal
  log?: (text: string, level?: 'info' | 'warn') => void
}

/**
 * Retrieval is a pipeline: candidates for every query, selected and cut to the budget. Examples come in the selector's order.
 * @throws LabError `no-queries`, `no-index`, `unknown-group`, `unknown-task`, `nothing-to-retrieve` and those of `openIndex`
 */
export async function retrieve(options: RetrieveOptions): Promise<RetrievedExample[]> {
  const stages = pipelineOf(options.strategy)
  if (stages === null) return []
  const { dataset, settings, queries } = options
  const { usesQueries } = candidates[stages.candidates]
  if (usesQueries && queries.length === 0) {
    throw new LabError(
      'no-queries',
      `The strategy "${options.strategy}" retrieves for queries, but the query set is empty.`
    )
  }
  const log = options.log ?? (() => undefined)
  const opened: OpenIndex[] = []
  try {
    const ranker = await sources[stages.candidates].prepare(
      {
        dataset,
        allowed: allowedRows(dataset, settings, options.excludedIds),
        seed: options.seed,
        balanced: settings.balanced,
        log,
        ...(options.signal ? { signal: options.signal } : {}),
        encoder: options.encoder,
        openIndex: (wanted) => openFor(options, wanted, opened)
      },
      queries
    )
    const pool = Math.ceil(settings.budget * settings.oversampling)
    // One list for all queries: there is nothing to select between.
    const selector = selectors[usesQueries ? settings.selector : 'aggregate-choices']
    const lists = usesQueries ? queries.length : 1
    const chosen = cut(
      await choose(ranker, selector, pool, lists, settings.deduplicate, options.signal),
      settings.budget
    )
    if (chosen.length < settings.budget) {
      log(`Only ${chosen.length} of ${settings.budget} examples were retrieved: there are no more that fit.`, 'warn')
    }
    return labelled(dataset, chosen)
  } finally {
    for (const index of opened) index.close()
  }
}

/** Deepens the lists until the selector has enough, or they have nothing more to give. */
async function choose(
  ranker: Ranker,
  selector: Selector,
  pool: number,
  lists: number,
  deduplicate: boolean,
  signal?: AbortSignal
): Promise<Chosen[]> {
  for (let depth = selector.depth(pool, lists); ; depth *= 2) {
    signal?.throwIfAborted()
    const ranked = (await ranker.rank(depth)).map((list) => ({ ...list, complete: list.ids.length < depth }))
    const chosen = selector.select(ranked, pool, deduplicate)
    if (chosen.length >= pool || !selector.deepens || ranked.every((list) => list.complete)) return chosen
  }
}

/** Of an oversampled set the nearest stay, in the order in which they were chosen. */
function cut(chosen: readonly Chosen[], budget: number): Chosen[] {
  if (chosen.length <= budget) return [...chosen]
  const best = new Set([...chosen].sort(byScore).slice(0, budget))
  return chosen.filter((one) => best.has(one))
}

function labelled(dataset: DatasetFile, chosen: readonly Chosen[]): RetrievedExample[] {
  const { tasks, groups, taskOf, groupOf } = dataset.labels()
  return chosen.map(({ id, score, query, rank }) => ({
    exampleId: id,
    score,
    query,
    rank,
    task: tasks[taskOf[id]!]!,
    group: groups[groupOf[id]!]!
  }))
}

async function openFor(options: RetrieveOptions, wanted: Representation, opened: OpenIndex[]): Promise<OpenIndex> {
  const folder = options.indices[wanted]
  const [other] = Object.keys(options.indices)
  if (folder === undefined && other !== undefined) {
    throw new LabError(
      'index-of-other-encoder',
      `The strategy "${options.strategy}" wants an index of ${wanted} vectors, but one of ${other} vectors is given.`
    )
  }
  if (folder === undefined) {
    throw new LabError(
      'no-index',
      `The strategy "${options.strategy}" searches an index of ${wanted} vectors, but none is given. Build it first.`
    )
  }
  const index = await (options.openIndex?.(folder) ?? openIndex(folder, options))
  if (options.openIndex === undefined) opened.push(index)
  const { representation, modelId } = index.manifest.encoder
  if (representation === wanted) return index
  throw new LabError(
    'index-of-other-encoder',
    `The strategy wants an index of ${wanted} vectors, but the one given holds ${representation} vectors of ${modelId}.`
  )
}
