import type { RerankSettings } from '../../contract/run-settings.ts'
import type { Ranker } from '../candidates/candidates.ts'
import { byScore, type Chosen } from '../select/selector.ts'
import type { Pair, Rescorer } from './rescorer.ts'

/** Pairs that are scored in one go; what lies between two looks at cancel and pause. */
const pairsAtOnce = 1024

export interface Rescoring {
  /** How the scores of a candidate for several queries become one. */
  aggregate: RerankSettings['aggregate']
  /** Called before every block of pairs; may wait while the run is paused. */
  before: (done: number, total: number) => Promise<void>
}

/**
 * Scores every candidate for the queries that it is paired with, and puts them in the order of their new scores. An example
 * that several queries brought is scored once for each pair, and stands in the result as often as it was brought.
 */
export async function rescore(
  pool: readonly Chosen[],
  scorer: Rescorer,
  pairing: (candidate: Chosen) => readonly number[],
  { aggregate, before }: Rescoring
): Promise<Chosen[]> {
  const wanted = pool.map(pairing)
  const known = new Map<string, number>()
  const open = new Map<string, Pair>()
  pool.forEach(({ id }, at) => {
    for (const query of wanted[at]!) open.set(`${query} ${id}`, { query, id })
  })
  const pairs = [...open]
  for (let from = 0; from < pairs.length; from += pairsAtOnce) {
    await before(from, pairs.length)
    const block = pairs.slice(from, from + pairsAtOnce)
    const scores = await scorer.score(block.map(([, pair]) => pair))
    block.forEach(([key], at) => known.set(key, scores[at]!))
  }
  return pool
    .map((candidate, at) => ({
      ...candidate,
      score: combine(
        wanted[at]!.map((query) => known.get(`${query} ${candidate.id}`)!),
        aggregate
      )
    }))
    .sort(byScore)
}

/**
 * Which queries a candidate is scored for. `own`: the one that brought it; of what no query brought, all. `nearest`: the
 * queries that find it nearest by the scores of the stage that brought it.
 */
export async function pairingOf(
  { pairing, nearest }: Pick<RerankSettings, 'pairing' | 'nearest'>,
  pool: readonly Chosen[],
  queries: number,
  ranker: Ranker
): Promise<(candidate: Chosen) => readonly number[]> {
  const all = Array.from({ length: queries }, (_, query) => query)
  if (pairing === 'own') return ({ query }) => (query === null ? all : [query])
  if (pairing === 'all' || nearest >= queries) return () => all
  const ids = [...new Set(pool.map(({ id }) => id))]
  const nearness = await ranker.nearness?.(ids)
  if (nearness === undefined) return () => all
  const places = new Map(ids.map((id, place) => [id, place]))
  return ({ id }) => {
    const place = places.get(id)!
    const of = (query: number) => nearness[query * ids.length + place]!
    return all.toSorted((a, b) => of(b) - of(a) || a - b).slice(0, nearest)
  }
}

function combine(scores: readonly number[], aggregate: RerankSettings['aggregate']): number {
  if (aggregate === 'max') return Math.max(...scores)
  return scores.reduce((sum, score) => sum + score, 0) / scores.length
}
