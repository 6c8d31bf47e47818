import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Dataset, Target } from '../../src/main/contract/data.ts'
import { LabError } from '../../src/main/contract/error.ts'
import { jobSchemas } from '../../src/main/contract/jobs.ts'
import { latestVersion, migrate } from '../../src/main/store/migrate.ts'
import { migrations } from '../../src/main/store/migrations/index.ts'
import { newId } from '../../src/main/store/new-id.ts'
import { Store } from '../../src/main/store/store.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recross-store-'))
  path = join(folder, 'lab.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const now = '2026-01-01T00:00:00.000Z'
const dataset: Dataset = {
  id: 'd1',
  name: 'P3 sample',
  kind: 'upstream',
  contentHash: 'abc',
  examples: 3,
  tasks: 2,
  groups: 1,
  duplicates: 0,
  rejected: 0,
  bytes: 100,
  source: 'file.json',
  licence: 'MIT',
  createdAt: now
}
const target: Target = {
  id: 't1',
  datasetId: 'd1',
  name: 'anli_r3',
  testExamples: 10,
  sourceItems: 5,
  metrics: ['em', 'soft-em'],
  answerBy: 'generation',
  createdAt: now
}

describe('records', () => {
  test('come back as they went in, also from another process', () => {
    const store = new Store(path)
    store.datasets.insert(dataset)
    store.targets.insert(target)
    const querySet = {
      id: 'q1',
      targetId: 't1',
      size: 1,
      round: 0,
      origin: 'sampled' as const,
      seed: 42,
      inTest: 0,
      queries: [{ input: 'Who? "ß" 漢', outputs: ['me'], sourceId: '' }]
    }
    store.querySets.insert(querySet)
    store.close()
    const again = new Store(path)
    expect(again.datasets.get('d1')).toEqual(dataset)
    expect(again.targets.list()).toEqual([target])
    expect(again.querySets.ofTarget('t1')).toEqual([querySet])
    expect(again.targets.update('t1', { metrics: ['rouge-l'] })).toEqual({ ...target, metrics: ['rouge-l'] })
    again.close()
  })

  test('that are missing are named', () => {
    const store = new Store(path)
    expect(() => store.models.get('nope')).toThrow(expect.objectContaining({ code: 'not-found' }) as Error)
    expect(() => store.datasets.update('nope', { name: 'x' })).toThrow(LabError)
    expect(store.datasets.remove('nope')).toBe(false)
    store.close()
  })

  test('go with what they belong to, and cannot point nowhere', () => {
    const store = new Store(path)
    expect(() => store.targets.insert(target)).toThrow(/FOREIGN KEY/)
    store.datasets.insert(dataset)
    store.targets.insert(target)
    store.leaks.save('t1', 'd1', 1.5, [{ exampleId: 1, targetExampleId: 2, kind: 'near', similarity: 0.9 }])
    expect(store.leaks.checked('t1', 'd1')).toBe(true)
    expect(store.leaks.of('t1', 'd1')).toHaveLength(1)
    store.datasets.remove('d1')
    expect(store.targets.list()).toEqual([])
    expect(store.leaks.checked('t1', 'd1')).toBe(false)
    expect(store.leaks.of('t1', 'd1')).toEqual([])
    store.close()
  })

  test('of a failed transaction are not there', () => {
    const store = new Store(path)
    expect(() =>
      store.transaction(() => {
        store.datasets.insert(dataset)
        throw new Error('no')
      })
    ).toThrow('no')
    expect(store.datasets.list()).toEqual([])
    store.close()
  })
})

describe('settings', () => {
  test('have defaults, keep what is saved, and survive values of another version', () => {
    const store = new Store(path)
    expect(store.settings.get()).toMatchObject({ provider: 'auto', offline: false, mirror: null })
    store.settings.save({ provider: 'cpu', offline: true })
    expect(store.settings.save({ theme: 'dark' })).toMatchObject({ provider: 'cpu', offline: true, theme: 'dark' })
    store.close()
    const raw = new Sqlite(path)
    raw.prepare(`update settings set value = '"quantum"' where key = 'provider'`).run()
    raw.close()
    const again = new Store(path)
    expect(again.settings.get().provider).toBe('auto')
    again.close()
  })
})

describe('migrations', () => {
  test('a database of a newer version is refused and left untouched', () => {
    new Store(path).close()
    const raw = new Sqlite(path)
    raw.pragma(`user_version = ${latestVersion + 1}`)
    raw.pragma('journal_mode = DELETE')
    raw.close()
    const before = readFileSync(path)
    expect(() => new Store(path)).toThrow(expect.objectContaining({ code: 'database-too-new' }) as Error)
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readdirSync(folder)).toEqual(['lab.db'])
  })

  test('a newer database that is still in WAL mode is refused and left untouched', () => {
    new Store(path).close()
    const raw = new Sqlite(path)
    raw.pragma(`user_version = ${latestVersion + 1}`)
    raw.close()
    const before = readFileSync(path)
    expect(() => new Store(path)).toThrow(expect.objectContaining({ code: 'database-too-new' }) as Error)
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readdirSync(folder).filter((name) => name.includes('before'))).toEqual([])
    const still = new Sqlite(path, { readonly: true })
    expect(still.pragma('user_version', { simple: true })).toBe(latestVersion + 1)
    still.close()
  })

  test('a file that is no database is refused and left untouched', () => {
    writeFileSync(path, 'this is not a database, but it is longer than a header of one hundred bytes '.repeat(4))
    const before = readFileSync(path)
    expect(() => new Store(path)).toThrow(expect.objectContaining({ code: 'database-unreadable' }) as Error)
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('an experiment of before models had roles is read like a new one, its runs unchanged', () => {
    const raw = new Sqlite(path)
    migrate(raw, path, migrations.slice(0, 4))
    const index = { indexId: 'i', folder: '/i', encoder: { representation: 'dense' } }
    const spec = { name: 'old', modelId: 'm', encoderId: null, datasetId: 'd', strategies: ['dense'] }
    raw
      .prepare(`insert into experiments values ('e', ?, 'finished', '2026-01-01T00:00:00.000Z', null)`)
      .run(JSON.stringify(spec))
    const job = raw.prepare(
      `insert into jobs (id, kind, title, status, priority, dependsOn, attempts, createdAt, input, folder, resource, recorded)
       values (?, 'run-strategy', 't', 'queued', 0, '[]', 0, '2026-01-01T00:00:00.000Z', ?, '/f', 'cpu', 0)`
    )
    job.run('with', JSON.stringify({ strategy: 'dense', index }))
    job.run('without', JSON.stringify({ strategy: 'random', index: null }))
    raw.close()
    const store = new Store(path)
    expect(store.experiments.get('e').spec).toEqual({
      ...{ name: 'old', datasetId: 'd', strategies: ['dense'] },
      models: { base: 'm', encoder: null },
      ...{ planned: [], sweep: [], tuneFor: null }
    })
    expect(store.jobs.get('with').input).toEqual({ strategy: 'dense', indices: [index] })
    expect(store.jobs.get('without').input).toEqual({ strategy: 'random', indices: [] })
    store.close()
  })

  test('a job of before indices named their data is read like a new one, whatever system wrote its path', () => {
    const raw = new Sqlite(path)
    migrate(raw, path, migrations.slice(0, 11))
    const job = raw.prepare(
      `insert into jobs (id, kind, title, status, priority, dependsOn, attempts, createdAt, input, folder, resource, recorded)
       values (?, ?, 't', 'interrupted', 0, '[]', 1, '2026-01-01T00:00:00.000Z', ?, '/f', 'cpu', 0)`
    )
    const rest = { indexId: 'i', maxTokens: 32, provider: 'cpu' }
    job.run('linux', 'build-index', JSON.stringify({ ...rest, dataset: '{home}/datasets/dataset-1/examples.db' }))
    job.run('windows', 'build-index', JSON.stringify({ ...rest, dataset: String.raw`C:\lab\datasets\dataset-2` }))
    job.run('new', 'build-index', JSON.stringify({ ...rest, datasetId: 'known', dataset: '/elsewhere' }))
    job.run('other', 'leak-check', JSON.stringify({ dataset: '{home}/datasets/dataset-3' }))
    raw.close()
    const store = new Store(path)
    const named = (id: string) => (store.jobs.get(id).input as { datasetId?: string }).datasetId
    expect(['linux', 'windows', 'new', 'other'].map(named)).toEqual(['dataset-1', 'dataset-2', 'known', undefined])
    expect(store.jobs.get('linux').input).toMatchObject(rest)
    store.close()
  })

  test('a publication that was queued under the old name of its graph still makes one', () => {
    const raw = new Sqlite(path)
    migrate(raw, path, migrations.slice(0, 12))
    const job = raw.prepare(
      `insert into jobs (id, kind, title, status, priority, dependsOn, attempts, createdAt, input, folder, resource, recorded)
       values (?, 'publish-index', 't', 'queued', 0, '[]', 0, '2026-01-01T00:00:00.000Z', ?, '/f', 'io', 0)`
    )
    for (const [id, graph] of [
      ['with', true],
      ['without', false]
    ] as const)
      job.run(id, JSON.stringify({ indexId: 'i', server: 'postgres://a/b', graph }))
    raw.close()
    const store = new Store(path)
    const { input: publishes } = jobSchemas['publish-index']
    const about = { folder: '/i', dataset: '/d', name: 'n' }
    for (const [id, hnsw] of [
      ['with', true],
      ['without', false]
    ] as const) {
      const input = store.jobs.get(id).input as object
      expect(Boolean((input as { hnsw?: unknown }).hnsw)).toBe(hnsw)
      expect(input).not.toHaveProperty('graph')
      expect(publishes.safeParse({ ...about, ...input }).success).toBe(true)
    }
    store.close()
  })

  test('an index of before is over inputs', () => {
    const raw = new Sqlite(path)
    migrate(raw, path, migrations.slice(0, 17))
    raw.pragma('foreign_keys = off')
    const columns = (raw.pragma('table_info(indices)') as { name: string; type: string }[]).map(({ name, type }) => ({
      name,
      value: type.toLowerCase() === 'text' ? 'x' : 1
    }))
    const names = columns.map(({ name }) => name)
    expect(names).not.toContain('over')
    raw
      .prepare(`insert into indices (${names.join(', ')}) values (${names.map(() => '?').join(', ')})`)
      .run(columns.map(({ value }) => value))
    migrate(raw, path, migrations)
    expect(raw.prepare('select "over" from indices').all()).toEqual([{ over: 'input' }])
    raw.close()
  })

  test('what an empty text said to be missing is null, in the bin as well', () => {
    const raw = new Sqlite(path)
    migrate(raw, path, migrations.slice(0, 15))
    const label = raw.prepare('insert into labels (what, id, name, note, tags, archived) values (?, ?, ?, ?, ?, 0)')
    label.run('index', 'i', '', '', '["a"]')
    label.run('dataset', 'd', '', 'Read me', '[]')
    const place = raw.prepare('insert into places (id, settings, createdAt) values (?, ?, ?)')
    const settings = { name: 'c', kind: 'slurm', partition: '', account: 'mine', extra: ['--a='] }
    place.run('p', JSON.stringify(settings), '2026-01-01')
    const progress = {
      fraction: null,
      phase: '',
      done: 3,
      total: null,
      unit: '',
      rate: null,
      secondsLeft: null,
      figures: {}
    }
    raw
      .prepare(
        `insert into jobs (id, kind, title, status, priority, dependsOn, attempts, createdAt, input, folder, resource, recorded, progress)
         values ('j', 'self-test', 't', 'finished', 0, '[]', 0, '2026-01-01T00:00:00.000Z', '{}', '/f', 'io', 1, ?)`
      )
      .run(JSON.stringify(progress))
    const binned = [
      { table: 'labels', rows: [{ what: 'model', id: 'm', name: '', note: 'kept', tags: '[]', archived: 0 }] }
    ]
    raw
      .prepare(
        `insert into bin (binId, what, id, name, others, bytes, deletedAt, rows, folders)
         values ('b', 'model', 'm', 'm', 0, 0, '2026-01-01T00:00:00.000Z', ?, '[]')`
      )
      .run(JSON.stringify(binned))
    raw.close()
    const store = new Store(path)
    expect(store.labels.of({ what: 'index', id: 'i' })).toMatchObject({ name: null, note: null, tags: ['a'] })
    expect(store.labels.of({ what: 'dataset', id: 'd' })).toMatchObject({ name: null, note: 'Read me' })
    expect(store.places.get('p').settings).toEqual({ ...settings, partition: null })
    expect(store.jobs.get('j').progress).toEqual({ ...progress, phase: null, unit: null })
    const record = store.bin.find('b')!
    store.bin.restore('b', store.bin.restorable(record))
    expect(store.labels.of({ what: 'model', id: 'm' })).toMatchObject({ name: null, note: 'kept' })
    store.close()
  })

  test('apply what is missing after a backup, or nothing at all', () => {
    new Store(path).close()
    const steps = [
      { number: latestVersion, name: 'known', up: () => expect.unreachable() },
      { number: latestVersion + 1, name: 'good', up: (db: Sqlite.Database) => db.exec('create table extra (a)') },
      {
        number: latestVersion + 2,
        name: 'bad',
        up: () => {
          throw new Error('broken step')
        }
      }
    ]
    const raw = new Sqlite(path)
    expect(() => migrate(raw, path, steps)).toThrow(expect.objectContaining({ code: 'migration-failed' }) as Error)
    expect(raw.pragma('user_version', { simple: true })).toBe(latestVersion)
    expect(raw.prepare(`select count(*) from sqlite_master where name = 'extra'`).pluck().get()).toBe(0)
    migrate(raw, path, steps.slice(0, 2))
    expect(raw.pragma('user_version', { simple: true })).toBe(latestVersion + 1)
    raw.close()
    const backup = new Sqlite(`${path}.before-${latestVersion + 1}`, { readonly: true })
    expect(backup.pragma('user_version', { simple: true })).toBe(latestVersion)
    expect(backup.pragma('integrity_check', { simple: true })).toBe('ok')
    backup.close()
  })
})

test('ids sort by time', () => {
  const ids = Array.from({ length: 1000 }, () => newId('job'))
  expect([...ids].sort()).toEqual(ids)
  expect(new Set(ids).size).toBe(1000)
})

describe('a token that an older version kept in lab.db', () => {
  test('moves into a file of its own, and no byte of it stays behind', () => {
    new Store(path).close()
    for (const file of [path, `${path}.before-2`]) {
      const sqlite = new Sqlite(file)
      sqlite.exec('create table if not exists settings (key text primary key, value text)')
      const put = sqlite.prepare('insert or replace into settings values (?, ?)')
      // One that was replaced leaves its text in a free page.
      put.run('token', JSON.stringify(`hf_old_${'x'.repeat(3000)}`))
      put.run('token', JSON.stringify('hf_secret'))
      sqlite.close()
    }
    const store = new Store(path)
    expect(store.tokens.get()).toBe('hf_secret')
    const holding = readdirSync(folder).filter((name) =>
      /hf_(old|secret)/.test(readFileSync(join(folder, name), 'latin1'))
    )
    expect(holding).toEqual(['token'])
    store.close()
  })
})
