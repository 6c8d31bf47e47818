import { join } from 'node:path'
import { readFileSync, writeFileSync } from 'node:fs'
import type { AlarmCount } from './alarms.ts'
import { deviationOf, extrasOf, longCells, nameOf, type Cell } from './cells.ts'
import { otherName, otherWorlds } from './other-worlds.ts'
import { longPlans, planName } from './power.ts'
import { readTally, type Tally } from './tally.ts'

/** `docs/methods.md` holds the tables between these lines. */
const begin = '<!-- simulations: made by bench/campaigns/statistics/markdown.ts -->'
const end = '<!-- /simulations -->'

/** The tables of all cells that a campaign has counted. */
function simulationTables({ alarms, power }: Tally): string {
  const cells = longCells().flatMap((cell) => {
    const count = alarms[nameOf(cell.world)]
    return count ? [{ ...cell, count }] : []
  })
  const of = (group: Cell['group']) => cells.filter((cell) => cell.group === group)
  const ofOthers = otherWorlds().flatMap((world) => alarms[otherName(world)]?.tables ?? [])
  const counts = [
    ...cells.map(({ count }) => count.tables),
    ...ofOthers,
    ...Object.values(power).map(({ tables }) => tables)
  ]
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  const sizes = least === most ? `${whole(most)}` : `${whole(least)} to ${whole(most)}`
  return [
    `${counts.length} cells with ${sizes} tables each; one with 2,000 tables whose true rate is 5 % shows 4.0 to 6.0 (with 1,000: 3.6 to 6.4). "–": the lab makes no claim there.`,
    ...(of('main').length === 0 ? [] : [grid(of('main'))]),
    `Edges (2 targets × 2 tuned strategies; false verdicts in % of tables):`,
    edges(of('edges')),
    `One strategy against zero-shot on one target, and 4 strategies with zero-shot on 3 targets (40 tests and more):`,
    listing([...of('single'), ...of('whole')], 'false verdicts', ({ alarms: some, tables }) => share(some, tables)),
    `With a true difference (one strategy is 8 points better, the other is not). All intervals of a table hold the truth at once in:`,
    listing(of('effects'), 'tables', ({ alarms: some, tables }) => share(tables - some, tables)),
    `Worlds that the tests do not assume (2 targets of 100 items, zero-shot and 2 strategies, SD 3, where nothing else is said). An interval misses the truth in:`,
    others(alarms),
    `Power: a difference of exactly the size that the plan promises to find in 80 % of tables (one target, two strategies and zero-shot) was found in`,
    powers(power)
  ].join('\n\n')
}

/** The text with its tables made anew; unchanged where it has no place for them. */
export function withTables(text: string, tally: Tally): string {
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  return from < 0 || to < from
    ? text
    : `${text.slice(0, from)}${begin}\n\n${simulationTables(tally)}\n\n${text.slice(to)}`
}

type Counted = Cell & { count: AlarmCount }

function grid(cells: readonly Counted[]): string {
  const items = distinct(cells.map(({ world }) => world.items))
  const lines = distinct(cells.map(({ world }) => `${world.rounds} | ${world.variants} | ${deviationOf(world)}`))
  const rows = lines.map((line) => {
    const values = items.map((size) => {
      const found = cells.find(
        ({ world }) => world.items === size && `${world.rounds} | ${world.variants} | ${deviationOf(world)}` === line
      )
      return found ? rate(found.count) : ''
    })
    return `| ${line} | ${values.join(' | ')} |`
  })
  return [
    `| rounds | variants | SD | ${items.map((size) => `${whole(size)} items`).join(' | ')} |`,
    `|---|---|---|${items.map(() => '---|').join('')}`,
    ...rows
  ].join('\n')
}

function edges(cells: readonly Counted[]): string {
  const columns = distinct(cells.map(({ world }) => `${world.items} × ${world.rounds}`))
  const what = ({ world }: Counted): string =>
    `${extrasOf(world).join(', ') || 'exact match'}, SD ${deviationOf(world)}`
  const rows = distinct(cells.map(what)).map((line) => {
    const values = columns.map((column) => {
      const found = cells.find((cell) => what(cell) === line && `${cell.world.items} × ${cell.world.rounds}` === column)
      return found ? rate(found.count) : ''
    })
    return `| ${line} | ${values.join(' | ')} |`
  })
  return [`| items × rounds | ${columns.join(' | ')} |`, `|---|${columns.map(() => '---|').join('')}`, ...rows].join(
    '\n'
  )
}

function listing(cells: readonly Counted[], value: string, of: (count: AlarmCount) => string): string {
  const rows = cells.map(
    ({ world, count }) =>
      `| ${world.targets} × ${world.tuned} | ${whole(world.items)} | ${world.rounds} | ${deviationOf(world)} | ${of(count)} % |`
  )
  return [`| targets × strategies | items | rounds | SD | ${value} |`, '|---|---|---|---|---|', ...rows].join('\n')
}

function others(alarms: Tally['alarms']): string {
  const worlds = otherWorlds()
  const rounds = distinct(worlds.map((world) => world.rounds))
  const rows = distinct(worlds.map(({ name }) => name)).map((name) => {
    const values = worlds.filter((world) => world.name === name).map((world) => alarms[otherName(world)])
    return `| ${name} | ${values.map((count) => (count ? `${rate(count)} %` : '')).join(' | ')} |`
  })
  return [
    `| world | ${rounds.map((count) => `${count} rounds`).join(' | ')} |`,
    `|---|${rounds.map(() => '---|').join('')}`,
    ...rows
  ].join('\n')
}

function powers(power: Tally['power']): string {
  const plans = longPlans().flatMap((plan) => {
    const count = power[planName(plan)]
    return count ? [{ plan, count }] : []
  })
  const rows = plans.map(
    ({ plan, count }) =>
      `| ${whole(plan.items)} | ${plan.rounds} | ${plan.roundDeviation} | ${count.promised.toFixed(1)} points | ${share(count.found, count.tables)} % |`
  )
  return ['| items | rounds | SD | difference | found |', '|---|---|---|---|---|', ...rows].join('\n')
}

function rate({ alarms, tables, claims }: AlarmCount): string {
  return claims === 0 ? '–' : share(alarms, tables)
}

function share(some: number, all: number): string {
  return ((100 * some) / all).toFixed(1)
}

function whole(value: number): string {
  return value.toLocaleString('en-US')
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}

/** `node bench/campaigns/statistics/markdown.ts [counts]` writes the tables into the documents. */
if (process.argv[1] === import.meta.filename) {
  const docs = join(import.meta.dirname, '..', '..', '..', 'docs')
  const page = join(docs, 'methods.md')
  writeFileSync(
    page,
    withTables(readFileSync(page, 'utf8'), readTally(process.argv[2] ?? join(docs, 'simulations.json')))
  )
}
