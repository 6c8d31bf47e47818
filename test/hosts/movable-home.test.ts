import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { paths, prose } from '../../src/main/files/portable.ts'
import { forkStarter } from '../../src/main/hosts/fork-starter.ts'
import { Lab } from '../../src/main/hosts/lab.ts'
import { workerEntry } from '../../src/main/hosts/project.ts'
import { installTinyWorld, tinySpec, untilOver } from '../jobs/experiments/tiny-lab.ts'
import { makeTinyWorld, type TinyWorld } from '../worker/tiny-world.ts'
import { newHome, openLab, until, untilJob } from './fixture.ts'

/** What is cut off half-way, and what must come of it: digests of everything that it leaves. */
interface Work {
  start(lab: Lab): Promise<void>
  kind: 'import-dataset' | 'run-strategy' | 'build-index'
  result(lab: Lab): Promise<unknown>
}

let world: TinyWorld
const folder = mkdtempSync(join(tmpdir(), 'recross-movable-'))
beforeAll(async () => {
  world = await makeTinyWorld()
})
afterAll(() => {
  world.remove()
  rmSync(folder, { recursive: true, force: true })
})

const works: Record<string, Work> = {
  import: {
    kind: 'import-dataset',
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
    async start(lab) {
      await lab.client.experiments.start(tinySpec(world, { strategies: ['lexical'], rounds: 1, targetIds: ['naming'] }))
    },
    async result(lab) {
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
  },
  index: {
    kind: 'build-index',
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
}

/** Ways in which a home gets elsewhere. The original, where there is still one, is open meanwhile. */
const ways: Record<string, (home: string) => Promise<{ there: string; original: string | null }>> = {
  async copied(home) {
    const there = join(newHome(), 'a copy')
    cpSync(home, there, { recursive: true, preserveTimestamps: true })
    return { there, original: home }
  },
  async moved(home) {
    const there = join(newHome(), 'elsewhere', 'home')
    mkdirSync(dirname(there))
    renameSync(home, there)
    return { there, original: null }
  },
  async renamed(home) {
    renameSync(home, `${home}-2`)
    return { there: `${home}-2`, original: null }
  },
  async 'copied before the update'(home) {
    await asBefore(home)
    return ways['copied']!(home)
  },
  async 'moved twice before the update'(home) {
    await asBefore(home)
    const { there } = await ways['moved']!(home)
    return ways['renamed']!(there)
  }
}

describe.each(Object.keys(works))('an interrupted %s', (name) => {
  const work = works[name]!
  let expected: unknown
  let interrupted: string

  beforeAll(async () => {
    const whole = await open(newFolder())
    await installTinyWorld(whole, world)
    await whole.close()
    interrupted = join(newFolder(), 'home')
    cpSync(whole.home.path, interrupted, { recursive: true })
    expected = await finish(whole.home.path, work, true)
    const cut = await open(interrupted)
    await work.start(cut)
    await until(
      () => cut.services.store.jobs.list().filter(({ kind }) => kind === work.kind),
      (jobs) => jobs.some(({ id, status }) => status === 'running' && cut.services.jobs.get(id).progress !== null)
    )
    await cut.close()
    expect(namesHome(interrupted)).toEqual([])
  }, 120_000)

  test.each(Object.keys(ways))(
    'is finished in a home that was %s, and there alone',
    async (way) => {
      const home = join(newHome(), 'home')
      cpSync(interrupted, home, { recursive: true, preserveTimestamps: true })
      const { there, original } = await ways[way]!(home)
      const open = original === null ? null : await openLab({ home: original, jobs: { onlyOwn: true } })
      const before = original === null ? null : contentsOf(original)
      expect(await finish(there, work)).toEqual(expected)
      expect(namesHome(there, home)).toEqual([])
      if (original === null) expect(existsSync(home), 'the old place is not made again').toBe(false)
      else expect(contentsOf(original)).toEqual(before)
      await open?.close()
    },
    120_000
  )
})

test('cancelling in a copy deletes nothing of the original', async () => {
  const home = newHome()
  const lab = await openLab({ home, jobs: { slots: { cpu: 0 } } })
  await works['import']!.start(lab)
  const { id, folder } = lab.services.store.jobs.list()[0]!
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'examples.db'), 'precious')
  const there = join(newHome(), 'copy')
  cpSync(home, there, { recursive: true })
  const copy = await openLab({ home: there, jobs: { slots: { cpu: 0 } } })
  await copy.client.jobs.cancel({ id })
  await untilJob(copy, id, 'cancelled')
  await until(
    () => existsSync(join(there, 'datasets', folder.split(/[/\\]/).at(-1)!)),
    (is) => !is
  )
  expect(readFileSync(join(folder, 'examples.db'), 'utf8')).toBe('precious')
})

test('a run is repeated in a moved home', async () => {
  const home = join(newHome(), 'home')
  const lab = await openLab({ home })
  await installTinyWorld(lab, world)
  await works['run']!.start(lab)
  await works['run']!.result(lab)
  await lab.close()
  renameSync(home, `${home}-2`)
  const moved = await openLab({ home: `${home}-2` })
  const run = moved.services.store.runs.list().find(({ strategy }) => strategy === 'lexical')!
  const { id } = await moved.client.experiments.repeatRun({ runId: run.id })
  expect((await untilJob(moved, id, 'finished', 'failed')).error).toBeNull()
  expect((await moved.client.jobs.log({ id, tail: 100 })).map(({ text }) => text).join()).toMatch(
    /answers are the same/
  )
  expect(existsSync(home)).toBe(false)
}, 120_000)

function open(home: string): Promise<Lab> {
  return Lab.open({ host: 'cli', workers: forkStarter(workerEntry()), home })
}

/** A folder that goes with this file. */
function newFolder(): string {
  return mkdtempSync(join(folder, 'home-'))
}

/** Opens a home and lets what is in it come to its end. */
async function finish(home: string, work: Work, fresh = false): Promise<unknown> {
  const lab = await open(home)
  if (fresh) await work.start(lab)
  const jobs = await until(
    () => lab.services.store.jobs.list().filter(({ kind }) => kind === work.kind),
    (all) =>
      all.length > 0 && all.every(({ status, recorded }) => status === 'failed' || (status === 'finished' && recorded))
  )
  expect(jobs.map(({ error }) => error)).toEqual(jobs.map(() => null))
  const result = await work.result(lab)
  await lab.close()
  return result
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
  sqlite.pragma('user_version = 3')
  sqlite.close()
  for (const run of readdirSync(join(home, 'runs'))) {
    const path = join(home, 'runs', run, 'run.json')
    if (existsSync(path)) writeFileSync(path, json(readFileSync(path, 'utf8'), paths)!)
  }
}

/** Everything of lab.db and of the small files that names a home: none may. */
function namesHome(home: string, before = home): string[] {
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
function contentsOf(home: string): string[] {
  const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return files.map(({ parentPath, name }) => `${join(parentPath, name)} ${digest(join(parentPath, name))}`).sort()
}

function digest(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}
