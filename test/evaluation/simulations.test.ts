import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { withTables } from '../../bench/campaigns/statistics/markdown.ts'
import { readTally } from '../../bench/campaigns/statistics/tally.ts'

const docs = join(import.meta.dirname, '..', '..', 'docs')

test("the documents' tables of simulations are what the campaign counted", () => {
  const page = readFileSync(join(docs, 'methods.md'), 'utf8')
  const tally = readTally(join(docs, 'simulations.json'))
  expect(page).toBe(withTables(page, tally))
  const counted = Object.values(tally.alarms)
  expect(counted.length).toBeGreaterThan(0)
  // A rate whose counts went missing would still look like a rate.
  for (const { tables, alarms, held, intervals } of counted) {
    expect(alarms).toBeLessThanOrEqual(tables)
    expect(held).toBeLessThanOrEqual(intervals)
  }
})
