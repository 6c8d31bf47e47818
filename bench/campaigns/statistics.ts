import { Random } from '../../src/main/contract/random.ts'
import {
  fewestItems,
  fewestRounds,
  testTable,
  type TablePair
} from '../../src/main/evaluation/statistics/table-tests.ts'
import type { BenchResult } from '../suite.ts'
import type { Campaign } from './campaign.ts'
import { powerOfPlans } from './statistics/power.ts'
import { drawTable, usualWorld, type World } from './statistics/world.ts'

/**
 * Are the verdicts as honest as they say? Tables are drawn whose truth is known, thousands of times: how often does a table
 * without any difference claim one, how often do all its intervals hold the truth at once, and does a plan find what it
 * promised to. The environment variable RECROSS_SIMULATIONS sets how many tables a cell has.
 */
export const suite: Campaign = {
  name: 'statistics',
  run(report, { short }) {
    const asked = Number(process.env['RECROSS_SIMULATIONS'] ?? 0)
    const tables = asked > 0 ? asked : short ? 120 : 2000
    for (const world of short ? shortWorlds : longWorlds()) measure(world, tables, report)
    for (const result of powerOfPlans(short, asked > 0 ? asked : short ? 60 : 1000)) report(result)
    return Promise.resolve()
  }
}

const table: World = { ...usualWorld, targets: 2, tuned: 2 }

const shortWorlds: readonly World[] = [
  { ...table, items: 5, rounds: 3 },
  { ...table, items: 20, rounds: 5, roundDeviation: 2 },
  { ...table, items: 100, rounds: 3, variants: 5 },
  { ...table, items: 300, rounds: 3, roundDeviation: 5 },
  { ...table, items: 300, rounds: 5, roundDeviation: 3, effects: [0, 8] },
  { ...table, items: 60, rounds: 3, base: 0.03 },
  { ...table, items: 60, rounds: 3, metric: 'macro-f1' }
]

function longWorlds(): World[] {
  const main = [2, 3, 5, 10].flatMap((rounds) =>
    [5, 10, 20, 100, 300, 1000].flatMap((items) =>
      [1, 5].flatMap((variants) =>
        [0, 2, 5].map((roundDeviation): World => ({ ...table, rounds, items, variants, roundDeviation }))
      )
    )
  )
  const edges = [20, 100, 300].flatMap((items) =>
    [3, 5].flatMap((rounds): World[] => [
      { ...table, items, rounds, roundDeviation: 2, base: 0.03 },
      { ...table, items, rounds, roundDeviation: 2, base: 0.97 },
      { ...table, items, rounds, alike: 0.95, steady: 0.02 },
      { ...table, items, rounds, roundDeviation: [0, 6] },
      ...(['macro-f1', 'matthews', 'pearson', 'rouge-l', 'bleu'] as const).map((metric): World => ({
        ...table,
        items,
        rounds,
        metric,
        roundDeviation: 2
      }))
    ])
  )
  const single = [3, 5].flatMap((rounds) =>
    [100, 1000].flatMap((items) =>
      [0, 2, 5].map((roundDeviation): World => ({ ...table, targets: 1, tuned: 1, rounds, items, roundDeviation }))
    )
  )
  const whole = [3, 5].flatMap((rounds) =>
    [0, 3].map((roundDeviation): World => ({ ...table, targets: 3, tuned: 4, items: 300, rounds, roundDeviation }))
  )
  const effects = [3, 5].flatMap((rounds) =>
    [100, 1000].flatMap((items) =>
      [0, 2, 5].map((roundDeviation): World => ({ ...table, rounds, items, roundDeviation, effects: [0, 8] }))
    )
  )
  return [...main, ...edges, ...single, ...whole, ...effects]
}

function measure(world: World, tables: number, report: (result: BenchResult) => void): void {
  const random = new Random(nameOf(world))
  const pairs: TablePair[] = Array.from({ length: world.tuned + 1 }, (_, column) =>
    Array.from({ length: column }, (__, against) => ({ column, against, planned: false }))
  ).flat()
  const tuned = [false, ...Array.from({ length: world.tuned }, () => true)]
  const truth = (column: number): number => (column === 0 ? 0 : (world.effects[column - 1] ?? 0))
  const count = { alarms: 0, held: 0, heldOne: 0, intervals: 0, claims: 0 }
  for (let at = 0; at < tables; at++) {
    const tests = testTable(drawTable(world, random), tuned, pairs, { seed: at })
    // Tests that speak of these query sets only make no claim about the truth behind them.
    const claiming = tests.filter((test) => world.roundDeviation === 0 || test.scope === 'any-query-sets')
    if (claiming.length > 0) count.claims++
    const holds = claiming.map(({ pair, interval }) => {
      const difference = truth(pair.column) - truth(pair.against)
      return interval[0] <= difference && difference <= interval[1]
    })
    if (holds.includes(false)) count.alarms++
    count.heldOne += holds.filter(Boolean).length
    count.intervals += holds.length
  }
  const name = nameOf(world)
  const error = Math.sqrt((0.05 * 0.95) / tables)
  const abstains = world.items < fewestItems || (world.rounds < fewestRounds && world.roundDeviation !== 0)
  const strict = world.items >= 20 && world.rounds >= fewestRounds
  const rate = count.alarms / tables
  const high = (strict ? 0.06 : 0.08) + 2.5 * error
  const low = strict ? Math.max(0, 0.03 - 2.5 * error) : 0
  const effects = world.effects.length > 0
  report({
    name: `${effects ? 'tables with an interval that misses the truth' : 'tables with a false verdict'}: ${name}`,
    value: 100 * rate,
    unit: '%',
    aim: abstains ? 'abstains, or at most 8 %' : strict ? '3 to 6 %' : 'at most 8 %',
    holds: rate <= high && (abstains || rate >= low || tables < 500),
    detail: `${tables} tables; single intervals hold ${((100 * count.heldOne) / Math.max(1, count.intervals)).toFixed(1)} %${count.claims === 0 ? '; no claim about other query sets' : ''}`
  })
}

function nameOf({
  targets,
  tuned,
  items,
  variants,
  rounds,
  roundDeviation,
  metric,
  base,
  alike,
  effects
}: World): string {
  const extras = [
    ...(metric === 'em' ? [] : [metric]),
    ...(base === 0.5 ? [] : [`${100 * base} % right`]),
    ...(alike > 0.9 ? ['mostly ties'] : []),
    ...(effects.length > 0 ? ['with effects'] : [])
  ]
  const deviation = typeof roundDeviation === 'number' ? roundDeviation : roundDeviation.join('/')
  return `${targets} × ${tuned}, ${items} items × ${variants}, ${rounds} rounds, SD ${deviation}${extras.map((extra) => `, ${extra}`).join('')}`
}
