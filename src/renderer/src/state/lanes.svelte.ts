import { untrack } from 'svelte'
import type { Job } from '../../../main/contract/jobs.ts'

/**
 * Jobs that run beside each other, each in a lane that it keeps to its end, so that nothing jumps when another one ends:
 * its lane stays empty until the next job takes it. Made while a component starts.
 */
export class Lanes {
  jobs = $state.raw<readonly (Job | null)[]>([])

  constructor(running: () => readonly Job[], most: number) {
    $effect.pre(() => {
      const now = running()
      this.jobs = placeJobs(
        untrack(() => this.jobs),
        now,
        most
      )
    })
  }
}

/** The lanes when these jobs run, given the lanes before. Nobody running: no lanes. */
export function placeJobs(lanes: readonly (Job | null)[], running: readonly Job[], most: number): (Job | null)[] {
  if (running.length === 0) return []
  const placed = lanes.map((old) => running.find(({ id }) => id === old?.id) ?? null)
  for (const job of running) {
    if (placed.some((other) => other?.id === job.id)) continue
    const free = placed.indexOf(null)
    if (free >= 0) placed[free] = job
    else if (placed.length < most) placed.push(job)
  }
  return placed
}
