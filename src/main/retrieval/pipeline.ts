import type { DatasetFile } from '../contract/dataset-file.ts'
import { overWords } from '../contract/embedded-over.ts'
import { LabError } from '../contract/error.ts'
import type { RetrievedExample } from '../contract/runs.ts'
import type { RetrievalSettings } from '../contract/run-settings.ts'
import {
  candidates,
  pipelineOf,
  type Representation,
  type RescorerName,
  type StrategyName
} from '../contract/strategies.ts'
import type { Ranker } from './candidates/candidates.ts'
import { sources } from './candidates/registry.ts'
import type { Encoder } from './encoder.ts'
import { allowedRows } from './filter.ts'
import type { Manifest } from './manifest.ts'
import { openIndex, type OpenIndex } from './open-index.ts'
import { rescorersByName } from './rescore/registry.ts'
import { pairingOf, rescore } from './rescore/rescore.ts'
import type { PairScorer, RescoringContext } from './rescore/rescorer.ts'
import { selectors } from './select/registry.ts'
import { byScore, type Chosen, type Selector } from './select/selector.ts'

export interface RetrieveOptions {
  dataset: DatasetFile
  strategy: StrategyName
  queries: readonly string[]
  /** An answer of each query, for indices over inputs and answers. */
  answers?: readonly (string | null)[] | null
  settings: RetrievalSettings
  /** Upstream examples that are the target's own data. */
  excludedIds: readonly number[]
  seed: number
  /** Folders of the indices that the strategy searches. */
  indices: Partial<Record<Representation, string>>
  /** Loads the encoder that made an index; called only where one is needed. */
  encoder: (wanted: Manifest['encoder']) => Promise<Encoder>
  /** The model that reads query and candidate together; called only where one is needed. */
  reranker?: () => Promise<PairScorer>
  /** Called before every block of pairs that a stage scores; may wait while the run is paused. */
  beforePairs?: (stage: RescorerName, done: number, total: number) => Promise<void>
  /** How an index is opened by someone who keeps it open; otherwise it is opened here, and closed in the end. */
  openIndex?: (folder: string) => Promise<OpenIndex>
  threads?: number
  signal?: AbortSignal
  log?: (text: string, level?: 'info' | 'warn') => void
}

/**
 * Retrieval is a pipeline: candidates for every query, selected into a pool, scored anew by any number of stages, cut to the
 * budget. Examples come in the order of the last stage; without one in the selector's.
 * @throws LabError `no-queries`, `no-index`, `no-model`, `unknown-group`, `unknown-task`, `nothing-to-retrieve` and those of `openIndex`
 */
export async function retrieve(options: RetrieveOptions): Promise<RetrievedExample[]> {
  const { dataset, settings, queries } = options
  const stages = pipelineOf(options.strategy, settings)
  if (stages === null) return []
  const { usesQueries } = candidates[stages.candidates]
  if ((usesQueries || stages.rescore.length > 0) && queries.length === 0) {
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
        answers: options.answers ?? null,
        openIndex: (wanted) => openFor(options, wanted, opened)
      },
      queries
    )
    const reranks = stages.rescore.length > 0
    const size = Math.ceil(settings.budget * (reranks ? settings.rerank.oversampling : settings.oversampling))
    // One list for all queries: there is nothing to select between.
    const selector = selectors[usesQueries ? settings.selector : 'aggregate-choices']
    const lists = usesQueries ? queries.length : 1
    const pool = await choose(ranker, { selector, size, lists, deduplicate: settings.deduplicate }, options.signal)
    const chosen = reranks ? await rerank(pool, ranker, options, opened) : cut(pool, settings.budget)
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
  { selector, size, lists, deduplicate }: { selector: Selector; size: number; lists: number; deduplicate: boolean },
  signal?: AbortSignal
): Promise<Chosen[]> {
  for (let depth = selector.depth(size, lists); ; depth *= 2) {
    signal?.throwIfAborted()
    const ranked = (await ranker.rank(depth)).map((list) => ({ ...list, complete: list.ids.length < depth }))
    const chosen = selector.select(ranked, size, deduplicate)
    if (chosen.length >= size || !selector.deepens || ranked.every((list) => list.complete)) return chosen
  }
}

/** Of an oversampled set the nearest stay, in the order in which they were chosen. */
function cut(chosen: readonly Chosen[], budget: number): Chosen[] {
  if (chosen.length <= budget) return [...chosen]
  const best = new Set([...chosen].sort(byScore).slice(0, budget))
  return chosen.filter((one) => best.has(one))
}

type Trailed = Chosen & { trail?: RetrievedExample['trail'] }

/**
 * The stages one after the other. Each puts what it is given into its own order, and keeps of it the same share as the others,
 * so that the last one comes to the budget. Where every candidate has its own query only, the selector chooses between the
 * queries' lists in their new order; else all share one order.
 */
async function rerank(
  pool: readonly Chosen[],
  ranker: Ranker,
  options: RetrieveOptions,
  opened: OpenIndex[]
): Promise<Trailed[]> {
  const { dataset, settings, queries, encoder, reranker, signal, beforePairs } = options
  const { candidates: first, rescore: names } = pipelineOf(options.strategy, settings)!
  const { pairing, aggregate, oversampling } = settings.rerank
  const queriesOf = await pairingOf(settings.rerank, pool, queries.length, ranker)
  const listed = pairing === 'own' && pool.every(({ query }) => query !== null)
  const context: RescoringContext = {
    ...{ dataset, queries, answers: options.answers ?? null, settings: settings.rerank, encoder },
    ...(signal ? { signal } : {}),
    openIndex: (wanted) => openFor(options, wanted, opened),
    reranker() {
      if (reranker) return reranker()
      throw new LabError('no-model', `The strategy "${options.strategy}" needs a reranker, but none is given.`)
    }
  }
  let kept: Trailed[] = pool.map((one, place) => ({
    ...one,
    trail: [{ stage: first, rank: place + 1, score: one.score }]
  }))
  for (const [at, name] of names.entries()) {
    const scorer = await rescorersByName[name](context)
    const before = async (done: number, total: number) => {
      signal?.throwIfAborted()
      await beforePairs?.(name, done, total)
    }
    const ordered = (await rescore(kept, scorer, queriesOf, { aggregate, before })) as Trailed[]
    const marked = ordered.map((one, place) => ({
      ...one,
      trail: [...(one.trail ?? []), { stage: name, rank: place + 1, score: one.score }]
    }))
    const keep = Math.ceil(settings.budget * oversampling ** ((names.length - at - 1) / names.length) - 1e-9)
    kept = listed ? chooseBetween(marked, keep, settings) : marked.slice(0, keep)
  }
  return kept
}

/** The selector's choice between the lists of the queries, each in its new order. */
function chooseBetween(ordered: readonly Trailed[], keep: number, settings: RetrievalSettings): Trailed[] {
  const byQuery = [...Map.groupBy(ordered, ({ query }) => query)].sort(([a], [b]) => a! - b!)
  const lists = byQuery.map(([query, own]) => ({
    query,
    ids: own.map(({ id }) => id),
    scores: own.map(({ score }) => score),
    complete: true
  }))
  const of = new Map(ordered.map((one) => [`${one.query} ${one.id}`, one]))
  const chosen = selectors[settings.selector].select(lists, keep, settings.deduplicate)
  return chosen.map(({ id, query, score }) => ({ ...of.get(`${query} ${id}`)!, score }))
}

function labelled(dataset: DatasetFile, chosen: readonly Trailed[]): RetrievedExample[] {
  const { tasks, groups, taskOf, groupOf } = dataset.labels()
  return chosen.map(({ id, score, query, rank, trail }) => ({
    exampleId: id,
    score,
    query,
    rank,
    task: tasks[taskOf[id]!]!,
    group: groups[groupOf[id]!]!,
    ...(trail === undefined ? {} : { trail })
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
  const { representation, modelId, over } = index.manifest.encoder
  const { over: asked } = options.settings
  if (representation === wanted && over !== asked)
    throw new LabError(
      'index-of-other-encoder',
      `An index ${overWords[over]} is given, and retrieval.over asks for one ${overWords[asked === 'both' ? 'both' : 'input']}. Build that index, or set retrieval.over to "${over}".`,
      { details: { given: over, asked } }
    )
  if (representation === wanted) return index
  throw new LabError(
    'index-of-other-encoder',
    `The strategy wants an index of ${wanted} vectors, but the one given holds ${representation} vectors of ${modelId}.`
  )
}
