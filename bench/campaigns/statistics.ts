import type { BenchResult } from '../suite.ts'
import type { Campaign } from './campaign.ts'
import { countAlarms, countOther, reportAlarms, reportOther, type AlarmCount } from './statistics/alarms.ts'
import { longCells, nameOf, shortCells } from './statistics/cells.ts'
import { otherName, otherWorlds } from './statistics/other-worlds.ts'
import { countFound, longPlans, planName, reportPower, shortPlans } from './statistics/power.ts'
import { addAlarms, addPower, openTally, saveTally } from './statistics/tally.ts'

/**
 * Are the verdicts as honest as they say? Tables are drawn whose truth is known, thousands of times: how often does a table
 * without any difference claim one, how often do all its intervals hold the truth at once, and does a plan find what it
 * promised to. The environment variable RECROSS_SIMULATIONS sets how many tables a cell has, RECROSS_TALLY names a file
 * that a long campaign counts in: it goes on where it stopped. `bench/campaigns/statistics/markdown.ts` makes the documents'
 * tables of it.
 */
export const suite: Campaign = {
  name: 'statistics',
  run(report, { short }) {
    const asked = Number(process.env['RECROSS_SIMULATIONS'] ?? 0)
    if (short) runShort(report, asked)
    else runLong(report, asked > 0 ? asked : 2000, process.env['RECROSS_TALLY'])
    return Promise.resolve()
  }
}

function runShort(report: (result: BenchResult) => void, asked: number): void {
  for (const cell of shortCells) report(reportAlarms(cell, countAlarms(cell.world, asked > 0 ? asked : 120, 0)))
  for (const world of otherWorlds().filter(({ rounds }) => rounds === 5))
    report(reportOther(world, countOther(world, asked > 0 ? asked : 40, 0)))
  for (const plan of shortPlans) report(reportPower(plan, countFound(plan, asked > 0 ? asked : 60, 0)))
}

const stretch = 250

/** Every cell gets a stretch of tables before any gets its next: whenever it stops, all are known about as well. */
function runLong(report: (result: BenchResult) => void, tables: number, file: string | undefined): void {
  const [cells, others, plans] = [longCells(), otherWorlds(), longPlans()]
  const worlds: { name: string; count: (size: number, part: number) => AlarmCount }[] = [
    ...cells.map(({ world }) => ({
      name: nameOf(world),
      count: (size: number, part: number) => countAlarms(world, size, part)
    })),
    ...others.map((world) => ({
      name: otherName(world),
      count: (size: number, part: number) => countOther(world, size, part)
    }))
  ]
  const tally = file === undefined ? { code: { tests: '', plans: '' }, alarms: {}, power: {} } : openTally(file)
  const save = (): void => {
    if (file !== undefined) saveTally(file, tally)
  }
  for (let done = 0; done < tables; done += stretch) {
    const size = Math.min(stretch, tables - done)
    for (const plan of plans) {
      const name = planName(plan)
      if ((tally.power[name]?.tables ?? 0) > done) continue
      tally.power[name] = addPower(tally.power[name], countFound(plan, size, done))
      save()
    }
    for (const { name, count } of worlds) {
      const known = tally.alarms[name]
      // Where nothing is claimed one stretch has shown it.
      if (known && (known.tables > done || known.claims === 0)) continue
      tally.alarms[name] = addAlarms(known, count(size, done))
      save()
    }
  }
  for (const world of others) report(reportOther(world, tally.alarms[otherName(world)]!))
  for (const cell of cells) report(reportAlarms(cell, tally.alarms[nameOf(cell.world)]!))
  for (const plan of plans) report(reportPower(plan, tally.power[planName(plan)]!))
}
