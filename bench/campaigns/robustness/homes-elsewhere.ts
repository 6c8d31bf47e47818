import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync
} from 'node:fs'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { paths, prose } from '../../../src/main/files/portable.ts'
import { forkStarter } from '../../../src/main/hosts/fork-starter.ts'
import { Lab } from '../../../src/main/hosts/lab.ts'
import { workerEntry } from '../../../src/main/hosts/project.ts'
import { migrate } from '../../../src/main/store/migrate.ts'
import { migrations } from '../../../src/main/store/migrations/index.ts'
import { until } from '../../../test/hosts/fixture.ts'
import { makeDataset } from '../../../test/data/make-dataset.ts'
import { tinySpec, untilOver } from '../../../test/features/experiments/tiny-lab.ts'
import type { TinyWorld } from '../../../test/worker/tiny-world.ts'

/** What is cut off half-way, and what must come of it: digests of everything that it leaves. */
export interface Work {
  start(lab: Lab): Promise<void>
  kind: 'import-dataset' | 'run-strategy' | 'build-index'
  /** About how long it takes: attacks come at any moment of that. */
  seconds: number
  result(lab: Lab): Promise<unknown>
}

export const worksOf = (world: TinyWorld): Record<string, Work> => ({
  import: {
    kind: 'import-dataset',
    seconds: 1.5,
    async start(lab) {
      // Its own copy of a file that a browser handed over lies in the home.
      const rows = Array.from({ length: 3000 }, (_, n) => JSON.stringify({ input: `What is ${n}?`, output: `${n}` }))
      const chunk = new Blob([rows.join('\n') + '\n'])
      const { path } = await lab.client.data.upload({ upload: null, name: 'a.jsonl', offset: 0, chunk, last: true })
      await lab.client.data.import({ name: 'Numbers', kind: 'upstream', files: [path] })
    },
    async result({ services: { store }, home }) {
      const dataset = store.datasets.list().find(({ name }) => name === 'Numbers')
      return (
        dataset && [dataset.contentHash, dataset.examples, existsSync(join(home.dataset(dataset.id), 'examples.db'))]
      )
    }
  },
  run: {
    kind: 'run-strategy',
    seconds: 2,
    async start(lab) {
      await lab.client.experiments.start(tinySpec(world, { strategies: ['lexical'], rounds: 1, targetIds: ['naming'] }))
    },
    result: resultOfRuns
  },
  index: {
    kind: 'build-index',
    seconds: 1.5,
    async start(lab) {
      await lab.client.indices.build({
        ...{ datasetId: 'upstream', modelId: 'tiny', representation: 'dense', maxTokens: 32 },
        ...{ vectorPrecision: 'fp32', modelPrecision: 'fp32', search: 'exact', hnsw: null, shards: 1, provider: 'cpu' }
      })
    },
    async result({ services: { store }, home }) {
      const [index] = store.indices.list()
      return index && [index.fingerprint, index.vectors, digest(join(home.index(index.fingerprint), 'vectors.f32'))]
    }
  }
})

/** Works that take longer: a tuning of hundreds of steps with its checkpoints, and an index of several chunks built in parts. */
export const longWorksOf = (world: TinyWorld): Record<string, Work> => ({
  ...worksOf(world),
  tuning: {
    kind: 'run-strategy',
    seconds: 8,
    async start(lab) {
      const spec = tinySpec(world, { strategies: ['lexical'], rounds: 1, targetIds: ['naming'] })
      // Every check of the held-out loss keeps the best weights, and a checkpoint beside them.
      const earlyStopping = { heldOutShare: 0.2, everySteps: 5, patience: 1000 }
      await lab.client.experiments.start({ ...spec, tune: { ...spec.tune, epochs: 40, batchSize: 1, earlyStopping } })
    },
    result: resultOfRuns
  },
  chunks: {
    kind: 'build-index',
    seconds: 6,
    async start(lab) {
      const { store } = lab.services
      const path = join(lab.home.dataset('large'), 'examples.db')
      const rows = Array.from({ length: 3100 }, (_, n) => ({
        input: `row ${n % 97} of ${n} `.repeat(3),
        outputs: ['x'],
        task: 't'
      }))
      const file = makeDataset(path, rows)
      const { contentHash, count: examples } = file
      file.close()
      const counts = { examples, tasks: 1, groups: 1, duplicates: 0, rejected: 0, bytes: 1000 }
      const told = { source: 'test', licence: 'MIT', createdAt: new Date(0).toISOString() }
      store.datasets.insert({ id: 'large', name: 'large', kind: 'upstream', contentHash, ...counts, ...told })
      await lab.client.indices.build({
        ...{ datasetId: 'large', modelId: 'tiny', representation: 'dense', maxTokens: 24 },
        ...{ vectorPrecision: 'fp32', modelPrecision: 'fp32', search: 'hnsw', hnsw: null, shards: 2, provider: 'cpu' }
      })
    },
    async result({ services: { store }, home }) {
      const [index] = store.indices.list()
      const names = ['vectors.f32', 'graph.hnsw']
      return (
        index && [
          index.fingerprint,
          index.vectors,
          ...names.map((name) => digest(join(home.index(index.fingerprint), name)))
        ]
      )
    }
  }
})

/** Ways in which a home gets elsewhere. The original, where there is still one, is open meanwhile. */
export const ways: Record<
  string,
  (home: string, folder: string) => Promise<{ there: string; original: string | null }>
> = {
  async copied(home, folder) {
    const there = join(newFolder(folder), 'a copy')
    cpSync(home, there, { recursive: true, preserveTimestamps: true })
    return { there, original: home }
  },
  async moved(home, folder) {
    const there = join(newFolder(folder), 'elsewhere', 'home')
    mkdirSync(dirname(there))
    renameSync(home, there)
    return { there, original: null }
  },
  async renamed(home) {
    renameSync(home, `${home}-2`)
    return { there: `${home}-2`, original: null }
  },
  async 'copied before the update'(home, folder) {
    await asBefore(home)
    return ways['copied']!(home, folder)
  },
  async 'moved twice before the update'(home, folder) {
    await asBefore(home)
    const { there } = await ways['moved']!(home, folder)
    return ways['renamed']!(there, folder)
  }
}

export function open(home: string): Promise<Lab> {
  return Lab.open({ host: 'cli', workers: forkStarter(workerEntry()), home })
}

export function newFolder(folder: string): string {
  return mkdtempSync(join(folder, 'home-'))
}

/** Far longer than any of the works takes, on a machine that has much else to do. */
const patienceSeconds = 1800

/** Starts a piece of work and cuts it off as soon as it has begun, as a lab that is closed does. */
export async function interrupt(home: string, work: Work): Promise<void> {
  const lab = await open(home)
  try {
    await work.start(lab)
    await until(
      () => lab.services.store.jobs.list().filter(({ kind }) => kind === work.kind),
      (jobs) => jobs.some(({ id, status }) => status === 'running' && lab.services.jobs.get(id).progress !== null),
      patienceSeconds
    )
  } finally {
    await lab.close()
  }
}

/** Opens a home and lets what is in it come to its end. */
export async function finish(home: string, work: Work, fresh = false): Promise<unknown> {
  const lab = await open(home)
  try {
    if (fresh) await work.start(lab)
    const jobs = await until(
      () => lab.services.store.jobs.list().filter(({ kind }) => kind === work.kind),
      (all) =>
        all.length > 0 &&
        all.every(({ status, recorded }) => status === 'failed' || (status === 'finished' && recorded)),
      patienceSeconds
    )
    const [failed] = jobs.filter(({ error }) => error !== null)
    if (failed) throw new Error(`${failed.title}: ${failed.error?.message}`)
    return await work.result(lab)
  } finally {
    await lab.close()
  }
}

/** Makes a home as the version before wrote it: every path absolute. */
async function asBefore(home: string): Promise<void> {
  const sqlite = new Sqlite(join(home, 'lab.db'))
  const jobs = sqlite.prepare('select seq, folder, input, output, error from jobs').all() as Record<
    string,
    string | null
  >[]
  const update = sqlite.prepare('update jobs set folder = ?, input = ?, output = ?, error = ? where seq = ?')
  const json = (text: string | null, form: typeof paths) =>
    text === null ? null : JSON.stringify(form.unpack(JSON.parse(text) as unknown, home))
  for (const { seq, folder, input, output, error } of jobs)
    update.run(paths.unpack(folder, home), json(input!, paths), json(output!, paths), json(error!, prose), seq)
  dropNewer(sqlite)
  sqlite.pragma(`user_version = ${versionBefore}`)
  sqlite.close()
  for (const run of readdirSync(join(home, 'runs'))) {
    const path = join(home, 'runs', run, 'run.json')
    if (existsSync(path)) writeFileSync(path, json(readFileSync(path, 'utf8'), paths)!)
  }
}

/** The last version whose paths were absolute. */
const versionBefore = 3

/** Takes out the triggers, tables and columns that came after that version, so that the update can bring them again. */
function dropNewer(sqlite: Sqlite.Database): void {
  const before = new Sqlite(':memory:')
  const known = migrations.filter(({ number }) => number <= versionBefore)
  migrate(before, ':memory:', known)
  const named = (db: Sqlite.Database, type: 'table' | 'trigger') =>
    db
      .prepare(`select name from sqlite_master where type = ? and name not like 'sqlite_%'`)
      .pluck()
      .all(type) as string[]
  const columnsOf = (db: Sqlite.Database, table: string) =>
    (db.pragma(`table_info("${table}")`) as { name: string }[]).map(({ name }) => name)
  // First, as they write to tables that go.
  const kept = named(before, 'trigger')
  for (const trigger of named(sqlite, 'trigger')) if (!kept.includes(trigger)) sqlite.exec(`drop trigger "${trigger}"`)
  const old = named(before, 'table')
  for (const table of named(sqlite, 'table')) {
    if (!old.includes(table)) {
      sqlite.exec(`drop table "${table}"`)
      continue
    }
    // An index of a column that goes would hold it.
    const lists = (db: Sqlite.Database) =>
      db.prepare("select name from sqlite_master where type = 'index' and sql is not null").pluck().all() as string[]
    for (const index of lists(sqlite).filter((name) => !lists(before).includes(name)))
      sqlite.exec(`drop index "${index}"`)
    for (const column of columnsOf(sqlite, table).filter((name) => !columnsOf(before, table).includes(name)))
      sqlite.exec(`alter table "${table}" drop column "${column}"`)
  }
  before.close()
}

/** Everything of lab.db and of the small files that names a home: none may. */
export function namesHome(home: string, before = home): string[] {
  const sqlite = new Sqlite(join(home, 'lab.db'), { readonly: true })
  const tables = sqlite.prepare(`select name from sqlite_master where type = 'table'`).pluck().all() as string[]
  const rows = tables.flatMap((table) => sqlite.prepare(`select * from "${table}"`).all())
  sqlite.close()
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(json|jsonl)$/.test(name))
  const texts = [
    ...rows.map((row) => JSON.stringify(row)),
    ...files.map((name) => readFileSync(join(home, name), 'utf8'))
  ]
  return texts.filter((text) => [home, before].some((path) => text.includes(`${path}/`) || text.includes(`${path}"`)))
}

/** Every file of a home with its digest and the time of its last change. */
export function contentsOf(home: string): string[] {
  const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.map(({ parentPath, name }) => `${join(parentPath, name)} ${digest(join(parentPath, name))}`).sort()
}

async function resultOfRuns(lab: Lab): Promise<unknown> {
  const [experiment] = lab.services.store.experiments.list()
  await untilOver(lab, experiment!.id)
  return lab.services.store.runs.ofExperiment(experiment!.id).map(({ id, strategy, status }) => {
    const folder = lab.home.run(id)
    const names = ['predictions-naming.jsonl', 'tuned/patch.safetensors', 'retrieved.json']
    return [
      strategy,
      status,
      ...names.map((name) => (existsSync(join(folder, name)) ? digest(join(folder, name)) : null))
    ]
  })
}

function digest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}
