import type { Job } from '../../contract/jobs.ts'

/**
 * How many of these jobs ran at once on average, over the time in which any did; 1 where none has run. Seconds of work
 * that were done side by side, divided by it, are seconds on the clock.
 */
export function meanAtOnce(jobs: readonly Pick<Job, 'startedAt' | 'finishedAt'>[]): number {
  const times = jobs
    .flatMap(({ startedAt, finishedAt }) =>
      startedAt === null || finishedAt === null ? [] : [{ from: Date.parse(startedAt), to: Date.parse(finishedAt) }]
    )
    .sort((a, b) => a.from - b.from)
  let worked = 0
  let covered = 0
  let end = -Infinity
  for (const { from, to } of times) {
    worked += to - from
    covered += Math.max(0, to - Math.max(from, end))
    end = Math.max(end, to)
  }
  return covered === 0 ? 1 : worked / covered
}
