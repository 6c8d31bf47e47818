import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeExperiment } from '../../../bench/compare-data.ts'
import { knownSpread } from '../../../src/main/jobs/experiments/known-spread.ts'
import { HomeFolder } from '../../../src/main/store/home.ts'
import { Store } from '../../../src/main/store/store.ts'

const home = new HomeFolder(mkdtempSync(join(tmpdir(), 'recross-home-')))
let store: Store
beforeAll(() => {
  store = new Store(home.database)
  writeExperiment(store, home)
})
afterAll(() => {
  store.close()
  rmSync(home.path, { recursive: true, force: true })
})

test('is measured on an earlier experiment: answers that come and go by chance alone', () => {
  const { rowDeviation, withinItem, betweenRounds } = knownSpread(store.targets.get('target'), store, home)!
  // Right with a chance of 0.55, each time anew: a difference has a variance of 2 · 0.55 · 0.45.
  expect(rowDeviation).toBeGreaterThan(68)
  expect(rowDeviation).toBeLessThan(74)
  expect(withinItem).toBeLessThan(0.1)
  // All rounds are held against the same untuned answers: half of the variance.
  expect(betweenRounds).toBeGreaterThan(0.4)
  expect(betweenRounds).toBeLessThan(0.6)
})

test('is unknown where a metric has no scores row by row, and where the answers are gone', () => {
  const target = store.targets.get('target')
  expect(knownSpread({ ...target, metrics: ['matthews'] }, store, home)).toBeNull()
  expect(knownSpread({ ...target, id: 'another' }, store, home)).toBeNull()
  rmSync(home.predictions('run-0', 'target'))
  expect(knownSpread(target, store, home)).toBeNull()
})
