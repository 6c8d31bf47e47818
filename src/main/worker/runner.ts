import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { LabError } from '../contract/error.ts'
import { workSchemas, type WorkKind } from '../contract/work.ts'
import { toWireError } from '../contract/wire-error.ts'
import type { FromWorker, ToWorker } from '../contract/worker-messages.ts'
import { asDiskError } from '../files/disk-error.ts'
import { mendModes } from '../files/private.ts'
import { keepInside, refuseLinkedFolder } from '../files/remove.ts'
import type { JobContext } from './job.ts'
import { loadJob } from './registry.ts'
import { SharedParts } from './shared-parts.ts'

type Start = Extract<ToWorker, { type: 'start' }>

/** Runs one job at a time and turns what happens to it into messages. */
export class JobRunner {
  readonly #send: (message: FromWorker) => void
  #id: string | null = null
  #abort = new AbortController()
  #gate: { promise: Promise<void>; open: () => void } | null = null
  /** Asked to leave: the job may save first, and stops at the safe point after that. */
  #leaving: 'asked' | 'saving' | null = null
  #parts: SharedParts | null = null

  constructor(send: (message: FromWorker) => void) {
    this.#send = send
  }

  take(message: ToWorker): void {
    if (message.type === 'start') void this.#run(message)
    else if (message.id !== this.#id) return
    else if ('part' in message) this.#parts?.take(message)
    else this.#control(message.type)
  }

  async #run(start: Start): Promise<void> {
    const { id } = start
    this.#id = id
    this.#abort = new AbortController()
    this.#gate = null
    this.#leaving = null
    this.#parts = start.canShare === true ? new SharedParts(id, this.#send) : null
    try {
      const output = await this.#execute(start)
      this.#id = null
      this.#send({ type: 'result', id, output })
    } catch (error) {
      const cancelled = this.#abort.signal.aborted
      this.#id = null
      // Whatever wrote: that the disk was the reason is known here at the latest.
      const understood = asDiskError(error, start.folder ?? start.home)
      this.#send(cancelled ? { type: 'cancelled', id } : { type: 'error', id, error: toWireError(understood) })
    }
  }

  async #execute<K extends WorkKind>(start: Start & { kind: K }): Promise<unknown> {
    const { kind } = start
    const job = await loadJob(kind)
    const schemas = workSchemas[kind]
    const input = schemas.input.safeParse(start.input)
    if (!input.success) throw badInput(kind, input.error)
    keepInside(start.home)
    if (start.folder !== null) {
      refuseLinkedFolder(start.folder)
      await mkdir(start.folder, { recursive: true })
    }
    try {
      // A result that the contract does not know is a bug of the job, found here and not by whoever reads it later.
      return schemas.output.parse(await job.run(this.#context(start, input.data)))
    } finally {
      // Copies of files bring their modes along.
      if (start.folder !== null && existsSync(start.folder)) mendModes(start.folder)
    }
  }

  #context<K extends WorkKind>(start: Start & { kind: K }, input: unknown): JobContext<K> {
    const { id } = start
    return {
      input: input as JobContext<K>['input'],
      folder: start.folder as JobContext<K>['folder'],
      home: start.home,
      threads: start.threads > 0 ? start.threads : undefined,
      signal: this.#abort.signal,
      report: (progress) => this.#send({ type: 'progress', id, progress }),
      curve: (row) => this.#send({ type: 'curve', id, row }),
      log: (text, level = 'info') => this.#send({ type: 'log', id, level, text }),
      paused: () => this.#safePoint(id),
      saveNow: () => this.#leaving !== null,
      ...(this.#parts === null ? {} : { share: this.#parts.share })
    }
  }

  async #safePoint(id: string): Promise<void> {
    this.#abort.signal.throwIfAborted()
    if (this.#leaving === 'asked') this.#leaving = 'saving'
    else if (this.#leaving === 'saving') this.#gate ??= gate()
    if (this.#gate === null) return
    this.#send({ type: 'paused', id })
    await this.#gate.promise
    this.#abort.signal.throwIfAborted()
  }

  #control(type: 'pause' | 'resume' | 'cancel' | 'hand-back'): void {
    if (type === 'hand-back') {
      this.#leaving ??= 'asked'
      return
    }
    if (type === 'pause') {
      this.#gate ??= gate()
      return
    }
    if (type === 'cancel') this.#abort.abort(new LabError('cancelled', 'The job was cancelled.'))
    this.#gate?.open()
    this.#gate = null
  }
}

function gate(): { promise: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { promise, open: resolve }
}

function badInput(kind: WorkKind, error: { issues: readonly { path: PropertyKey[]; message: string }[] }): LabError {
  const lines = error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'input'}: ${message}`)
  return new LabError('bad-job-input', `The input of a "${kind}" job is not as it must be: ${lines.join('; ')}.`, {
    details: { kind, problems: lines }
  })
}
