import { Random } from '../../../src/main/random/random.ts'
import { contrastOf } from '../../../src/main/evaluation/statistics/contrast.ts'
import { detectableDifferences, type Spread } from '../../../src/main/evaluation/statistics/detectable.ts'
import { testTable } from '../../../src/main/evaluation/statistics/table-tests.ts'
import type { BenchResult } from '../../suite.ts'
import { drawTable, usualWorld, type World } from './world.ts'

/** An experiment that is planned: one target, zero-shot and two tuned strategies. */
export interface PlannedCell {
  items: number
  rounds: number
  roundDeviation: number
}

export const shortPlans: readonly PlannedCell[] = [{ items: 100, rounds: 3, roundDeviation: 2 }]

export function longPlans(): PlannedCell[] {
  return [20, 100, 300, 1000].flatMap((items) =>
    [3, 5, 10].flatMap((rounds) => [0, 2, 5].map((roundDeviation) => ({ items, rounds, roundDeviation })))
  )
}

export interface PowerCount {
  tables: number
  /** Tables in which the difference was found. */
  found: number
  /** The difference, in points: the plan says that 80 % of such tables would find it. */
  promised: number
}

const pairs = [
  { column: 1, against: 0, planned: false },
  { column: 2, against: 0, planned: false },
  { column: 2, against: 1, planned: false }
]

/** A plan promises to find a difference in 80 % of tables: how often is it found when it is exactly that large? */
export function countFound(cell: PlannedCell, tables: number, part: number): PowerCount {
  const world: World = { ...usualWorld, tuned: 2, ...cell }
  const [promised] = detectableDifferences({
    targets: [new Array<number>(world.items).fill(1)],
    spreads: [spreadOf(world, cell.roundDeviation)],
    ...{ rounds: world.rounds, tuned: world.tuned, untuned: true, planned: 0 }
  })
  const random = new Random(`${planName(cell)} ${part}`)
  // Half of the difference on each side of 50 %, so that the answers vary as much as the plan reckons.
  const tried = { ...world, base: 0.5 - promised! / 200, effects: [promised!, promised!] }
  let found = 0
  for (let at = 0; at < tables; at++) {
    const [test] = testTable(drawTable(tried, random), [false, true, true], pairs, { seed: random.bits(), draws: 1000 })
    if (test!.pCorrected <= 0.05 && test!.difference > 0) found++
  }
  return { tables, found, promised: promised! }
}

export function planName({ items, rounds, roundDeviation }: PlannedCell): string {
  return `power of a planned difference: ${items} items, ${rounds} rounds, SD ${roundDeviation}`
}

export function reportPower(cell: PlannedCell, { tables, found, promised }: PowerCount): BenchResult {
  const power = found / tables
  return {
    name: planName(cell),
    value: 100 * power,
    unit: '%',
    aim: '75 to 85 %',
    holds: Math.abs(power - 0.8) <= 0.05 + 2.5 * Math.sqrt((0.8 * 0.2) / tables),
    detail: `${promised.toFixed(1)} points, ${tables} tables`
  }
}

/** How a tuned column of the world differs from the untuned one, measured on a very large table of it. */
function spreadOf(world: World, roundDeviation: number): Spread {
  const items = 20_000
  const rounds = 4
  const [target] = drawTable({ ...world, tuned: 1, items, rounds, roundDeviation: 0 }, new Random('spread'))
  const [untuned, tuned] = target!.columns
  const { itemVariance, residualVariance } = contrastOf(
    tuned!.map((run) => run.scored.values),
    tuned!.map(() => untuned![0]!.scored.values),
    tuned!.map((run) => [run.scored.score, untuned![0]!.scored.score])
  )
  const single = items * (itemVariance + (residualVariance * (rounds - 1)) / rounds)
  return {
    rowDeviation: Math.sqrt(single),
    withinItem: 0,
    betweenRounds: 1 - (items * residualVariance) / single,
    roundDeviation
  }
}
