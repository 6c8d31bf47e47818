import { meanOrZero } from '../../sums/sums.ts'
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

/** A candidate. */
interface Row {
  task: string
  delta: number
  /** Characters of its input. */
  length: number
  /** Similarity to the queries of its set, and to those of every mined task. */
  own: number
  to: Float64Array
}

/** What the rows of one group come to. */
interface Bundle {
  group: string
  rows: readonly Row[]
  tasks: ReadonlySet<string>
  /** Of the similarity to the set's queries. */
  features: readonly [mean: number, least: number, spread: number]
  length: number
  helped: 0 | 1
  /** Mean similarity to the queries of every mined task, no row against its own task; null where it has no other. */
  to: readonly (number | null)[]
}

interface Seen {
  task: string
  group: string
  length: number
  bundles: readonly Bundle[]
}

/** Query sets with how similar their candidates are to their own queries, and to those of every mined task (TF-IDF, cosine). */
export class HurtCases {
  readonly tasks: readonly string[]
  readonly #sets: readonly Seen[]
  readonly #groupOf: ReadonlyMap<string, string>

  /** `inputsOf`: of rows of the data, in the order of their ids. */
  constructor(all: readonly MinedSet[], inputsOf: (ids: readonly number[]) => readonly string[]) {
    const step = Math.max(1, all.length / mostSets)
    const sets = Array.from({ length: Math.min(all.length, mostSets) }, (_, at) => all[Math.floor(at * step)]!)
    this.#groupOf = new Map(sets.map(({ task, group }) => [task, group]))
    this.tasks = [...this.#groupOf.keys()]
    const ids = [...new Set(sets.flatMap((set) => [...set.queryIds, ...set.candidates.map(({ id }) => id)]))]
    const texts = new Map(inputsOf(ids).map((input, at) => [ids[at]!, input.slice(0, mostCharacters)]))
    const text = (id: number): string => texts.get(id)!
    const vectorOf = weighting([...texts.values()])
    const centres = sets.map(({ queryIds }) => centre(queryIds.map((id) => vectorOf(text(id)))))
    const centreOfTask = this.tasks.map((task) => centre(centres.filter((_, at) => sets[at]!.task === task)))
    this.#sets = sets.map(({ task, group, queryIds, candidates }, at) => {
      const bundles = [...Map.groupBy(candidates, (one) => one.group)].map(([name, rows]) =>
        this.#bundle(
          name,
          rows.map(({ id, task, delta }): Row => {
            const vector = vectorOf(text(id))
            const to = Float64Array.from(centreOfTask, (one) => dot(vector, one))
            return { task, delta, length: text(id).length, own: dot(vector, centres[at]!), to }
          })
        )
      )
      return { task, group, length: meanOrZero(queryIds.map((id) => text(id).length)), bundles }
    })
  }

  /** By group of which query sets were mined: all of its tasks, those that are candidates alone as well. */
  groups(): ReadonlyMap<string, ReadonlySet<string>> {
    const groups = new Map(this.#sets.map(({ group }) => [group, new Set<string>()]))
    for (const { task, group, bundles } of this.#sets) {
      groups.get(group)!.add(task)
      for (const bundle of bundles) for (const name of bundle.tasks) groups.get(bundle.group)?.add(name)
    }
    return groups
  }

  /**
   * The cases as if these tasks were not there: without their sets, their rows among the candidates, and their queries to compare with.
   * Without kin each target is of a new kind: nothing of its own group is a candidate or compared with.
   */
  without(hidden: ReadonlySet<string>, { kin = true } = {}): HurtCase[] {
    return this.#sets.flatMap((set) => {
      if (hidden.has(set.task)) return []
      const compared = this.tasks.map(
        (task) => task !== set.task && !hidden.has(task) && (kin || this.#groupOf.get(task) !== set.group)
      )
      return set.bundles.flatMap((bundle): HurtCase[] => {
        if (!kin && bundle.group === set.group) return []
        const whole = [...bundle.tasks].every((task) => !hidden.has(task))
        const left = bundle.rows.filter(({ task }) => !hidden.has(task))
        if (left.length === 0) return []
        const seen = whole ? bundle : this.#bundle(bundle.group, left)
        const others = seen.to.flatMap((value, at) => (value === null || !compared[at] ? [] : [value]))
        const [near] = seen.features
        const nearer = others.length < 2 ? 0 : (near - meanOrZero(others)) / Math.max(leastSpread, deviation(others))
        const longer = Math.abs(Math.log((1 + seen.length) / (1 + set.length)))
        return [{ task: set.task, features: [...seen.features, nearer, longer], helped: seen.helped }]
      })
    })
  }

  #bundle(group: string, rows: readonly Row[]): Bundle {
    const own = rows.map((row) => row.own)
    return {
      ...{ group, rows, tasks: new Set(rows.map(({ task }) => task)) },
      features: [meanOrZero(own), Math.min(...own), deviation(own)],
      length: meanOrZero(rows.map(({ length }) => length)),
      helped: meanOrZero(rows.map(({ delta }) => delta)) < 0 ? 1 : 0,
      to: this.tasks.map((task, at) => {
        const compared = rows.filter((row) => row.task !== task)
        return compared.length === 0 ? null : meanOrZero(compared.map(({ to }) => to[at]!))
      })
    }
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
  const middle = meanOrZero(values)
  return Math.sqrt(meanOrZero(values.map((value) => (value - middle) ** 2)))
}
