import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { LabError } from '../../../src/main/contract/error.ts'
import { timedKinds } from '../../../src/main/contract/expected-time.ts'
import { expectedSeconds } from '../../../src/main/costs/expected-seconds.ts'
import type { Lab } from '../../../src/main/hosts/lab.ts'
import { computingCores } from '../../../src/main/jobs/cores.ts'
import { newHome, openLab, untilJob } from '../../hosts/fixture.ts'

/** Whatever else this machine does beside the tests is not what is tested. */
const others = vi.hoisted(() => ({ share: 0 }))
vi.mock('../../../src/main/machine/busy.ts', () => ({ busyShare: () => Promise.resolve(others.share) }))

const jobs = fc.array(fc.double({ min: 1, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 24 })

test('of jobs that took a start and so much for each unit, the next is told exactly, whatever its size', () => {
  fc.assert(
    fc.property(
      jobs.filter((works) => Math.max(...works) >= 2 * Math.min(...works)),
      fc.double({ min: 0, max: 20, noNaN: true }),
      fc.double({ min: 1e-9, max: 1e-3, noNaN: true }),
      fc.double({ min: 1, max: 1e10, noNaN: true }),
      (works, start, each, next) => {
        const done = works.map((work) => ({ work, seconds: start + each * work }))
        const told = expectedSeconds(next, done)!
        expect(told / (start + each * next)).toBeCloseTo(1, 3)
      }
    )
  )
})

test('more work never takes less time, and one odd job among many changes little', () => {
  const done = Array.from({ length: 9 }, (_, at) => ({ work: 1e6 * (at + 1), seconds: 2 + at + 1 }))
  const odd = [...done, { work: 5e6, seconds: 4000 }]
  expect(expectedSeconds(2e7, odd)! / expectedSeconds(2e7, done)!).toBeCloseTo(1, 1)
  fc.assert(
    fc.property(
      fc.array(fc.record({ work: fc.integer({ min: 1, max: 1e9 }), seconds: fc.integer({ min: 0, max: 1e5 }) }), {
        minLength: 1
      }),
      fc.integer({ min: 1, max: 1e9 }),
      fc.integer({ min: 0, max: 1e9 }),
      (any, work, more) => {
        const [less, told] = [expectedSeconds(work, any)!, expectedSeconds(work + more, any)!]
        expect(less).toBeGreaterThanOrEqual(0)
        expect(told).toBeGreaterThanOrEqual(less)
      }
    )
  )
})

test('an import is told from the imports before it; before the first, and of what is not there, nothing is', async () => {
  const lab = await openLab()
  const file = join(newHome(), 'a.jsonl')
  writeFileSync(file, Array.from({ length: 50 }, (_, n) => JSON.stringify({ input: `${n}?`, output: 'a' })).join('\n'))
  const expected = (path: string) => lab.client.jobs.expected({ kind: 'import-dataset', path })
  expect(await expected(file)).toEqual({ seconds: null, jobs: 0 })
  const { id } = await lab.client.data.import({ name: 'Whole', kind: 'upstream', files: [file] })
  await untilJob(lab, id, 'finished')
  const { seconds, jobs: count } = await expected(file)
  const { workedSeconds } = lab.services.store.jobs.get(id)
  expect(count).toBe(1)
  expect(seconds).toBeCloseTo(workedSeconds!, 6)
  expect(await expected(`${file}.gone`)).toEqual({ seconds: null, jobs: 1 })
  for (const kind of timedKinds.filter((one) => one !== 'import-dataset'))
    expect(await lab.client.jobs.expected({ kind, bytes: 1e6 })).toEqual({ seconds: null, jobs: 0 })
})

test('a look for leaks is told from the looks before it, by the rows that it looks at', async () => {
  const lab = await openLab()
  const folder = newHome()
  const rows = (count: number) =>
    Array.from({ length: count }, (_, n) => JSON.stringify({ input: `${n}?`, output: 'a' })).join('\n')
  for (const [name, kind, count] of [
    ['up', 'upstream', 50],
    ['own', 'target', 10]
  ] as const) {
    writeFileSync(join(folder, `${name}.jsonl`), rows(count))
    const { id } = await lab.client.data.import({ name, kind, files: [join(folder, `${name}.jsonl`)] })
    await untilJob(lab, id, 'finished')
  }
  const target = (await lab.client.targets.list({}))[0]!
  const data = (await lab.client.data.list({})).find(({ kind }) => kind === 'upstream')!
  const { id } = await lab.client.targets.checkLeaks({ id: target.id, datasetId: data.id })
  await untilJob(lab, id, 'finished')
  expect(lab.services.store.jobs.get(id).work).toBe(60)
  const { seconds } = await lab.client.jobs.expected({ kind: 'leak-check', rows: 60 })
  expect(seconds).toBeGreaterThanOrEqual(0)
  expect((await lab.client.jobs.expected({ kind: 'publish-index', rows: 60 })).seconds).toBeNull()
})

test('a pause is no work', async () => {
  const lab = await openLab()
  const { id } = lab.services.jobs.add('self-test', { steps: 30, milliseconds: 20 }, { title: 'Slow' })
  await untilJob(lab, id, 'running')
  await lab.client.jobs.pause({ id })
  await untilJob(lab, id, 'paused')
  const waited = performance.now()
  await new Promise((resolve) => setTimeout(resolve, 300))
  await lab.client.jobs.resume({ id })
  const paused = performance.now() - waited
  await untilJob(lab, id, 'finished')
  const { startedAt, finishedAt, workedSeconds } = lab.services.store.jobs.get(id)
  const wall = (Date.parse(finishedAt!) - Date.parse(startedAt!)) / 1000
  expect(workedSeconds!).toBeLessThan(wall - paused / 1000 + 0.2)
})

describe('the demo is told before anything of it is installed', () => {
  const speed = { startSeconds: 0, rerankSecondsPerPair: 0, embedSecondsPerExample: 0, peakBytes: 0 }
  const timed = { ...speed, tuneSecondsPerExample: 0, evaluateSecondsPerExample: 0.001 }
  const asking = (lab: Lab) => vi.spyOn(lab.services.jobs, 'ask')

  test('beside a job roughly, and nothing is timed', async () => {
    const lab = await openLab({ jobs: { slots: { cpu: 0 } } })
    const { id } = lab.services.jobs.add('self-test', { steps: 1 }, { title: 'Waits' })
    const asked = asking(lab)
    expect(await lab.client.experiments.demoTime({})).toMatchObject({ measured: false })
    expect(asked).not.toHaveBeenCalled()
    await lab.client.jobs.cancel({ id })
    // One that begins meanwhile.
    asked.mockRejectedValueOnce(new LabError('machine-busy', 'A job computes.'))
    expect(await lab.client.experiments.demoTime({})).toMatchObject({ measured: false })
    expect(asked).toHaveBeenCalledTimes(1)
  })

  test('on a quiet computer once for good, until its threads are others', async () => {
    const home = newHome()
    const first = await openLab({ home })
    asking(first).mockResolvedValueOnce(timed)
    const { seconds, measured } = await first.client.experiments.demoTime({})
    expect(measured).toBe(true)
    // Four targets of 800 rows, once untuned and by four strategies in three rounds; as many runs at once as there are cores.
    expect(seconds).toBeGreaterThan(0)
    await first.close()
    const second = await openLab({ home })
    const asked = asking(second)
    expect(await second.client.experiments.demoTime({})).toEqual({ seconds, measured })
    expect(asked).not.toHaveBeenCalled()
    await second.client.lab.saveSettings({ threads: 1 + computingCores(second.services.store) })
    asked.mockResolvedValueOnce({ ...timed, evaluateSecondsPerExample: 0.1 })
    expect((await second.client.experiments.demoTime({})).seconds).toBeGreaterThan(2 * seconds)
    expect(second.services.store.models.list()).toEqual([])
  })

  test('beside other programs once while the lab is open', async () => {
    const home = newHome()
    const first = await openLab({ home })
    others.share = 0.9
    onTestFinished(() => void (others.share = 0))
    const asked = asking(first).mockResolvedValueOnce(timed)
    const time = await first.client.experiments.demoTime({})
    expect(await first.client.experiments.demoTime({})).toEqual(time)
    expect(asked).toHaveBeenCalledTimes(1)
    await first.close()
    const second = await openLab({ home })
    const again = asking(second).mockResolvedValueOnce(timed)
    await second.client.experiments.demoTime({})
    expect(again).toHaveBeenCalledTimes(1)
  })
})

test('how much of the cores is at work is a share', async () => {
  const { busyShare } = await vi.importActual<typeof import('../../../src/main/machine/busy.ts')>(
    '../../../src/main/machine/busy.ts'
  )
  const share = await busyShare()
  expect(share).toBeGreaterThanOrEqual(0)
  expect(share).toBeLessThanOrEqual(1)
})
