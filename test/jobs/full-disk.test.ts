import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { fromCall } from '../../src/main/contract/wire-error.ts'
import type { Lab } from '../../src/main/hosts/lab.ts'
import { canMakeDisks, makeSmallDisk, type SmallDisk } from '../files/small-disk.ts'
import { newHome, openLab, until, untilJob } from '../hosts/fixture.ts'
import { needs } from '../needs.ts'
import { makeTinyWorld, type TinyWorld } from '../worker/tiny-world.ts'
import { installTinyWorld, tinySpec, untilOver } from '../features/experiments/tiny-lab.ts'

/** Larger than what must be free for a job to go on. */
const megabytes = 280

let world: TinyWorld
let disk: SmallDisk
beforeAll(async () => {
  world = await makeTinyWorld()
  if (canMakeDisks) disk = makeSmallDisk(megabytes)
})
afterAll(() => {
  world.remove()
  if (canMakeDisks) disk.remove()
})

const tmpfs = needs(canMakeDisks, 'small disks need root on Linux')

describe('on a full disk', { ...tmpfs }, () => {
  afterEach(() => disk.free())

  test('a job that ends while nothing can be written is not lost, and the lab lives', async () => {
    const lab = await openLab({ home: join(disk.path, 'ends') })
    const { id } = lab.services.jobs.add('self-test', { steps: 40, milliseconds: 50 }, { title: 'Slow' })
    await untilJob(lab, id, 'running')
    disk.fill()
    const waiting = await untilJob(lab, id, 'paused', 'finished')
    // lab.db may have had a page to spare; else the job waits, and says why.
    if (waiting.status === 'paused') expect(waiting.error).toMatchObject({ code: 'disk-full' })
    const refused = await lab.client.lab.saveSettings({ theme: 'dark' }).catch((thrown: unknown) => fromCall(thrown))
    expect(refused).toMatchObject({ code: 'disk-full' })
    disk.free()
    expect(await untilJob(lab, id, 'finished')).toMatchObject({ error: null })
  })

  test('an import waits with a sentence that says what is needed, and goes on by itself', async () => {
    const file = join(newHome(), 'a.jsonl')
    const rows = Array.from({ length: 2000 }, (_, n) => JSON.stringify({ input: `What is ${n}?`, output: `${n}` }))
    writeFileSync(file, rows.join('\n'))
    const lab = await openLab({ home: join(disk.path, 'import') })
    const whole = await lab.client.data.import({ name: 'Whole', kind: 'target', files: [file] })
    await untilJob(lab, whole.id, 'finished')
    const { id } = await lab.client.data.import({ name: 'Numbers', kind: 'upstream', files: [file] })
    disk.fill()
    const paused = await untilJob(lab, id, 'paused')
    expect(paused.error).toMatchObject({ code: 'disk-full' })
    expect(paused.error!.message).toMatch(/The disk is full: .* \(\d+ MB free\)\. Make room, at least 2\d\d MB\./)
    disk.free()
    await untilJob(lab, id, 'finished')
    const [first, second] = lab.services.store.datasets.list()
    expect(second!.contentHash).toBe(first!.contentHash)
  })

  test('a run that is stopped while it tunes and while it answers ends with the same numbers', async () => {
    const spec = tinySpec(world, { strategies: ['lexical'], rounds: 1, targetIds: ['naming'] })
    const numbers: unknown[] = []
    for (const times of [0, 2]) {
      const lab = await openLab({ home: join(disk.path, `run-${times}`) })
      await installTinyWorld(lab, world)
      const { id } = await lab.client.experiments.start(spec)
      for (let time = 0; time < times; time++) {
        await until(
          () => lab.services.store.jobs.withStatus('running'),
          (jobs) => jobs.length > 0 || over(lab, id)
        )
        await new Promise((resolve) => setTimeout(resolve, 300 * time))
        disk.fill()
        await new Promise((resolve) => setTimeout(resolve, 1000))
        disk.free()
        for (const job of lab.services.store.jobs.withStatus('paused')) await lab.client.jobs.resume({ id: job.id })
      }
      expect(await untilOver(lab, id)).toMatchObject({ status: 'finished' })
      numbers.push(numbersOf(lab, id))
      await lab.close()
    }
    expect(numbers[1]).toEqual(numbers[0])
  })

  test('on a disk that can only be read the lab says so, and works when it can write again', async () => {
    const lab = await openLab({ home: join(disk.path, 'ends') })
    await lab.close()
    disk.readOnly(true)
    try {
      await expect(openLab({ home: join(disk.path, 'ends') })).rejects.toMatchObject({ code: 'disk-read-only' })
      await expect(openLab({ home: join(disk.path, 'new') })).rejects.toMatchObject({ code: 'disk-read-only' })
    } finally {
      disk.readOnly(false)
    }
    await openLab({ home: join(disk.path, 'ends') })
  })
})

function over(lab: Lab, id: string): boolean {
  return lab.services.store.experiments.get(id).status !== 'running'
}

function numbersOf(lab: Lab, id: string): unknown {
  return lab.services.store.runs
    .ofExperiment(id)
    .map((run) => [run.strategy, readFileSync(lab.home.answers(run.id, 'naming'), 'utf8')])
}
