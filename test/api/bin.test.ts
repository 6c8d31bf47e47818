import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { BinFolder } from '../../src/main/features/things/bin.ts'
import { LabError } from '../../src/main/contract/error.ts'
import { binDays, type Thing } from '../../src/main/contract/things.ts'
import { fromCall } from '../../src/main/contract/wire-error.ts'
import { forkStarter } from '../../src/main/hosts/fork-starter.ts'
import { Lab } from '../../src/main/hosts/lab.ts'
import { workerEntry } from '../../src/main/hosts/project.ts'
import { installTinyWorld, tinySpec, untilOver } from '../features/experiments/tiny-lab.ts'
import { makeTinyWorld, type TinyWorld } from '../worker/tiny-world.ts'

let world: TinyWorld
let lab: Lab
let experimentId: string

/** One lab with everything in it: data, targets, a model, an index, an experiment that has run to its end. */
beforeAll(async () => {
  world = await makeTinyWorld()
  lab = await Lab.open({
    host: 'server',
    workers: forkStarter(workerEntry()),
    home: mkdtempSync(join(tmpdir(), 'recross-home-'))
  })
  await installTinyWorld(lab, world)
  const spec = tinySpec(world, { strategies: ['dense'], rounds: 1 })
  experimentId = (await untilOver(lab, (await lab.client.experiments.start(spec)).id)).id
  for (const thing of things()) await lab.client.things.label({ ...thing, note: `on ${thing.what}`, tags: ['a', 'b'] })
})
afterAll(async () => {
  await lab.close()
  rmSync(lab.home.path, { recursive: true, force: true, maxRetries: 3 })
  world.remove()
})

let before: { rows: unknown; files: string[]; table: unknown }
beforeEach(async () => {
  before = await state()
})

const things = (): Thing[] => [
  { what: 'experiment', id: experimentId },
  { what: 'index', id: lab.services.store.indices.list()[0]?.id ?? '' },
  { what: 'target', id: 'naming' },
  { what: 'dataset', id: 'data-colouring' },
  { what: 'dataset', id: 'upstream' },
  { what: 'model', id: 'tiny' }
]

/** Every row of every table but the bin's own, every file of the home, and the comparison as its readers see it. */
async function state() {
  const { database } = lab.services.store
  const tables = [
    'datasets',
    'targets',
    'query_sets',
    'leak_checks',
    'leaks',
    'models',
    'indices',
    'experiments'
  ] as const
  const more = [
    'runs',
    'experiment_runs',
    'scores',
    'jobs',
    'job_log',
    'job_curve',
    'job_dependencies',
    'labels'
  ] as const
  const rows = Object.fromEntries(
    [...tables, ...more].map((name) => [name, database.all(database.query.selectFrom(name).selectAll())])
  )
  const entries = readdirSync(lab.home.path, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return {
    rows,
    files: files.filter((path) => /[/\\](datasets|models|indices|runs|bin)[/\\]/.test(path)).sort(),
    table: await lab.client.compare.table({ experimentId }).catch(() => null)
  }
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'no error',
    (thrown: unknown) => {
      const error = fromCall(thrown)
      return error instanceof LabError ? error.code : String(error)
    }
  )
}

describe.each([0, 1, 2, 3, 4, 5])('thing %i', (number) => {
  test('goes, does what was said, and comes back whole', async () => {
    const { client } = lab
    const thing = things()[number]!
    const loss = await client.things.loss(thing)
    const binned = await client.things.remove(thing)
    expect(binned).toMatchObject({ ...thing, name: loss.name, others: loss.lost.length, bytes: loss.bytes })
    expect(await client.things.bin()).toEqual([binned])

    const after = await state()
    const ids = new Set(
      JSON.stringify(after.rows)
        .match(/"[\w-]+"/g)
        ?.map((id) => id.slice(1, -1))
    )
    const records = lab.services.store
    for (const { kind, id } of loss.lost) {
      if (kind === 'run') expect(records.runs.find(id)).toBeUndefined()
      if (kind === 'index') expect(records.indices.find(id)).toBeUndefined()
      if (kind === 'target') expect(records.targets.find(id)).toBeUndefined()
      if (kind === 'query-set') expect(ids.has(id)).toBe(false)
    }
    // What is said to stay readable is read as before.
    for (const { kind, id } of loss.kept) {
      expect({ kind, id }).toEqual({ kind: 'experiment', id: experimentId })
      expect(scoresOf(after.table)).toEqual(scoresOf(before.table))
      const plan = client.experiments.plan((await client.experiments.get({ id })).spec)
      expect(await codeOf(plan)).toBe('not-found')
    }
    // And what is not said to be lost is there.
    if (thing.what !== 'experiment') expect(await client.experiments.get({ id: experimentId })).toBeTruthy()

    expect(await client.things.restore({ binId: binned!.binId })).toEqual(thing)
    expect(await state()).toEqual(before)
    expect(await client.things.bin()).toEqual([])
  })
})

test.each([
  ['in the order in which they went', [0, 1, 2, 3, 4, 5]],
  ['the other way round', [5, 4, 3, 2, 1, 0]],
  ['from the middle', [3, 4, 1, 5, 0, 2]]
])('everything goes, and comes back %s; what hangs on something that is not there is told so', async (_, order) => {
  const { client } = lab
  const bins: string[] = []
  for (const thing of things()) bins.push((await client.things.remove(thing))!.binId)
  expect(await client.data.list()).toHaveLength(1)
  let waiting = order.map((place) => bins[place]!)
  for (let round = 0; waiting.length > 0 && round < 4; round++) {
    const refused: string[] = []
    for (const binId of waiting) {
      const code = await codeOf(client.things.restore({ binId }))
      if (code === 'needs-other') refused.push(binId)
      else expect(code).toBe('no error')
    }
    waiting = refused
  }
  // A look for leaks between two things that came back one by one is taken again when it is needed.
  const looks = { leak_checks: expect.anything() as unknown, leaks: expect.anything() as unknown }
  expect(await state()).toEqual({ ...before, rows: { ...(before.rows as object), ...looks } })
})

test('a lab that died between rows and folders moves the rest at its next start; what was made anew stays', async () => {
  const { client, home } = lab
  const binned = await client.things.remove({ what: 'model', id: 'tiny' })
  const [kept, place] = [join(home.path, 'bin', binned!.binId, 'models', 'tiny'), home.model('tiny')]
  renameSync(kept, place)
  const bin = new BinFolder(lab.services)
  await bin.settle()
  expect([existsSync(place), existsSync(kept)]).toEqual([false, true])
  mkdirSync(dirname(place), { recursive: true })
  cpSync(kept, place, { recursive: true })
  await bin.settle()
  expect([existsSync(place), existsSync(kept)]).toEqual([true, true])
  await client.things.restore({ binId: binned!.binId })
  expect(await client.models.list()).toHaveLength(1)
})

test('after some days, or at once where that is wanted, it is gone for good', async () => {
  const { client, home } = lab
  const { id } = await client.targets.create({
    ...{ datasetId: 'data-naming', name: 'naming', metrics: ['em'], answerBy: 'generation' }
  })
  const binned = await client.things.remove({ what: 'target', id })
  const bin = new BinFolder(lab.services)
  const day = 24 * 60 * 60 * 1000
  await bin.settle(Date.now() + (binDays - 1) * day)
  expect(await client.things.bin()).toHaveLength(1)
  await bin.settle(Date.now() + (binDays + 1) * day)
  expect(await client.things.bin()).toEqual([])
  expect(await codeOf(client.things.restore({ binId: binned!.binId }))).toBe('not-found')
  expect(await client.things.remove({ what: 'experiment', id: experimentId, forGood: true })).toBeNull()
  expect(await client.things.bin()).toEqual([])
  expect(readdirSync(join(home.path, 'runs'))).toEqual([])
})

/** The numbers of a comparison, without the names of things, which are gone when the thing is. */
function scoresOf(table: unknown): unknown {
  const numbers = JSON.stringify(table)?.match(/-?\d+\.\d+/g)
  expect(numbers?.length).toBeGreaterThan(3)
  return numbers
}
