import { Random } from '../../../src/main/random/random.ts'
import {
  testTable,
  type TablePair,
  type TestedDifference
} from '../../../src/main/evaluation/statistics/table-tests.ts'
import type { BenchResult } from '../../suite.ts'
import { aimOf, nameOf, type Aim, type Cell } from './cells.ts'
import { drawOther, otherName, type DrawnTable, type OtherWorld } from './other-worlds.ts'
import { drawTable, type World } from './world.ts'

/** What came of the tables of a cell. */
export interface AlarmCount {
  tables: number
  /** Tables of which an interval misses the truth; where nothing differs, those with a false verdict. */
  alarms: number
  intervals: number
  /** Intervals that hold the truth. */
  held: number
  /** Tables that claim anything at all about the truth behind their query sets. */
  claims: number
}

/** Draws behind the correction of a table: as exact on average as the lab's 10,000, and much faster. */
const draws = 400

/** Draws and judges tables; `part` numbers the stretches that a cell is done in, each with tables of its own. */
export function countAlarms(world: World, tables: number, part: number): AlarmCount {
  const random = new Random(`${nameOf(world)} ${part}`)
  const effects = Array.from({ length: world.targets }, () => [
    0,
    ...Array.from({ length: world.tuned }, (_, column) => world.effects[column] ?? 0)
  ])
  const tuned = [false, ...Array.from({ length: world.tuned }, () => true)]
  return count(tables, tuned, world.roundDeviation === 0, random, () => ({
    targets: drawTable(world, random),
    effects
  }))
}

/** The same of a world that the tests' assumptions do not describe. */
export function countOther(world: OtherWorld, tables: number, part: number): AlarmCount {
  const random = new Random(`${otherName(world)} ${part}`)
  return count(tables, world.tuned, false, random, () => drawOther(world, random))
}

/** @param noLuck query sets make no difference: what is said of these only is true of all */
function count(
  tables: number,
  tuned: readonly boolean[],
  noLuck: boolean,
  random: Random,
  draw: () => DrawnTable
): AlarmCount {
  const pairs: TablePair[] = tuned.flatMap((_, column) =>
    Array.from({ length: column }, (__, against) => ({ column, against, planned: false }))
  )
  const sum: AlarmCount = { tables, alarms: 0, intervals: 0, held: 0, claims: 0 }
  for (let at = 0; at < tables; at++) {
    const { targets, effects } = draw()
    const tests = testTable(targets, tuned, pairs, { seed: random.bits(), draws })
    // Tests that speak of these query sets only make no claim about the truth behind them.
    const claiming = tests.filter((test) => noLuck || test.scope === 'any-query-sets')
    if (claiming.length > 0) sum.claims++
    const holds = claiming.map((test) => {
      const difference = truthOf(test, effects)
      return test.interval[0] <= difference && difference <= test.interval[1]
    })
    if (holds.includes(false)) sum.alarms++
    sum.held += holds.filter(Boolean).length
    sum.intervals += holds.length
  }
  return sum
}

/** The true difference that a test speaks of, in points; between targets like these effects are 0 on average, or the same on all. */
function truthOf({ pair, over, target }: TestedDifference, effects: DrawnTable['effects']): number {
  const differences = effects.map((ofTarget) => ofTarget[pair.column]! - ofTarget[pair.against]!)
  if (target !== null) return differences[target]!
  const same = differences.every((difference) => difference === differences[0])
  if (over === 'targets-like-these') return same ? differences[0]! : 0
  return differences.reduce((total, one) => total + one, 0) / differences.length
}

export function reportAlarms({ world }: Cell, count: AlarmCount): BenchResult {
  const name = `${world.effects.length > 0 ? 'tables with an interval that misses the truth' : 'tables with a false verdict'}: ${nameOf(world)}`
  return reportRate(name, count, aimOf(world))
}

/** The same of a world that the tests' assumptions do not describe; care is allowed. */
export function reportOther(world: OtherWorld, count: AlarmCount): BenchResult {
  const name = `tables with an interval that misses the truth: ${otherName(world)}`
  return reportRate(name, count, { ...world.aim, least: 0 })
}

function reportRate(
  name: string,
  { alarms, tables, held, intervals, claims }: AlarmCount,
  { most, least, why }: Aim
): BenchResult {
  const rate = alarms / tables
  const allowance = 2.5 * Math.sqrt((0.05 * 0.95) / tables)
  const single = (100 * held) / Math.max(1, intervals)
  return {
    name,
    value: 100 * rate,
    unit: '%',
    aim: why,
    holds: claims === 0 || (rate <= most / 100 + allowance && rate >= least / 100 - allowance),
    detail: `${tables} tables; single intervals hold ${single.toFixed(1)} %${claims === 0 ? '; no claim about other query sets' : ''}`
  }
}
