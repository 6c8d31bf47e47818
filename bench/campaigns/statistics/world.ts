import { Random } from '../../../src/main/contract/random.ts'
import type { MetricName } from '../../../src/main/contract/data.ts'
import { metrics, type AnsweredRow } from '../../../src/main/evaluation/metrics/metrics.ts'
import { scoreItems } from '../../../src/main/evaluation/statistics/pseudo-values.ts'
import type { TableTarget } from '../../../src/main/evaluation/statistics/table-tests.ts'

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
  const rows = items * variants
  const hard = uniforms(items, random)
  const clusterOf = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / variants))
  const truth = drawTruth(world.metric, rows, random)
  const columns = Array.from({ length: tuned + 1 }, (_, column) => {
    const ofColumn = uniforms(items, random)
    const deviation = typeof roundDeviation === 'number' ? roundDeviation : (roundDeviation[column - 1] ?? 0)
    return Array.from({ length: column === 0 ? 1 : rounds }, (__, round) => {
      const luck = column === 0 ? 0 : deviation * random.normal()
      const chance = Math.min(1, Math.max(0, base + ((column === 0 ? 0 : (effects[column - 1] ?? 0)) + luck) / 100))
      const right = drawRight(world, clusterOf, hard, ofColumn, chance, random)
      const scored = score(world.metric, truth, right, clusterOf, items, random)
      return scored === null ? [] : [{ round, shared: false, scored }]
    }).flat()
  })
  return { rows, items, columns }
}

/** Every row is right with the same chance; what it has in common with other columns, rounds and variants is in `hard`. */
function drawRight(
  { alike, steady }: World,
  clusterOf: Int32Array,
  hard: Float64Array,
  ofColumn: Float64Array,
  chance: number,
  random: Random
): Uint8Array {
  return Uint8Array.from(clusterOf, (item) => {
    const source = random.uniform()
    const place = source < alike ? hard[item]! : source < alike + steady ? ofColumn[item]! : random.uniform()
    return place < chance ? 1 : 0
  })
}

const labels = ['yes', 'no', 'maybe'] as const
const words = ['the', 'old', 'house', 'by', 'a', 'wide', 'river', 'stood', 'empty', 'for', 'many', 'years']

function drawTruth(metric: MetricName, rows: number, random: Random): readonly string[] {
  if (metric === 'em') return []
  return Array.from({ length: rows }, () => {
    if (metric === 'pearson') return String(random.normal())
    if (metric === 'bleu' || metric === 'rouge-l') return random.sample(words, 8).join(' ')
    // Unequal labels: the rare one counts as much in macro-F1.
    const drawn = random.uniform()
    return drawn < 0.5 ? labels[0] : drawn < 0.85 ? labels[1] : labels[2]
  })
}

function score(
  metric: MetricName,
  truth: readonly string[],
  right: Uint8Array,
  clusterOf: Int32Array,
  items: number,
  random: Random
) {
  if (metric === 'em') {
    const values = new Float64Array(2 * right.length)
    for (let row = 0; row < right.length; row++) {
      values[2 * row] = right[row]!
      values[2 * row + 1] = 1
    }
    return scoreItems(metrics.em, { width: 2, values }, clusterOf, items)
  }
  const answered = truth.map((reference, row): AnsweredRow => ({
    output: right[row] ? reference : wrong(metric, reference, random),
    references: [reference]
  }))
  return scoreItems(metrics[metric], metrics[metric].statistics(answered), clusterOf, items)
}

/** A wrong answer is another label, a text of which half is right, or a number that has little to do with the true one. */
function wrong(metric: MetricName, reference: string, random: Random): string {
  if (metric === 'pearson') return String(random.normal())
  if (metric === 'bleu' || metric === 'rouge-l')
    return reference
      .split(' ')
      .map((word) => (random.chance(0.5) ? word : random.pick(words)))
      .join(' ')
  return random.pick(labels.filter((label) => label !== reference))
}

function uniforms(count: number, random: Random): Float64Array {
  return Float64Array.from({ length: count }, () => random.uniform())
}
