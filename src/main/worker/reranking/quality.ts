import type { RerankerCard, RerankerQuality } from '../../contract/reranking.ts'
import type { Engine } from '../../engine/engine.ts'
import { accuracyAtMiddle, areaUnderCurve, kendallTau, ndcg } from '../../evaluation/ranking.ts'
import { meanOrZero } from '../../sums/sums.ts'
import type { RankedSet } from './pairs-file.ts'

type Scorer = Pick<Engine, 'scorePairs'>

interface Scoring {
  maxTokens: number
  signal: AbortSignal
  /** Awaited between sets. */
  paused?: () => Promise<void>
}

/** A candidate's score is the mean logit over all queries of its set, as at query time. */
export async function scoresOf(
  engine: Scorer,
  queries: readonly string[],
  texts: readonly string[],
  { maxTokens, signal }: Scoring
): Promise<number[]> {
  const pairs = texts.flatMap((text) => queries.map((query) => [query, text] as const))
  const scores = await engine.scorePairs(pairs, { maxTokens, score: 'logit', signal })
  return texts.map((_, at) => meanOrZero(scores.slice(at * queries.length, (at + 1) * queries.length)))
}

/** Mean AUC over tasks of the labelled candidates alone: what a check during training looks at. */
export async function areaOf(engine: Scorer, sets: readonly RankedSet[], scoring: Scoring): Promise<number> {
  const found: { task: string; auc: number }[] = []
  for (const { task, queries, labelled } of sets) {
    await scoring.paused?.()
    const scores = await scoresOf(
      engine,
      queries,
      labelled.map(({ text }) => text),
      scoring
    )
    const auc = areaUnderCurve(
      scores,
      labelled.map(({ label }) => label)
    )
    if (auc !== null) found.push({ task, auc })
  }
  return meanOrZero(
    [...Map.groupBy(found, ({ task }) => task).values()].map((own) => meanOrZero(own.map(({ auc }) => auc)))
  )
}

interface Row extends Omit<RerankerQuality, 'sets'> {
  task: string
  group: string
}

/** Of the useful ones, how many are among as many first places. */
function firstPlaces(
  scores: readonly number[],
  judged: RankedSet['judged'],
  labelled: RankedSet['labelled']
): number | null {
  const useful = new Set(labelled.filter(({ label }) => label === 1).map(({ id }) => id))
  const first = judged
    .map(({ id }, at) => ({ id, score: scores[at]! }))
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .slice(0, useful.size)
  return useful.size === 0 ? null : first.filter(({ id }) => useful.has(id)).length / useful.size
}

/** Another group's set; with `place` the sets take turns. */
function setOfOtherGroup(sets: readonly RankedSet[], group: string, place: number): RankedSet | null {
  const others = sets.filter((one) => one.group !== group)
  return others.length === 0 ? null : others[place % others.length]!
}

export interface Orders {
  quality: RerankerQuality
  byTask: RerankerCard['byTask']
  /** Scores of all judged candidates, by set. */
  scores: ReadonlyMap<string, readonly number[]>
}

/** Everything that is said of a reranker; the mean of tasks, each the mean of its sets. */
export async function measureOrders(engine: Scorer, sets: readonly RankedSet[], scoring: Scoring): Promise<Orders> {
  const rows: Row[] = []
  const scores = new Map<string, readonly number[]>()
  for (const { key, task, group, queries, labelled, judged } of sets) {
    await scoring.paused?.()
    const all = await scoresOf(
      engine,
      queries,
      judged.map(({ text }) => text),
      scoring
    )
    scores.set(key, all)
    const byText = new Map(judged.map(({ text }, index) => [text, all[index]!]))
    const own = labelled.map(({ text }) => byText.get(text)!)
    const labels = labelled.map(({ label }) => label)
    const auc = areaUnderCurve(own, labels)
    const gained = ndcg(
      all,
      judged.map(({ gain }) => gain)
    )
    if (auc === null || gained === null) continue
    const texts = labelled.map(({ text }) => text)
    const other = setOfOtherGroup(sets, group, rows.length)
    const exchanged = other && areaUnderCurve(await scoresOf(engine, other.queries, texts, scoring), labels)
    rows.push({
      task,
      group,
      auc,
      accuracy: accuracyAtMiddle(own, labels),
      ndcg: gained,
      recall: firstPlaces(all, judged, labelled),
      otherQueriesAuc: exchanged
    })
  }
  const byTask = [...Map.groupBy(rows, ({ task }) => task)].map(([task, own]) => ({
    task,
    group: own[0]!.group,
    ...meansOf(own),
    sets: own.length
  }))
  return { quality: { ...meansOf(byTask), sets: rows.length }, byTask, scores }
}

/** Kendall's τ of two orders, mean over the sets. */
export function agreementOf(a: Orders['scores'], b: Orders['scores']): number | null {
  const values = [...a].flatMap(([key, scores]) => kendallTau(scores, b.get(key) ?? []) ?? [])
  return values.length === 0 ? null : meanOrZero(values)
}

function meansOf(rows: readonly Omit<RerankerQuality, 'sets'>[]) {
  const exchanged = rows.flatMap(({ otherQueriesAuc }) => otherQueriesAuc ?? [])
  const found = rows.flatMap(({ recall }) => recall ?? [])
  return {
    auc: meanOrZero(rows.map(({ auc }) => auc)),
    accuracy: meanOrZero(rows.map(({ accuracy }) => accuracy)),
    ndcg: meanOrZero(rows.map((row) => row.ndcg)),
    recall: found.length === 0 ? null : meanOrZero(found),
    otherQueriesAuc: exchanged.length === 0 ? null : meanOrZero(exchanged)
  }
}
