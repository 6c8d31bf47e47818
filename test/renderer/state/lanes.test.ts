import { describe, expect, test } from 'vitest'
import type { Job } from '../../../src/main/contract/jobs.ts'
import { placeJobs } from '../../../src/renderer/src/state/lanes.svelte.ts'

const jobs = (ids: string): Job[] => [...ids].map((id) => ({ id }) as Job)
const names = (lanes: readonly (Job | null)[]): string => lanes.map((job) => job?.id ?? '-').join('')

describe('lanes of running jobs', () => {
  test('a job stays where it is when its neighbour ends, and the next one takes the empty lane', () => {
    let lanes = placeJobs([], jobs('ab'), 3)
    expect(names(lanes)).toBe('ab')
    lanes = placeJobs(lanes, jobs('b'), 3)
    expect(names(lanes)).toBe('-b')
    lanes = placeJobs(lanes, jobs('bc'), 3)
    expect(names(lanes)).toBe('cb')
  })

  test('a job shows what is newest of it', () => {
    const newer = { id: 'a', title: 'newer' } as Job
    expect(placeJobs(jobs('a'), [newer], 2)).toEqual([newer])
  })

  test('there are no more lanes than wanted, and none when nothing runs', () => {
    expect(names(placeJobs([], jobs('abcd'), 2))).toBe('ab')
    expect(placeJobs(jobs('ab'), [], 2)).toEqual([])
  })
})
