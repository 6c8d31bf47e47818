import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { newHome, openLab, untilJob } from '../hosts/fixture.ts'

const hash = (letter: string) => letter.repeat(32)
const fast = { pollMilliseconds: 100, retryMilliseconds: 200, gatherMilliseconds: 20 }

/** The programs of a version of the lab, as it has put them there so many days ago. */
function putPrograms(root: string, name: string, days: number): string {
  const folder = join(root, 'bundle', name)
  mkdirSync(join(folder, 'out', 'main'), { recursive: true })
  writeFileSync(join(folder, 'out', 'main', 'file-worker.js'), 'process.stdout.write("up"); setInterval(() => 0, 1000)')
  const then = new Date(Date.now() - days * 86_400_000)
  utimesSync(folder, then, then)
  return folder
}

async function labWithPlace() {
  const root = newHome()
  const lab = await openLab({ places: fast })
  const { id: place } = await lab.client.places.add({ name: 'beside', kind: 'process', folder: root, atOnce: 2 })
  const run = async (steps: number) =>
    (await lab.client.jobs.selfTest({ steps, milliseconds: 20, fail: 'no', place })).id
  return { root, lab, place, run }
}

test('programs of other versions are listed with size and age; cleaning leaves those that something uses', async () => {
  const { root, lab, place, run } = await labWithPlace()
  await untilJob(lab, await run(2), 'finished', 'failed')
  const [old, served, broken, coming] = ['a', 'b', 'c', 'd'].map(hash) as [string, string, string, string]
  const whole = putPrograms(root, old, 40)
  const running = putPrograms(root, served, 40)
  putPrograms(root, `${broken}.part`, 2)
  putPrograms(root, `${coming}.part`, 0)
  mkdirSync(join(root, 'bundle', 'not-of-the-lab'))
  // Another lab of the same user works with these.
  const other = spawn(process.execPath, [join(running, 'out', 'main', 'file-worker.js')])
  onTestFinished(() => void other.kill())
  await once(other.stdout, 'data')

  const { bundles, jobs, scripts } = await lab.client.places.contents({ id: place })
  expect(bundles).toMatchObject([
    { hash: old, whole: true, inUse: false },
    { hash: served, whole: true, inUse: true },
    { hash: broken, whole: false, inUse: false },
    { hash: coming, whole: false, inUse: true }
  ])
  expect(bundles[0]!.bytes).toBeGreaterThan(40)
  expect(Math.round((Date.now() - Date.parse(bundles[0]!.putAt)) / 86_400_000)).toBe(40)
  expect(jobs).toMatchObject([{ state: 'done' }])
  expect(Date.now() - Date.parse(jobs[0]!.changedAt)).toBeLessThan(600_000)
  expect(scripts).toEqual({ count: 0, bytes: 0 })

  const { freedBytes } = await lab.client.places.clean({ id: place })
  expect(freedBytes).toBeGreaterThan(bundles[0]!.bytes)
  expect(existsSync(whole)).toBe(false)
  expect(readdirSync(join(root, 'bundle')).sort()).toEqual([served, `${coming}.part`, 'not-of-the-lab'])
})

test('a job that runs or waits keeps the programs that it was handed in with, or all where nobody wrote that down', async () => {
  const { root, lab, place, run } = await labWithPlace()
  const [own, old] = [putPrograms(root, hash('a'), 9), putPrograms(root, hash('b'), 9)]
  const job = await run(5000)
  await untilJob(lab, job, 'running')
  const note = join(root, 'jobs', job, 'programs.json')
  const inUse = async () => (await lab.client.places.contents({ id: place })).bundles.map(({ inUse: used }) => used)
  while (!existsSync(join(root, 'jobs', job, 'holder-1.json'))) await new Promise(setImmediate)
  writeFileSync(note, JSON.stringify({ worker: join(own, 'out', 'main', 'file-worker.js') }))
  expect(await inUse()).toEqual([true, false])
  writeFileSync(note, '{}')
  expect(await inUse()).toEqual([true, true])
  await expect(lab.client.places.clean({ id: place, everything: true })).rejects.toMatchObject({
    data: { code: 'in-use' }
  })
  expect([own, old].map((path) => existsSync(path))).toEqual([true, true])
  lab.services.jobs.cancel(job)
  await untilJob(lab, job, 'cancelled')
})

test('everything that the lab has put at a place can be taken away, and the place goes on from nothing', async () => {
  const { root, lab, place, run } = await labWithPlace()
  await untilJob(lab, await run(2), 'finished', 'failed')
  putPrograms(root, hash('a'), 1)
  writeFileSync(join(root, 'of-somebody-else'), 'kept')
  expect((await lab.client.places.clean({ id: place, everything: true })).freedBytes).toBeGreaterThan(100)
  expect(readdirSync(root)).toEqual(['of-somebody-else'])
  expect(await untilJob(lab, await run(2), 'finished', 'failed')).toMatchObject({ status: 'finished' })
})
