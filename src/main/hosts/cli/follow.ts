import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '../../contract/client.ts'
import { LabError } from '../../contract/error.ts'
import { timedKinds } from '../../contract/expected-time.ts'
import { standingOf, type Job, type JobStatus } from '../../contract/jobs.ts'
import { plainText } from './plain-text.ts'
import { duration, percent } from './table.ts'
import { placeNames, whereText } from './where-text.ts'

const over: readonly JobStatus[] = ['finished', 'failed', 'crashed', 'cancelled', 'interrupted']
const lookMilliseconds = 100
/** Where stderr is no terminal, a line this often. */
const lineMilliseconds = 10_000

/** Shows the progress of a job on stderr until it is over. Throws its error if it did not finish. */
export async function followJob(client: Client, { id }: Job, signal: AbortSignal, quiet: boolean): Promise<Job> {
  const show = quiet ? () => undefined : process.stderr.isTTY ? rewriteLine() : writeLines()
  if (!quiet) await sayExpected(client, id)
  const names = await placeNames(client, [await client.jobs.get({ id })])
  while (true) {
    const job = await client.jobs.get({ id })
    show(job, names)
    if (job.status === 'finished') return job
    if (over.includes(job.status)) throw notFinished(job)
    await sleep(lookMilliseconds, undefined, { signal })
  }
}

/** How long it will take, where earlier work of its kind says so. */
async function sayExpected(client: Client, id: string): Promise<void> {
  const { kind, title } = await client.jobs.get({ id })
  if (!timedKinds.some((one) => one === kind)) return
  const { seconds, jobs } = await client.jobs.expectedOf({ id })
  const words =
    seconds === null
      ? 'how long it takes is not known yet on this computer'
      : `about ${duration(seconds)} on this computer, as ${jobs === 1 ? 'the last one' : `the last ${jobs}`} of this kind took`
  process.stderr.write(`${plainText(`${title}: ${words}`)}\n`)
}

function notFinished({ id, title, status, error }: Job): LabError {
  const message = error === null ? `"${title}" is ${status}.` : `"${title}" has ${status}: ${error.message}`
  return new LabError('job-not-finished', message, {
    details: { id, status, ...(error === null ? {} : { error }) },
    ...(error?.cause == null ? {} : { cause: error.cause })
  })
}

type Show = (job: Job, places: ReadonlyMap<string, string>) => void

function rewriteLine(): Show {
  return (job, places) => {
    const end = over.includes(job.status) ? '\n' : ''
    process.stderr.write(`\r\u001b[2K${line(job, places).slice(0, (process.stderr.columns ?? 100) - 1)}${end}`)
  }
}

function writeLines(): Show {
  let shown = ''
  let time = -Infinity
  return (job, places) => {
    const state = `${job.status} ${job.where?.state ?? ''} ${job.progress?.phase ?? ''}`
    if (state === shown && performance.now() - time < lineMilliseconds) return
    shown = state
    time = performance.now()
    process.stderr.write(`${line(job, places)}\n`)
  }
}

function line(job: Job, places: ReadonlyMap<string, string>): string {
  if (standingOf(job) === 'queued' && job.place != null) return plainText(`${job.title}: ${whereText(job, places)}`)
  return plainText(wordsOf(job))
}

function wordsOf({ title, status, progress, notAnswering }: Job): string {
  if (progress === null || status !== 'running') return `${title}: ${status}`
  if (notAnswering === true) {
    return `${title}: not answering (stopped, or waiting for a disk or for memory); it goes on by itself, or end it with "jobs cancel"`
  }
  const { phase, done, total, unit, fraction, secondsLeft, figures } = progress
  const counted = total === null ? `${done} ${unit}` : `${done} of ${total} ${unit}`
  const loss = figures['loss'] === undefined ? '' : `, loss ${figures['loss'].toFixed(3)}`
  const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`
  return `${title}: ${phase} ${percent(fraction)} (${counted}${loss}${left})`
}
