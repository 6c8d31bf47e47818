import { describe, expect, test } from 'vitest'
import { meanAtOnce } from '../../src/main/hosts/cli/at-once.ts'

const job = (from: number | null, to: number | null) => ({ startedAt: time(from), finishedAt: time(to) })
const time = (second: number | null) => (second === null ? null : new Date(second * 1000).toISOString())

describe('the mean number of jobs at once', () => {
  test('is 1 for jobs one after the other, with any pause between them', () => {
    expect(meanAtOnce([job(0, 10), job(10, 20), job(50, 60)])).toBe(1)
  })

  test('is 2 for two beside each other', () => {
    expect(meanAtOnce([job(0, 10), job(0, 10)])).toBe(2)
  })

  test('counts a job within another one once for the clock', () => {
    expect(meanAtOnce([job(0, 10), job(2, 4), job(6, 9)])).toBe(1.5)
  })

  test('leaves out what has not run, and is 1 where nothing has', () => {
    expect(meanAtOnce([job(null, null), job(3, null)])).toBe(1)
    expect(meanAtOnce([])).toBe(1)
  })
})
