import { Random } from '../../../src/main/random/random.ts'
import { testTable, type TablePair } from '../../../src/main/evaluation/statistics/table-tests.ts'
import type { BenchResult } from '../../suite.ts'
import { aimOf, nameOf, type Cell } from './cells.ts'
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
  const pairs: TablePair[] = Array.from({ length: world.tuned + 1 }, (_, column) =>
    Array.from({ length: column }, (__, against) => ({ column, against, planned: false }))
  ).flat()
  const tuned = [false, ...Array.from({ length: world.tuned }, () => true)]
  const truth = (column: number): number => (column === 0 ? 0 : (world.effects[column - 1] ?? 0))
  const count: AlarmCount = { tables, alarms: 0, intervals: 0, held: 0, claims: 0 }
  for (let at = 0; at < tables; at++) {
    const tests = testTable(drawTable(world, random), tuned, pairs, { seed: random.bits(), draws })
    // Tests that speak of these query sets only make no claim about the truth behind them.
    const claiming = tests.filter((test) => world.roundDeviation === 0 || test.scope === 'any-query-sets')
    if (claiming.length > 0) count.claims++
    const holds = claiming.map(({ pair, interval }) => {
      const difference = truth(pair.column) - truth(pair.against)
      return interval[0] <= difference && difference <= interval[1]
    })
    if (holds.includes(false)) count.alarms++
    count.held += holds.filter(Boolean).length
    count.intervals += holds.length
  }
  return count
}

export function reportAlarms({ world }: Cell, count: AlarmCount): BenchResult {
  const rate = count.alarms / count.tables
  const { most, least, why } = aimOf(world)
  const allowance = 2.5 * Math.sqrt((0.05 * 0.95) / count.tables)
  const single = (100 * count.held) / Math.max(1, count.intervals)
  const high = most / 100 + allowance
  const low = least / 100 - allowance
  return {
    name: `${world.effects.length > 0 ? 'tables with an interval that misses the truth' : 'tables with a false verdict'}: ${nameOf(world)}`,
    value: 100 * rate,
    unit: '%',
    aim: why,
    holds: count.claims === 0 || (rate <= high && rate >= low),
    detail: `${count.tables} tables; single intervals hold ${single.toFixed(1)} %${count.claims === 0 ? '; no claim about other query sets' : ''}`
  }
}
