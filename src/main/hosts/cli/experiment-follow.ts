import { setTimeout as sleep } from 'node:timers/promises'
import type { Experiment } from '../../contract/experiments.ts'
import { standingOf, type Job } from '../../contract/jobs.ts'
import type { CommandContext } from './command.ts'
import { duration, percent } from './table.ts'

const lookMilliseconds = 200

/** Shows on stderr what an experiment is at until it is over: a line per job that ends, and on a terminal a live one. */
export async function followExperiment({ client, signal, note }: CommandContext, id: string): Promise<Experiment> {
  const told = new Set<string>()
  const live = process.stderr.isTTY
  const started = Date.now()
  while (true) {
    const experiment = await client.experiments.get({ id })
    const { jobs } = await client.jobs.list({ experimentId: id, limit: 1000 })
    if (live) process.stderr.write('\r\u001b[2K')
    for (const job of [...jobs].reverse()) {
      if (told.has(job.id) || !ended.has(job.status)) continue
      told.add(job.id)
      note(
        `${percent(shareDone(experiment))} ${job.title}: ${job.status}${job.error === null ? '' : `: ${job.error.message}`}`
      )
    }
    if (experiment.status !== 'running') return experiment
    const running = jobs.filter((job) => standingOf(job) === 'running')
    const waiting = jobs.filter((job) => job.status === 'running').length - running.length
    if (live && running.length + waiting > 0)
      process.stderr.write(
        statusLine(experiment, running, waiting, started).slice(0, (process.stderr.columns ?? 100) - 1)
      )
    await sleep(lookMilliseconds, undefined, { signal })
  }
}

const ended = new Set<Job['status']>(['finished', 'failed', 'crashed', 'cancelled'])

function shareDone({ runs, finishedRuns }: Experiment): number {
  return runs === 0 ? 0 : finishedRuns / runs
}

function statusLine(
  { runs, finishedRuns }: Experiment,
  running: readonly Job[],
  waiting: number,
  started: number
): string {
  const parts = running.map(
    ({ title, progress }) =>
      title + (progress === null ? '' : `: ${progress.phase ?? ''} ${percent(progress.fraction)}`)
  )
  if (waiting > 0) parts.push(`${waiting} ${waiting === 1 ? 'waits' : 'wait'} at a place`)
  return `${finishedRuns} of ${runs} runs, ${duration((Date.now() - started) / 1000)}. ${parts.join(' | ')}`
}
