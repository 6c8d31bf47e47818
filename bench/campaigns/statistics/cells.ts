import { fewestItems, fewestRounds } from '../../../src/main/evaluation/statistics/table-tests.ts'
import { usualWorld, type World } from './world.ts'

/** What a cell is a cell of: where in the documents its row stands, and what is asked of it. */
type CellGroup = 'main' | 'edges' | 'single' | 'whole' | 'effects'

export interface Cell {
  group: CellGroup
  world: World
}

const table: World = { ...usualWorld, targets: 2, tuned: 2 }
const pair: World = { ...usualWorld, targets: 1, tuned: 1 }

export const shortCells: readonly Cell[] = [
  { group: 'main', world: { ...table, items: 5, rounds: 3 } },
  { group: 'main', world: { ...table, items: 20, rounds: 5, roundDeviation: 2 } },
  { group: 'main', world: { ...table, items: 100, rounds: 3, variants: 5 } },
  { group: 'main', world: { ...table, items: 300, rounds: 3, roundDeviation: 5 } },
  { group: 'effects', world: { ...table, items: 300, rounds: 5, roundDeviation: 3, effects: [0, 8] } },
  { group: 'edges', world: { ...table, items: 60, rounds: 3, base: 0.03 } },
  { group: 'edges', world: { ...table, items: 20, rounds: 5, roundDeviation: 2, metric: 'pearson' } }
]

/** The grid of the documents: items × variants × rounds × deviation, then ties, floors, ceilings, metrics, effects. */
export function longCells(): Cell[] {
  const main = [2, 3, 5, 10].flatMap((rounds) =>
    [5, 10, 20, 100, 300, 1000].flatMap((items) =>
      [1, 5].flatMap((variants) =>
        [0, 2, 5].map((roundDeviation): World => ({ ...table, rounds, items, variants, roundDeviation }))
      )
    )
  )
  const edges = [20, 100, 300].flatMap((items) =>
    [3, 5, 10].flatMap((rounds): World[] => [
      ...[0.03, 0.9, 0.97].map((base): World => ({ ...table, items, rounds, roundDeviation: 2, base })),
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
      [0, 2, 5].map((roundDeviation): World => ({ ...pair, rounds, items, roundDeviation }))
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
  return [
    ...grouped('effects', effects),
    ...grouped('single', single),
    ...grouped('whole', whole),
    ...grouped('edges', edges),
    ...grouped('main', main)
  ]
}

function grouped(group: CellGroup, worlds: readonly World[]): Cell[] {
  return worlds.map((world) => ({ group, world }))
}

/** What must hold of a cell: the share of tables (in %) that may err, and why it may lie below 3. */
export interface Aim {
  most: number
  least: number
  why: string
}

export function aimOf({ items, rounds, roundDeviation, base, alike, metric }: World): Aim {
  if (items < fewestItems) return { most: 8, least: 0, why: 'abstains, or at most 8 %: so few items can agree by luck' }
  if (rounds < fewestRounds && roundDeviation !== 0)
    return { most: 8, least: 0, why: 'no claim about other query sets, or at most 8 %' }
  if (rounds < fewestRounds || items < 20)
    return { most: 8, least: 0, why: 'at most 8 %: with so few items or rounds the tests are careful' }
  if (base < 0.2 || base > 0.8 || alike > 0.9)
    return { most: 6, least: 0, why: 'at most 6 %: where few answers differ only few values of p are possible' }
  if (metric !== 'em' && items < 100)
    return { most: 6, least: 0, why: 'at most 6 %: a lucky steady run is given the spread of both columns' }
  if (rounds < 5)
    return { most: 6, least: 0, why: 'at most 6 %: three query sets cannot exclude that query sets matter' }
  return { most: 6, least: 3, why: '3 to 6 %' }
}

export function nameOf({ targets, tuned, items, variants, rounds, ...world }: World): string {
  return `${targets} × ${tuned}, ${items} items × ${variants}, ${rounds} rounds, SD ${deviationOf(world)}${extrasOf(
    world
  )
    .map((extra) => `, ${extra}`)
    .join('')}`
}

export function deviationOf({ roundDeviation }: Pick<World, 'roundDeviation'>): string {
  return typeof roundDeviation === 'number' ? String(roundDeviation) : roundDeviation.join('/')
}

/** In what a world differs from the usual one. */
export function extrasOf({
  metric,
  base,
  alike,
  effects
}: Pick<World, 'metric' | 'base' | 'alike' | 'effects'>): string[] {
  return [
    ...(metric === 'em' ? [] : [metric]),
    ...(base === 0.5 ? [] : [`${Math.round(100 * base)} % right`]),
    ...(alike > 0.9 ? ['mostly ties'] : []),
    ...(effects.length > 0 ? ['with effects'] : [])
  ]
}
