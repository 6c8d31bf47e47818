import type { Engine } from '../../engine/engine.ts'
import { applyHead, type Head, type HeadList } from '../../retrieval/head.ts'
import type { OpenIndex } from '../../retrieval/open-index.ts'
import type { RankedSet } from './pairs-file.ts'

/** What stored vectors say of the candidates of query sets. Rows of an index are the dataset's, so no encoder runs. */

type Scorer = Pick<Engine, 'scorePairs'>

/** The vectors of rows, row-major. */
function vectorsOf(index: Pick<OpenIndex, 'read'>, ids: readonly number[]): Float32Array {
  return index.read(Uint32Array.from(ids, (id) => id - 1))
}

/** A list whose targets are the useful candidates, all alike. */
export function listOf(index: Pick<OpenIndex, 'read'>, { queryIds, labelled }: RankedSet): HeadList {
  const useful = labelled.filter(({ label }) => label === 1).length
  const share = labelled.map(({ label }) => label / useful)
  return {
    queries: vectorsOf(index, queryIds),
    candidates: vectorsOf(
      index,
      labelled.map(({ id }) => id)
    ),
    targets: Float32Array.from(queryIds.flatMap(() => share))
  }
}

/**
 * A list whose targets are a reranker's scores for all candidates that were judged: of each query the softmax of its logits. The
 * labels take no part, so that what the reranker has generalised is passed on.
 */
export async function distilledList(
  index: Pick<OpenIndex, 'read'>,
  { queries, queryIds, judged }: RankedSet,
  reranker: Scorer,
  scoring: { maxTokens: number; signal: AbortSignal }
): Promise<HeadList> {
  const pairs = queries.flatMap((query) => judged.map(({ text }) => [query, text] as const))
  const scores = await reranker.scorePairs(pairs, { ...scoring, score: 'logit' })
  const count = judged.length
  const targets = queryIds.flatMap((_, at) => softmax(scores.slice(at * count, (at + 1) * count)))
  return {
    queries: vectorsOf(index, queryIds),
    candidates: vectorsOf(
      index,
      judged.map(({ id }) => id)
    ),
    targets: Float32Array.from(targets)
  }
}

/** Scores pairs of texts of these sets by the vectors under a head, so that it is measured as a reranker is. */
export function headScorer(index: Pick<OpenIndex, 'read'>, head: Head, sets: readonly RankedSet[]): Scorer {
  const ids = new Map<string, number>()
  for (const { queries, queryIds, labelled, judged } of sets) {
    queries.forEach((text, at) => ids.set(text, queryIds[at]!))
    for (const { text, id } of [...labelled, ...judged]) ids.set(text, id)
  }
  const known = [...ids]
  const out = applyHead(
    head,
    vectorsOf(
      index,
      known.map(([, id]) => id)
    )
  )
  const placeOf = new Map(known.map(([text], place) => [text, place * head.outputs]))
  return {
    scorePairs: (pairs) =>
      Promise.resolve(
        pairs.map(([first, second]) => {
          const [a, b] = [placeOf.get(first)!, placeOf.get(second)!]
          let sum = 0
          for (let place = 0; place < head.outputs; place++) sum += out[a + place]! * out[b + place]!
          return sum
        })
      )
  }
}

function softmax(scores: readonly number[]): number[] {
  const largest = Math.max(...scores)
  const all = scores.map((score) => Math.exp(score - largest))
  const sum = all.reduce((a, b) => a + b, 0)
  return all.map((value) => value / sum)
}
