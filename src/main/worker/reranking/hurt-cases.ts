import { mean } from '../../evaluation/ranking.ts'
import type { MinedSet } from './mined-set.ts'

/**
 * Upstream tasks as if they were new targets. A case is a query set with those of its candidates that come from one group of tasks: would
 * tuning on them help? What is known of a case is known before any tuning and of a new target too: it is read from inputs, never
 * from the target's answers, nor from what group a target is of. How many of the candidates come from a group does not count: the task's
 * own rows are no candidates, so that its group has fewer, which a new target's has not.
 */
export interface HurtCase {
  /** Of the query set. */
  task: string
  features: readonly number[]
  /** 1: on average the candidates lower the loss of the task's labelled rows. */
  helped: 0 | 1
}

/** Sets that are looked at, and characters of a text: enough to tell, and done in seconds. */
const mostSets = 500
const mostCharacters = 1000
/** Similarities that differ by less are the same: no z-score is made of less spread. */
const leastSpread = 0.01

type Vector = ReadonlyMap<string, number>

interface Seen {
  task: string
  candidates: { task: string; group: string; delta: number; length: number; own: number; to: Float64Array }[]
  length: number
}

/** Query sets with how similar their candidates are to their own queries, and to those of every mined task (TF-IDF, cosine). */
export class HurtCases {
  readonly tasks: readonly string[]
  readonly #sets: readonly Seen[]

  /** `inputsOf`: of rows of the data, in the order of their ids. */
  constructor(all: readonly MinedSet[], inputsOf: (ids: readonly number[]) => readonly string[]) {
    const step = Math.max(1, all.length / mostSets)
    const sets = Array.from({ length: Math.min(all.length, mostSets) }, (_, at) => all[Math.floor(at * step)]!)
    this.tasks = [...new Set(sets.map(({ task }) => task))]
    const ids = [...new Set(sets.flatMap((set) => [...set.queryIds, ...set.candidates.map(({ id }) => id)]))]
    const texts = new Map(inputsOf(ids).map((input, at) => [ids[at]!, input.slice(0, mostCharacters)]))
    const text = (id: number): string => texts.get(id)!
    const vectorOf = weighting([...texts.values()])
    const centres = sets.map(({ queryIds }) => centre(queryIds.map((id) => vectorOf(text(id)))))
    const centreOfTask = this.tasks.map((task) => centre(centres.filter((_, at) => sets[at]!.task === task)))
    this.#sets = sets.map(({ task, queryIds, candidates }, at) => ({
      task,
      length: mean(queryIds.map((id) => text(id).length)),
      candidates: candidates.map(({ id, task, group, delta }) => {
        const vector = vectorOf(text(id))
        const to = Float64Array.from(centreOfTask, (one) => dot(vector, one))
        const own = dot(vector, centres[at]!)
        return { task, group, delta, length: text(id).length, own, to }
      })
    }))
  }

  /** The cases as if this task were not there: without its sets, its rows among the candidates, and its queries to compare with. */
  without(hidden: string | null): HurtCase[] {
    return this.#sets.flatMap(({ task, length, candidates }) => {
      if (task === hidden) return []
      const seen = candidates.filter((one) => one.task !== hidden)
      return [...Map.groupBy(seen, ({ group }) => group).values()].map((rows): HurtCase => {
        const own = rows.map((one) => one.own)
        const features = [
          mean(own),
          Math.min(...own),
          deviation(own),
          this.#nearerThanOthers(rows, [task, hidden]),
          Math.abs(Math.log((1 + mean(rows.map((one) => one.length))) / (1 + length)))
        ]
        return { task, features, helped: mean(rows.map(({ delta }) => delta)) < 0 ? 1 : 0 }
      })
    })
  }

  /** z-score of the similarity to the own queries against that to the queries of other tasks, no row against its own task. */
  #nearerThanOthers(rows: Seen['candidates'], left: readonly (string | null)[]): number {
    const others = this.tasks.flatMap((task, at) => {
      const compared = left.includes(task) ? [] : rows.filter((one) => one.task !== task)
      return compared.length === 0 ? [] : [mean(compared.map(({ to }) => to[at]!))]
    })
    if (others.length < 2) return 0
    return (mean(rows.map(({ own }) => own)) - mean(others)) / Math.max(leastSpread, deviation(others))
  }
}

/** Vectors of length 1: words count by how often they stand there and how rare they are among the inputs of the mining. */
function weighting(texts: readonly string[]): (input: string) => Vector {
  const within = new Map<string, number>()
  for (const text of texts) for (const word of new Set(wordsOf(text))) within.set(word, (within.get(word) ?? 0) + 1)
  return (input) => {
    const counts = new Map<string, number>()
    for (const word of wordsOf(input)) counts.set(word, (counts.get(word) ?? 0) + 1)
    let squares = 0
    for (const [word, count] of counts) {
      const weight = (1 + Math.log(count)) * Math.log(1 + texts.length / within.get(word)!)
      counts.set(word, weight)
      squares += weight ** 2
    }
    for (const [word, weight] of counts) counts.set(word, weight / Math.sqrt(squares))
    return counts
  }
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}

function centre(vectors: readonly Vector[]): Vector {
  const sum = new Map<string, number>()
  for (const vector of vectors)
    for (const [word, weight] of vector) sum.set(word, (sum.get(word) ?? 0) + weight / vectors.length)
  return sum
}

function dot(a: Vector, b: Vector): number {
  let sum = 0
  for (const [word, weight] of a) sum += weight * (b.get(word) ?? 0)
  return sum
}

function deviation(values: readonly number[]): number {
  const middle = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)))
}
