import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeExperiment } from '../../../bench/compare-data.ts'
import { earlierRuns } from '../../../src/main/features/experiments/earlier-runs.ts'
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

test('of a target are its untuned run and the rounds of every strategy, by file', () => {
  const [found, ...more] = earlierRuns('target', store, home)
  expect(more).toEqual([])
  const untuned = store.runs.list().filter(({ strategy }) => strategy === 'zero-shot')
  expect(untuned.map(({ id }) => home.answers(id, 'target'))).toContain(found!.untuned)
  expect(found!.tuned.length).toBeGreaterThan(1)
  for (const rounds of found!.tuned) expect(rounds.length).toBeGreaterThan(2)
})

test('of a target that nothing has tested are none', () => {
  expect(earlierRuns('another', store, home)).toEqual([])
})
