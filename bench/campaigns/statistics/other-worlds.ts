import { metrics } from '../../../src/main/evaluation/metrics/metrics.ts'
import { scoreItems } from '../../../src/main/evaluation/statistics/pseudo-values.ts'
import type { TableTarget } from '../../../src/main/evaluation/statistics/table-tests.ts'
import type { Random } from '../../../src/main/random/random.ts'
import { uniforms } from './world.ts'

/**
 * Worlds that the tests' assumptions do not describe: query sets whose luck is skewed, heavy-tailed or a rare collapse, items of
 * very unequal size, targets that differ, luck that strategies share. Exact match; half of the answers are right.
 */
export interface OtherWorld {
  /** As the documents' table says it. */
  name: string
  rounds: number
  targets: number
  /** Which columns are tuned, once a round; the others answer once. */
  tuned: readonly boolean[]
  items(target: number): number
  /** Rows of an item. */
  variants(item: number): number
  roundsOf(column: number): number
  /** What a query set adds to a tuned column's score, in points; 0 on average. */
  luck(random: Random): number
  /** Standard deviation of what a query set adds to all tuned columns alike, in points. */
  sharedLuck: number
  /** One tuned run of a round answers all targets, with the same luck. */
  oneRunForAll: boolean
  /** Share of answers that hang on the item and the query set together. */
  interaction: number
  /** Standard deviation of the true effects of tuned columns between targets, in points; 0 on average. */
  effectDeviation: number
  /** In how many of 100 tables an interval may miss the truth, and why. */
  aim: { most: number; why: string }
}

export function otherName({ name, rounds }: OtherWorld): string {
  return `${name}, ${rounds} rounds`
}

export interface DrawnTable {
  targets: TableTarget[]
  /** What each column truly adds on each target, in points. */
  effects: readonly (readonly number[])[]
}

const usual = {
  targets: 2,
  tuned: [false, true, true],
  items: () => 100,
  variants: () => 1,
  luck: (random: Random) => 3 * random.normal(),
  sharedLuck: 0,
  oneRunForAll: false,
  interaction: 0,
  effectDeviation: 0,
  aim: { most: 6, why: 'at most 6 %: a world that the tests do not assume' }
}

/** Shares of answers that hang on the item alone, and on the item and the column. */
const ofItem = 0.35
const ofColumn = 0.25

export function otherWorlds(): OtherWorld[] {
  return [3, 5, 10].flatMap((rounds) => {
    const world = (name: string, changes: Partial<OtherWorld>): OtherWorld => ({
      ...usual,
      ...{ name, rounds, roundsOf: () => rounds },
      ...changes
    })
    return [
      world('luck skewed (exponential, SD 4)', { luck: (random) => 4 * exponential(random) }),
      world('the same with 1,000 items', { items: () => 1000, luck: (random) => 4 * exponential(random) }),
      world('luck heavy-tailed (t of 3 degrees, SD 4), 300 items', {
        items: () => 300,
        luck: (random) => 4 * heavyTailed(random)
      }),
      world('one query set in ten costs 30 points, 300 items', {
        items: () => 300,
        luck: (random) => (random.uniform() < 0.1 ? -27 : 3),
        aim: { most: 8, why: 'at most 8 %: what befalls one query set in ten is seldom among a few' }
      }),
      world('items of 1, 1, 1, 2 and 20 rows', { variants: (item) => [1, 1, 1, 2, 20][item % 5]! }),
      world('targets of 12 and 1,000 items', { items: (target) => (target === 0 ? 12 : 1000) }),
      world('luck shared by the strategies (SD 4)', { sharedLuck: 4, luck: (random) => random.normal() }),
      world('answers hang on item and query set together', { interaction: 0.3 }),
      world('three strategies, no zero-shot, 300 items', { tuned: [true, true, true], items: () => 300 }),
      world('one target, six strategies, 200 items', {
        targets: 1,
        tuned: [false, true, true, true, true, true, true],
        items: () => 200
      }),
      world('eight targets of 60 items, SD 5', { targets: 8, items: () => 60, luck: (random) => 5 * random.normal() }),
      world('one strategy has three rounds only, 300 items', {
        items: () => 300,
        roundsOf: (column) => (column === 1 ? 3 : rounds)
      }),
      world('five targets with effects of their own (SD 6), 300 items', {
        targets: 5,
        items: () => 300,
        effectDeviation: 6
      }),
      world('one tuning answers four targets, 200 items, SD 4', {
        targets: 4,
        items: () => 200,
        oneRunForAll: true,
        luck: (random) => 4 * random.normal()
      })
    ]
  })
}

/** Draws a table of the world: items, query sets, effects and answers are all new. */
export function drawOther(world: OtherWorld, random: Random): DrawnTable {
  const lucks = luckOfColumns(world, random)
  const effects: number[][] = []
  const targets = Array.from({ length: world.targets }, (_, target) => {
    const ofTarget = world.tuned.map((tuned) => (tuned ? world.effectDeviation * random.normal() : 0))
    effects.push(ofTarget)
    return drawTarget(world, target, ofTarget, world.oneRunForAll ? lucks : luckOfColumns(world, random), random)
  })
  return { targets, effects }
}

function luckOfColumns(world: OtherWorld, random: Random): number[][] {
  const shared = Array.from({ length: world.rounds }, () => world.sharedLuck * random.normal())
  return world.tuned.map((tuned, column) =>
    tuned
      ? Array.from({ length: world.roundsOf(column) }, (_, round) => world.luck(random) + (shared[round] ?? 0))
      : [0]
  )
}

function drawTarget(
  world: OtherWorld,
  target: number,
  effects: readonly number[],
  lucks: readonly (readonly number[])[],
  random: Random
): TableTarget {
  const items = world.items(target)
  const clusterOf = Int32Array.from(
    Array.from({ length: items }, (_, item) => Array.from({ length: world.variants(item) }, () => item)).flat()
  )
  const hard = uniforms(items, random)
  const columns = lucks.map((rounds, column) => {
    const own = uniforms(items, random)
    return rounds
      .map((luck, round) => {
        const chance = Math.min(1, Math.max(0, 0.5 + (effects[column]! + luck) / 100))
        const together = uniforms(world.interaction > 0 ? items : 0, random)
        const values = new Float64Array(2 * clusterOf.length)
        for (const [row, item] of clusterOf.entries()) {
          const at = random.uniform()
          const place =
            at < ofItem
              ? hard[item]!
              : at < ofItem + ofColumn
                ? own[item]!
                : at < ofItem + ofColumn + world.interaction
                  ? together[item]!
                  : random.uniform()
          values[2 * row] = place < chance ? 1 : 0
          values[2 * row + 1] = 1
        }
        const scored = scoreItems(metrics.em, { width: 2, values }, clusterOf, items)
        return scored === null ? [] : [{ round, shared: world.oneRunForAll && world.tuned[column]!, scored }]
      })
      .flat()
  })
  return { rows: clusterOf.length, items, columns }
}

/** Mean 0, variance 1, a long tail upwards. */
function exponential(random: Random): number {
  return -Math.log(1 - random.uniform()) - 1
}

/** Student's t of three degrees of freedom, scaled to variance 1. */
function heavyTailed(random: Random): number {
  const squares = [random.normal(), random.normal(), random.normal()].reduce((sum, one) => sum + one * one, 0)
  return random.normal() / Math.sqrt(squares)
}
