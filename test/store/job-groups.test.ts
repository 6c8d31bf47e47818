import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { JobStatus } from '../../src/main/contract/jobs.ts'
import { newId } from '../../src/main/store/new-id.ts'
import { Store } from '../../src/main/store/store.ts'

const folder = mkdtempSync(join(tmpdir(), 'recross-groups-'))
const store = new Store(join(folder, 'lab.db'))
afterAll(() => {
  store.database.close()
  rmSync(folder, { recursive: true, force: true })
})

function add(experimentId: string | null, status: JobStatus): void {
  const createdAt = new Date(0).toISOString()
  store.jobs.add({
    ...{ id: newId('job'), kind: 'self-test', title: 'Work', status, priority: 0, dependsOn: [], experimentId },
    ...{ progress: null, error: null, outcome: null, attempts: 0, createdAt, startedAt: null, finishedAt: null },
    ...{ input: {}, output: null, folder, resource: 'cpu', place: null, cores: null, mutex: null, recorded: true }
  })
}

test('jobs stand together by experiment, that with the newest job first; wildcards in a search are letters', () => {
  for (const status of ['finished', 'finished', 'failed', 'queued'] as const) add('one', status)
  add(null, 'running')
  for (const status of ['interrupted', 'running'] as const) add('100%', status)
  const all = store.jobs.byExperiment({ text: '', limit: 10, offset: 0 })
  expect(all).toEqual({
    total: 2,
    groups: [
      { experimentId: '100%', name: '100%', jobs: 2, finished: 0, open: 2, troubled: 1 },
      { experimentId: 'one', name: 'one', jobs: 4, finished: 2, open: 1, troubled: 1 }
    ]
  })
  expect(store.jobs.byExperiment({ text: '0%', limit: 10, offset: 0 }).groups).toHaveLength(1)
  expect(store.jobs.byExperiment({ text: '%n', limit: 10, offset: 0 }).groups).toEqual([])
  expect(store.jobs.byExperiment({ text: '', limit: 1, offset: 1 }).groups.map(({ name }) => name)).toEqual(['one'])
})
