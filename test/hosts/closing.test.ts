import { createRouterClient } from '@orpc/server'
import { cpSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import { Underway } from '../../src/main/jobs/underway.ts'
import { contract } from '../../src/main/contract/routes.ts'
import { fromCall } from '../../src/main/contract/wire-error.ts'
import type { Lab } from '../../src/main/hosts/lab.ts'
import { Database } from '../../src/main/store/database.ts'
import { installTinyWorld, tinySpec, untilOver } from '../features/experiments/tiny-lab.ts'
import { makeTinyWorld, type TinyWorld } from '../worker/tiny-world.ts'
import { newHome, openLab, untilJob } from './fixture.ts'

/**
 * Nothing of a lab runs on when it was closed. Every access to its database and every timer of its code is watched: a lab with all kinds
 * of things under way is closed at its n-th access, and afterwards every timer that is left goes off at once.
 */

const asks = ['all', 'first', 'run', 'transaction', 'compact'] as const
const own = /\/src\/main\/(?!worker\/)/

interface Watch {
  /** Where the database was asked after it had been closed. */
  late: string[]
  /** Called with every access to the open one. */
  asked: () => void
  timers: Map<unknown, () => void>
  unheard: unknown[]
}
const watch: Watch = { late: [], asked: () => undefined, timers: new Map(), unheard: [] }
const undo: (() => void)[] = []

beforeAll(() => {
  for (const name of asks) watchAccess(name)
  watchTimers()
  const unheard = (reason: unknown) => watch.unheard.push(reason)
  process.on('unhandledRejection', unheard)
  undo.push(() => process.off('unhandledRejection', unheard))
})
afterAll(() => undo.forEach((back) => back()))
afterEach(() => {
  watch.late = []
  watch.asked = () => undefined
})

function watchAccess(name: (typeof asks)[number]): void {
  const usual = Object.getOwnPropertyDescriptor(Database.prototype, name)!
  Object.defineProperty(Database.prototype, name, {
    ...usual,
    value(this: Database, ...given: unknown[]): unknown {
      if (this.open) watch.asked()
      else watch.late.push(new Error(`${name} of a closed database`).stack!)
      return Reflect.apply(usual.value as (...all: unknown[]) => unknown, this, given)
    }
  })
  undo.push(() => Object.defineProperty(Database.prototype, name, usual))
}

/** Of timers that the lab's own code has set and that have neither gone off nor been taken back, what they would do. */
function watchTimers(): void {
  const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis
  const keeping = (usual: typeof setTimeout | typeof setInterval, once: boolean) =>
    Object.assign((work: (...given: unknown[]) => void, milliseconds?: number, ...given: unknown[]) => {
      const isOwn = own.test(new Error().stack!)
      const timer: unknown = (usual as typeof setTimeout)(() => {
        if (once) watch.timers.delete(timer)
        work(...given)
      }, milliseconds)
      if (isOwn) watch.timers.set(timer, () => work(...given))
      return timer
    }, usual)
  const forgetting = (usual: typeof clearTimeout) => (timer?: Parameters<typeof clearTimeout>[0]) => {
    watch.timers.delete(timer)
    usual(timer)
  }
  Object.assign(globalThis, {
    setTimeout: keeping(setTimeout, true),
    setInterval: keeping(setInterval, false),
    clearTimeout: forgetting(clearTimeout),
    clearInterval: forgetting(clearInterval)
  })
  undo.push(() => Object.assign(globalThis, { setTimeout, setInterval, clearTimeout, clearInterval }))
}

/** Whatever waits for its time has it now. */
async function letTimePass(): Promise<void> {
  for (let rounds = 0; rounds < 3; rounds++) {
    const due = [...watch.timers.values()]
    watch.timers.clear()
    for (const work of due) work()
    for (let turns = 0; turns < 10; turns++) await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Every procedure of the contract, by its name. */
const procedures = Object.entries(contract).flatMap(([group, routes]) =>
  Object.keys(routes).map((name) => [group, name] as const)
)

test('a closed lab takes no call, whatever it is', async () => {
  const lab = await openLab()
  await lab.close()
  const client = createRouterClient(lab.router) as unknown as Record<
    string,
    Record<string, (input: unknown) => unknown>
  >
  const said = await Promise.all(
    procedures.map(async ([group, name]) => {
      try {
        await client[group]![name]!({})
        return `${group}.${name} was answered`
      } catch (thrown) {
        return fromCall(thrown).code
      }
    })
  )
  expect(said).toEqual(procedures.map(() => 'lab-closed'))
  expect(watch.late).toEqual([])
})

test('what is under way is waited for, with what it begins meanwhile; nothing else begins', async () => {
  const underway = new Underway()
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const reported: unknown[] = []
  const asked = underway.run(async () => {
    await first.promise
    underway.also(second.promise, (thrown) => reported.push(thrown))
  })
  let over = false
  underway.close()
  const settled = underway.settled().then(() => (over = true))
  await expect(underway.run(async () => undefined)).rejects.toMatchObject({ code: 'lab-closed' })
  first.resolve()
  await asked
  await new Promise((resolve) => setImmediate(resolve))
  expect(over).toBe(false)
  second.reject(new Error('as the lab closes'))
  await settled
  expect(reported).toEqual([])
})

/** A hub, a mirror, a release page: it takes every call and answers none. */
async function silentServer(): Promise<string> {
  const server = createServer(() => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** A home with data, a model, an index, a finished experiment and a place, to be copied for every moment. */
async function fullHome(world: TinyWorld): Promise<{ home: string; experimentId: string; runId: string }> {
  const home = newHome()
  const lab = await openLab({ home })
  await installTinyWorld(lab, world)
  await lab.client.lab.saveSettings({ mirror: await silentServer(), releases: `${await silentServer()}/releases.json` })
  await lab.client.places.add({ name: 'beside', kind: 'process', folder: join(home, '..', `${home}-place`) })
  const { id } = await lab.client.experiments.start(tinySpec(world, { rounds: 1, targetIds: ['naming'] }))
  await untilOver(lab, id)
  const built = await lab.client.indices.build({ datasetId: 'upstream', modelId: 'tiny', representation: 'dense' })
  await untilJob(lab, built.id, 'finished')
  const [run] = await lab.client.experiments.runs({ id })
  await lab.close()
  return { home, experimentId: id, runId: run!.id }
}

/** All kinds of things at once; what is asked is given back, and nobody waits for it here. */
async function beginEverything(
  lab: Lab,
  world: TinyWorld,
  { experimentId, runId }: { experimentId: string; runId: string }
): Promise<Record<string, Promise<unknown>>> {
  const { client, services } = lab
  const folder = newHome()
  const [place] = await client.places.list()
  const [index] = await client.indices.list()
  const rows = Array.from({ length: 400 }, (_, n) => [`Which number is ${n}?`, [`${n}`], `numbers|train|ask|#${n}`])
  const file = join(folder, 'rows.json')
  writeFileSync(file, JSON.stringify(rows))
  const questions = join(folder, 'questions.txt')
  writeFileSync(questions, rows.map(([text]) => text).join('\n'))
  const work = { steps: 400, milliseconds: 5, fail: 'no' as const }
  const aside = await client.jobs.selfTest(work)
  const begun: Record<string, Promise<unknown>> = {
    running: client.jobs.selfTest(work),
    failing: client.jobs.selfTest({ ...work, steps: 2, fail: 'throw' }),
    crashing: client.jobs.selfTest({ ...work, steps: 2, fail: 'abort' }),
    elsewhere: client.jobs.selfTest({ ...work, place: place!.id }),
    cancelled: client.jobs.cancel({ id: aside.id }),
    import: client.data.import({ name: 'Numbers', kind: 'upstream', files: [file] }),
    preview: client.data.preview({ kind: 'upstream', file }),
    search: client.data.search({ id: 'upstream', text: 'cat' }),
    demo: client.data.installDemo(),
    download: client.catalog.download({
      ...{ by: 'hub', repo: 'owner/data', repoType: 'dataset' },
      importAs: { name: 'Numbers there', kind: 'upstream', reading: {}, mapping: null, skipLimit: 100 }
    }),
    plan: client.experiments.plan(tinySpec(world)),
    experiment: client.experiments.start(tinySpec(world, { rounds: 1, name: 'Another', seed: 7 })),
    repeat: client.experiments.repeatRun({ runId }),
    weights: client.experiments.keepWeights({ id: experimentId, keep: 'none' }),
    table: client.compare.table({ experimentId }),
    html: client.compare.export({ experimentId, format: 'html' }),
    study: client.studies.export({ experimentIds: [experimentId], path: join(folder, 'study.zip') }),
    map: client.indices.map({ indexId: index!.id, querySetId: null }),
    neighbours: client.indices.neighbours({
      datasetId: 'upstream',
      indexId: index!.id,
      strategy: 'dense',
      text: 'Which animal is this: owl?'
    }),
    rates: client.models.findRate({ modelId: 'tiny', datasetId: 'upstream', tune: tinySpec(world).tune }),
    ask: client.models.ask({ of: { modelId: 'tiny' }, text: 'Which animal is this: owl?' }),
    answers: client.models.answer({ of: { modelId: 'tiny' }, file: questions }),
    leaks: client.targets.checkLeaks({ id: 'naming', datasetId: 'upstream' }),
    check: client.places.check({ id: place!.id }),
    contents: client.places.contents({ id: place!.id }),
    usage: client.lab.usage(),
    verify: client.lab.verify(),
    doctor: client.lab.doctor(),
    clean: client.lab.clean({ dryRun: false }),
    delete: client.things.remove({ what: 'target', id: 'colouring', forGood: false }).then(async (binned) => {
      await client.things.restore({ binId: binned!.binId })
    }),
    diagnostics: client.lab.diagnostics(),
    clear: client.jobs.clear(),
    measure: services.jobs.ask('self-question', work),
    // As no server answers, these keep two questions busy to the end.
    hub: client.catalog.look({ repo: 'owner/data' }),
    update: client.lab.lookForUpdate()
  }
  for (const one of Object.values(begun)) one.catch(() => undefined)
  return begun
}

let world: TinyWorld
beforeAll(async () => {
  world = await makeTinyWorld()
})
afterAll(() => world.remove())

test('a lab may be closed whatever is under way: nothing of it asks afterwards, and every answer has come or is refused', async () => {
  const full = await fullHome(world)
  // Where fewer accesses come, it is closed when every call has ended that ends by itself.
  for (const accesses of [150, 400, 900]) {
    const home = newHome()
    cpSync(full.home, home, { recursive: true })
    const lab = await openLab({ home })
    const due = Promise.withResolvers<void>()
    let left = accesses
    watch.asked = () => (--left <= 0 ? due.resolve() : undefined)
    const begun = await beginEverything(lab, world, full)
    const { hub: _, update: __, demo: ___, ...ending } = begun
    void Promise.allSettled(Object.values(ending)).then(() => due.resolve())
    await due.promise
    await lab.close()
    const ends = await Promise.all(Object.entries(begun).map(([name, one]) => endOf(name, one)))
    await letTimePass()
    const at = `closed at access ${accesses}`
    expect(watch.late, at).toEqual([])
    expect(watch.unheard, at).toEqual([])
    expect(
      ends.filter((end) => !['answered', 'refused'].includes(end)),
      at
    ).toEqual([])
  }
})

/** How a call has ended, which must have done so by now. */
function endOf(name: string, call: Promise<unknown>): Promise<string> {
  const open = new Promise<string>((resolve) => setImmediate(() => resolve(`${name} is still open`)))
  const ended = call.then(
    () => 'answered',
    (thrown: unknown) => {
      const { code, message } = fromCall(thrown)
      // A word for the user; neither a bug, nor a worker's crash, which is none when the lab ends it.
      return ['bug', 'worker-crashed'].includes(code) ? `${name}: ${code}: ${message}` : 'refused'
    }
  )
  return Promise.race([ended, open])
}
