import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../contract/error.ts'
import type { JobInput } from '../contract/jobs.ts'
import { defineJob, type JobContext } from './job.ts'

/** Does nothing useful, slowly; on demand it ends badly in each of the ways a job can. */
export const job = defineJob({
  kind: 'self-test',
  run: (context) => steps(context)
})

export async function steps({
  input,
  report,
  curve,
  log,
  signal,
  paused
}: JobContext<'self-test' | 'self-question'>): Promise<{ steps: number }> {
  log(`Self-test of ${input.steps} steps, ${input.milliseconds} ms each.`)
  for (let step = 1; step <= input.steps; step++) {
    await paused()
    await sleep(input.milliseconds, undefined, { signal })
    if (step > input.steps / 2) failAsAsked(input.fail)
    report({ phase: 'stepping', done: step, total: input.steps, unit: 'steps', figures: { step } })
    curve({ step, value: 1 / step })
  }
  return { steps: input.steps }
}

function failAsAsked(fail: JobInput<'self-test'>['fail']): void {
  if (fail === 'throw') throw new LabError('self-test-failed', 'The self-test failed because it was asked to.')
  if (fail === 'abort') process.abort()
  if (fail === 'memory') exhaustMemory()
  if (fail === 'spin') spin(5000)
  if (fail === 'hang') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
}

function exhaustMemory(): never {
  const kept: unknown[] = []
  while (true) kept.push(Array.from({ length: 1000 }, (_, i) => ({ i })))
}

function spin(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}
