import { mean } from '../sums/sums.ts'
import { summarise } from './summary.ts'

/** How good retrieval is where it is known what belongs together: an upstream example asks, and what shares its task is right. */

export interface JudgedList {
  /** The task, or the group, that the query comes from. */
  name: string
  /** In the order of retrieval, the query itself and its other wordings left out: is it of the same task? */
  hits: readonly boolean[]
  /** Examples of the same task that could be found. */
  relevant: number
  /** Examples that could be found, of any task. */
  candidates: number
}

/** All 0…1. */
export interface QualityFigures {
  /** Right examples among the first k, over the most that there can be: min(k, relevant). */
  recall: number
  /** One over the place of the first right one; 0 where there is none among the first k. */
  mrr: number
  /** Discounted cumulative gain (log₂) over that of the best order that there can be. */
  ndcg: number
  /** The recall to expect of a random order. */
  chance: number
}

interface QualityRow extends QualityFigures {
  name: string
  queries: number
}

export interface Quality {
  /** By name. Means over the queries of each. */
  rows: QualityRow[]
  /** Mean and standard deviation over the rows: every task counts the same. */
  mean: QualityFigures
  sd: QualityFigures
}

/** The figures of one list; null where there is nothing that could be found. */
export function judgeList({ hits, relevant, candidates }: JudgedList, k: number): QualityFigures | null {
  const most = Math.min(k, relevant)
  if (most <= 0) return null
  const first = hits.slice(0, k)
  const found = first.filter(Boolean).length
  const place = first.indexOf(true)
  const gain = (right: readonly boolean[]): number =>
    right.reduce((sum, hit, at) => sum + (hit ? 1 / Math.log2(at + 2) : 0), 0)
  return {
    recall: found / most,
    mrr: place < 0 ? 0 : 1 / (place + 1),
    ndcg: gain(first) / gain(new Array<boolean>(most).fill(true)),
    chance: (Math.min(k, candidates) * relevant) / candidates / most
  }
}

/** The figures by task, and their mean over the tasks; null where nothing could be measured. */
export function qualityOf(lists: readonly JudgedList[], k: number): Quality | null {
  const judged = lists.flatMap((list) => {
    const figures = judgeList(list, k)
    return figures === null ? [] : [{ name: list.name, ...figures }]
  })
  if (judged.length === 0) return null
  const rows = [...Map.groupBy(judged, ({ name }) => name)]
    .map(([name, own]) => ({ name, queries: own.length, ...each((key) => mean(own.map((one) => one[key]))) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const over = each((key) => summarise(rows.map((row) => row[key]))!)
  return { rows, mean: each((key) => over[key].mean), sd: each((key) => over[key].sd) }
}

function each<T>(value: (key: keyof QualityFigures) => T): Record<keyof QualityFigures, T> {
  return { recall: value('recall'), mrr: value('mrr'), ndcg: value('ndcg'), chance: value('chance') }
}
