import { appendFileSync, lstatSync, readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { Job, JobStatus } from '../contract/jobs.ts'
import { moveIntoPlaceNow } from '../files/durable.ts'
import type { HomeFolder } from '../store/home.ts'
import type { Changes } from './changes.ts'

/** From here on a new file is begun; of the older ones two stay. */
const mostBytes = 5e6

/**
 * What may stand in the log. Nothing here is a text, a name of a user's thing or a path: a log can be sent to somebody as it
 * is.
 */
interface LabEvents {
  'lab-started': { version: string; host: string; node: string; system: string; process: number }
  /** `code` of the error, or the class of what was thrown. */
  'lab-failed': { code: string; at: string }
  'lab-stopped': { seconds: number }
  job: { id: string; kind: string; status: JobStatus; attempt: number; seconds?: number; code?: string; place?: true }
  /** A fault of the lab's own: the class of the error, and where in its source. */
  fault: { code: string; at: string }
}

const value = /^[\w.:,+-]{1,400}$/
const form = /^\d{4}-\d\d-\d\dT[\d:.]+Z (lab-started|lab-failed|lab-stopped|job|fault)( [a-z]+=[\w.:,+-]{1,400})*$/

/** What a host has done, in `logs/lab.log` of the home and the two files before it: a line each, of words and numbers alone. */
export class LabLog {
  /** The newest first. */
  readonly #paths: readonly [string, string, string]
  readonly #folder: string
  readonly #most: number
  readonly #status = new Map<string, JobStatus>()

  constructor(home: HomeFolder, most = mostBytes) {
    this.#folder = home.logs
    this.#paths = [home.inside('logs', 'lab.log'), home.inside('logs', 'lab.1.log'), home.inside('logs', 'lab.2.log')]
    this.#most = most
  }

  add<What extends keyof LabEvents>(what: What, fields: LabEvents[What]): void {
    const words = Object.entries<unknown>(fields).flatMap(([name, given]) => {
      if (given === undefined) return []
      const text = typeof given === 'string' ? given : JSON.stringify(given)
      return [`${name}=${value.test(text) ? text : 'unsaid'}`]
    })
    this.#write([new Date().toISOString(), what, ...words].join(' '))
  }

  /** A fault of the lab's own, or what its start failed by. */
  addError(what: 'fault' | 'lab-failed', thrown: unknown): void {
    this.add(what, { code: codeOf(thrown), at: placesOf(thrown) })
  }

  /** Writes down how jobs begin, wait and end, from now on. */
  follow(changes: Changes): void {
    changes.hear((change) => {
      if (change.type === 'job-removed') this.#status.delete(change.id)
      else if (change.type === 'job' && this.#status.get(change.job.id) !== change.job.status) {
        this.#status.set(change.job.id, change.job.status)
        this.#addJob(change.job)
      }
    })
  }

  /** The files that there are, the newest first, with the lines that this log writes: a foreign one is left out. */
  files(): { name: string; text: string }[] {
    return this.#paths.flatMap((path) => {
      try {
        const lines = readFileSync(path, 'utf8').split('\n')
        return [{ name: basename(path), text: lines.filter((line) => form.test(line)).join('\n') + '\n' }]
      } catch {
        return []
      }
    })
  }

  #addJob({ id, kind, status, attempts, place, error, startedAt, finishedAt }: Job): void {
    const took = startedAt === null || finishedAt === null ? null : Date.parse(finishedAt) - Date.parse(startedAt)
    this.add('job', {
      ...{ id, kind, status, attempt: attempts },
      ...(took === null ? {} : { seconds: took / 1000 }),
      ...(error === null ? {} : { code: error.code }),
      ...(place == null ? {} : { place: true })
    })
  }

  #write(line: string): void {
    try {
      // What lies elsewhere is not the home's: nothing is written through a link.
      for (const path of [this.#folder, this.#paths[0]])
        if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) return
      if ((statSync(this.#paths[0], { throwIfNoEntry: false })?.size ?? 0) >= this.#most) this.#rotate()
      appendFileSync(this.#paths[0], `${line}\n`, { mode: 0o600 })
    } catch {
      // A full disk, or a folder that is gone, must not end what was to be written down.
    }
  }

  #rotate(): void {
    const [now, before, earlier] = this.#paths
    if (statSync(before, { throwIfNoEntry: false }) !== undefined) moveIntoPlaceNow(before, earlier)
    moveIntoPlaceNow(now, before)
  }
}

function codeOf(thrown: unknown): string {
  const { code, name } = (thrown ?? {}) as { code?: unknown; name?: unknown }
  return typeof code === 'string' ? code : typeof name === 'string' ? name : typeof thrown
}

/** Files and lines of the source that an error came through, without its message and without folders. */
function placesOf(thrown: unknown): string {
  if (!(thrown instanceof Error) || thrown.stack === undefined) return 'unknown'
  const at = thrown.stack.indexOf(thrown.message)
  const frames = thrown.stack.slice(at < 0 ? 0 : at + thrown.message.length).split('\n')
  const places = frames.flatMap((frame) => /[\\/:]([\w.-]+\.[cm]?[jt]s:\d+):\d+\)?$/.exec(frame)?.[1] ?? [])
  return places.slice(0, 8).join(',') || 'unknown'
}
