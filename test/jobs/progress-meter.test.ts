import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProgressMeter } from '../../src/main/jobs/progress-meter.ts'

test('a steady job has its own rate, and the time that is really left', () => {
  const meter = new ProgressMeter()
  for (let second = 0; second <= 20; second++) {
    meter.take({ phase: 'tuning', done: second * 5, total: 200 }, second * 1000)
  }
  expect(meter.state).toMatchObject({ fraction: 0.5, done: 100, total: 200 })
  expect(meter.state?.rate).toBeCloseTo(5, 6)
  expect(meter.state?.secondsLeft).toBeCloseTo(20, 6)
})

test('a new phase has a rate of its own; the whole keeps its fraction', () => {
  const meter = new ProgressMeter()
  meter.take({ phase: 'reading', done: 0, total: 10, fraction: 0 }, 0)
  meter.take({ phase: 'reading', done: 10, total: 10, fraction: 0.5 }, 1000)
  expect(meter.state?.rate).toBeCloseTo(10)
  const next = meter.take({ phase: 'writing', done: 0, total: 4, fraction: 0.5 }, 2000)
  expect(next.rate).toBeNull()
  expect(next.fraction).toBe(0.5)
})

test('a pause does not count as slowness', () => {
  const meter = new ProgressMeter()
  meter.take({ phase: 'a', done: 0, total: 100 }, 0)
  meter.take({ phase: 'a', done: 10, total: 100 }, 1000)
  meter.skipTime()
  meter.take({ phase: 'a', done: 10, total: 100 }, 3_600_000)
  expect(meter.take({ phase: 'a', done: 20, total: 100 }, 3_601_000).rate).toBeCloseTo(10)
})

test('a count that begins anew within a phase, as with the next target, is no negative speed', () => {
  const meter = new ProgressMeter()
  for (let row = 0; row <= 3; row++) meter.take({ phase: 'evaluating', done: row * 100, total: 400 }, row * 1000)
  expect(meter.take({ phase: 'evaluating', done: 0, total: 800 }, 4000).rate).toBeNull()
  expect(meter.take({ phase: 'evaluating', done: 50, total: 800 }, 5000).rate).toBeCloseTo(50)
})

test('an unknown total leaves fraction and time open; figures stay until newer ones come', () => {
  const meter = new ProgressMeter()
  meter.take({ phase: 'a', done: 1, figures: { loss: 3, rate: 1 } }, 0)
  expect(meter.take({ phase: 'a', done: 2, figures: { loss: 2 } }, 1000)).toMatchObject({
    fraction: null,
    secondsLeft: null,
    figures: { loss: 2, rate: 1 }
  })
})

test('whatever is reported, fraction stays in 0…1 and time left is no nonsense', () => {
  const report = fc.record({ step: fc.nat(50), wait: fc.nat(5000), total: fc.integer({ min: 1, max: 500 }) })
  fc.assert(
    fc.property(fc.array(report, { minLength: 1 }), (reports) => {
      const meter = new ProgressMeter()
      let done = 0
      let now = 0
      for (const { step, wait, total } of reports) {
        done += step
        now += wait
        const { fraction, secondsLeft } = meter.take({ phase: 'a', done, total }, now)
        expect(fraction).toBeGreaterThanOrEqual(0)
        expect(fraction).toBeLessThanOrEqual(1)
        if (secondsLeft !== null) expect(secondsLeft).toBeGreaterThanOrEqual(0)
      }
    })
  )
})
