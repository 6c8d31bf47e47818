import { median } from '../sums/sums.ts'

/** What a finished job took: its work in the unit of its kind, above 0, and its seconds. */
export interface DoneWork {
  work: number
  seconds: number
}

/** Of the time of a single small job so much is starting, not work. */
const startSeconds = 0.5

/**
 * Seconds that so much work takes, as finished jobs of its kind say; null where there are none. A start that costs the same whatever
 * the size, and so much for each unit: medians over pairs of jobs (Theil and Sen), so that one job that waited for a slow disk, or found
 * everything there already, does not count for more than one.
 */
export function expectedSeconds(work: number, done: readonly DoneWork[]): number | null {
  if (done.length === 0) return null
  const slopes = done.flatMap((a, at) =>
    done.slice(at + 1).flatMap((b) => {
      const [small, large] = a.work <= b.work ? [a, b] : [b, a]
      // Jobs of like size say nothing about what more of it costs.
      return large.work < 1.5 * small.work ? [] : [(large.seconds - small.seconds) / (large.work - small.work)]
    })
  )
  const alone = done.map((one) => Math.max(0, one.seconds - startSeconds) / one.work)
  const each = Math.max(0, median(slopes.length === 0 ? alone : slopes))
  const start = Math.max(0, median(done.map((one) => one.seconds - each * one.work)))
  return start + each * work
}
