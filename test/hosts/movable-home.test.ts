import { createHash, randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  contentsOf,
  finish,
  interrupt,
  namesHome,
  newFolder,
  open,
  ways,
  worksOf,
  type Work
} from '../../bench/campaigns/robustness/homes-elsewhere.ts'
import { HubServer } from '../data/hub-server.ts'
import { installTinyWorld } from '../features/experiments/tiny-lab.ts'
import { makeTinyWorld, type TinyWorld } from '../worker/tiny-world.ts'
import { newHome, openLab, until, untilJob } from './fixture.ts'
import { modelDownload } from './model-download.ts'

let world: TinyWorld
const folder = mkdtempSync(join(tmpdir(), 'recross-movable-'))
beforeAll(async () => {
  world = await makeTinyWorld()
})
afterAll(() => {
  world.remove()
  rmSync(folder, { recursive: true, force: true })
})

describe.each(['import', 'run', 'index'])('an interrupted %s', (name) => {
  let work: Work
  let expected: unknown
  let interrupted: string

  beforeAll(async () => {
    work = worksOf(world)[name]!
    const whole = await open(newFolder(folder))
    await installTinyWorld(whole, world)
    await whole.close()
    interrupted = join(newFolder(folder), 'home')
    cpSync(whole.home.path, interrupted, { recursive: true })
    expected = await finish(whole.home.path, work, true)
    await interrupt(interrupted, work)
    expect(namesHome(interrupted)).toEqual([])
  })

  test.each(Object.keys(ways))('is finished in a home that was %s, and there alone', async (way) => {
    const home = join(newHome(), 'home')
    cpSync(interrupted, home, { recursive: true, preserveTimestamps: true })
    const { there, original } = await ways[way]!(home, newHome())
    const open = original === null ? null : await openLab({ home: original, jobs: { onlyOwn: true } })
    const before = original === null ? null : contentsOf(original)
    expect(await finish(there, work)).toEqual(expected)
    expect(namesHome(there, home)).toEqual([])
    if (original === null) expect(existsSync(home), 'the old place is not made again').toBe(false)
    else expect(contentsOf(original)).toEqual(before)
    await open?.close()
  })
})

test('cancelling in a copy deletes nothing of the original', async () => {
  const home = newHome()
  const lab = await openLab({ home, jobs: { slots: { cpu: 0 } } })
  await worksOf(world)['import']!.start(lab)
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
  await worksOf(world)['run']!.start(lab)
  await worksOf(world)['run']!.result(lab)
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
})

test('a download that is paused goes on in a moved home, from where it was', async () => {
  const hub = await HubServer.start()
  const files = Array.from({ length: 12 }, (_, n) => `part-${n}.bin`)
  const contents = files.map(() => randomBytes(100_000))
  for (const [n, name] of files.entries())
    hub.files.set(`some/model/${name}`, { content: contents[n]!, lfs: true, trouble: { kind: 'slow', times: 1 } })
  const home = join(newHome(), 'home')
  const lab = await openLab({ home })
  const { id } = lab.services.jobs.add('download', modelDownload(hub, files), { title: 'Download' })
  await until(
    () => lab.services.jobs.get(id),
    ({ progress }) => (progress?.done ?? 0) > 150_000
  )
  lab.services.jobs.pause(id)
  await untilJob(lab, id, 'paused')
  await lab.close()
  const there = join(newHome(), 'elsewhere')
  renameSync(home, there)
  const moved = await openLab({ home: there })
  expect(moved.services.jobs.get(id).status).toBe('paused')
  moved.services.jobs.resume(id)
  const done = await untilJob(moved, id, 'finished', 'failed')
  expect(done.error).toBeNull()
  const record = moved.services.store.jobs.get(id)
  const fetched = (record.output as { files: { path: string; sha256: string }[] }).files
  expect(fetched.map(({ path }) => path.startsWith(`${there}/`))).toEqual(files.map(() => true))
  expect(fetched.map(({ sha256 }) => sha256)).toEqual(
    contents.map((content) => createHash('sha256').update(content).digest('hex'))
  )
  expect(existsSync(home)).toBe(false)
  expect(namesHome(there, home)).toEqual([])
  // What had come before is not asked for again.
  expect(hub.requests.filter(({ path }) => path.endsWith('/resolve/main/part-0.bin'))).toHaveLength(1)
})
