import { Random } from '../../../src/main/random/random.ts'
import type { MetricName } from '../../../src/main/contract/data.ts'
import { metrics } from '../../../src/main/evaluation/metrics/metrics.ts'
import { scoreItems, type ScoredItems } from '../../../src/main/evaluation/statistics/pseudo-values.ts'
import type { TableTarget } from '../../../src/main/evaluation/statistics/table-tests.ts'
import { answerPool, type AnswerPool } from './answer-pool.ts'

/** A made-up experiment whose true scores are known. Column 0 is zero-shot, all others are tuned once a round. */
export interface World {
  targets: number
  /** Tuned columns. */
  tuned: number
  items: number
  variants: number
  rounds: number
  /** Standard deviation of a tuned column's score between query sets, in points; one for each column where they differ. */
  roundDeviation: number | readonly number[]
  metric: MetricName
  /** Chance of a right answer. */
  base: number
  /** How much more a tuned column gets right, in points; by column. */
  effects: readonly number[]
  /** How often columns answer a row alike, because the row is easy or hard: near 1 nearly all answers are ties. */
  alike: number
  /** How often a column answers a row alike in all rounds. */
  steady: number
}

export const usualWorld: World = {
  targets: 1,
  tuned: 2,
  items: 100,
  variants: 1,
  rounds: 3,
  roundDeviation: 0,
  metric: 'em',
  base: 0.5,
  effects: [],
  alike: 0.35,
  steady: 0.3
}

/** Draws a table of the world: items, query sets and answers are all new. */
export function drawTable(world: World, random: Random): TableTarget[] {
  return Array.from({ length: world.targets }, () => drawTarget(world, random))
}

function drawTarget(world: World, random: Random): TableTarget {
  const { items, variants, rounds, tuned, roundDeviation, base, effects } = world
  const hard = uniforms(items, random)
  const scoring =
    world.metric === 'em' ? meanScoring(world, random) : poolScoring(answerPool(world.metric), world, random)
  const columns = Array.from({ length: tuned + 1 }, (_, column) => {
    const ofColumn = uniforms(items, random)
    const deviation = typeof roundDeviation === 'number' ? roundDeviation : (roundDeviation[column - 1] ?? 0)
    return Array.from({ length: column === 0 ? 1 : rounds }, (__, round) => {
      const luck = column === 0 ? 0 : deviation * random.normal()
      const chance = Math.min(1, Math.max(0, base + ((column === 0 ? 0 : (effects[column - 1] ?? 0)) + luck) / 100))
      const scored = scoring(kindsOf(hard, ofColumn, chance), chancesOf(world, chance))
      return scored === null ? [] : [{ round, shared: false, scored }]
    }).flat()
  })
  return { rows: items * variants, items, columns }
}

/**
 * What every item has in common over columns (`hard`) and over a column's rounds (`ofColumn`): 0 neither says right, 1 only
 * the column's, 2 only the item's, 3 both.
 */
function kindsOf(hard: Float64Array, ofColumn: Float64Array, chance: number): Uint8Array {
  const kinds = new Uint8Array(hard.length)
  for (let item = 0; item < hard.length; item++)
    kinds[item] = (hard[item]! < chance ? 2 : 0) + (ofColumn[item]! < chance ? 1 : 0)
  return kinds
}

/** The chance of a row to be right, by its item's kind: it follows the item, the column, or neither. */
function chancesOf({ alike, steady }: World, chance: number): readonly number[] {
  return [0, 1, 2, 3].map((kind) => (kind & 2 ? alike : 0) + (kind & 1 ? steady : 0) + (1 - alike - steady) * chance)
}

type Scoring = (kinds: Uint8Array, chances: readonly number[]) => ScoredItems | null

/** Shares of right answers, counted item by item: how many of its variants are right is one draw. */
function meanScoring({ items, variants }: World, random: Random): Scoring {
  const own = Int32Array.from({ length: items }, (_, item) => item)
  return (kinds, chances) => {
    const upTo = chances.map((chance) => binomial(variants, chance))
    const values = new Float64Array(2 * items)
    for (let item = 0; item < items; item++) {
      const place = random.bits() / 2 ** 32
      const table = upTo[kinds[item]!]!
      let right = 0
      while (right < variants && place >= table[right]!) right++
      values[2 * item] = right
      values[2 * item + 1] = variants
    }
    return scoreItems(metrics.em, { width: 2, values }, own, items)
  }
}

/** P(at most k right of n), for every k. */
function binomial(n: number, chance: number): Float64Array {
  const upTo = new Float64Array(n + 1)
  let ways = 1
  for (let k = 0, sum = 0; k <= n; k++) {
    upTo[k] = sum += ways * chance ** k * (1 - chance) ** (n - k)
    ways = (ways * (n - k)) / (k + 1)
  }
  return upTo
}

/** Figures of whole sets: every item gets a question of the pool, every row the right answer or a wrong one. */
function poolScoring(pool: AnswerPool, { metric, items, variants }: World, random: Random): Scoring {
  const rows = items * variants
  const { width } = pool
  const clusterOf = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / variants))
  const questions = Int32Array.from({ length: items }, () => random.below(pool.questions))
  return (kinds, chances) => {
    const values = new Float64Array(width * rows)
    for (let row = 0; row < rows; row++) {
      const item = clusterOf[row]!
      const right = random.bits() / 2 ** 32 < chances[kinds[item]!]!
      const answer = right ? 0 : random.between(1, pool.wrong)
      const from = (questions[item]! * (pool.wrong + 1) + answer) * width
      for (let at = 0; at < width; at++) values[row * width + at] = pool.statistics[from + at]!
    }
    return scoreItems(metrics[metric], { width, values }, clusterOf, items)
  }
}

export function uniforms(count: number, random: Random): Float64Array {
  return Float64Array.from({ length: count }, () => random.uniform())
}
