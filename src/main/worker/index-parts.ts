import { fork, type ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../contract/error.ts'
import { fromWireError } from '../contract/wire-error.ts'
import type { FromWorker, ToWorker } from '../contract/worker-messages.ts'
import { physicalCores } from '../machine/cores.ts'
import type { IndexDraft } from '../retrieval/draft.ts'
import { chunkRange } from '../retrieval/manifest.ts'
import type { JobContext } from './job.ts'

const pollMilliseconds = 200

/** Electron's utility processes cannot start processes of their own kind; forked ones can. */
export function canStartParts(): boolean {
  return process.send !== undefined && process.argv[1] !== undefined
}

/**
 * Embeds the open chunks in several processes of this same worker program, each a job for every n-th chunk. They agree through
 * the draft's files alone; what a process has finished stays when it, or this one, dies.
 */
export async function embedInProcesses(
  draft: IndexDraft,
  open: readonly number[],
  context: JobContext<'build-index'>
): Promise<void> {
  const { input, folder, home, signal, log } = context
  const of = Math.min(input.shards, open.length)
  const threads = Math.max(1, Math.floor((context.threads ?? physicalCores()) / of))
  log(`Embedding ${open.length} chunks in ${of} processes of ${threads} ${threads === 1 ? 'thread' : 'threads'}.`)
  const base = draft.shape.count - open.reduce((sum, chunk) => sum + rowsOf(chunk, draft), 0)
  const parts = Array.from({ length: of }, (_, number) => {
    const part = { ...input, shards: 1, part: { number, of } }
    return new Part({ type: 'start', id: `part-${number}`, kind: 'build-index', input: part, folder, home, threads })
  })
  const all = Promise.all(parts.map((part) => part.ended))
  let running = true
  const settled = all.then(stop, stop)
  function stop(): void {
    running = false
  }
  try {
    while (running) {
      const done = base + parts.reduce((sum, part) => sum + part.embedded, 0)
      context.report({ phase: 'embedding', done, total: draft.shape.count, unit: 'examples' })
      await passPauseOn(parts, context)
      await Promise.race([settled, sleep(pollMilliseconds, undefined, { signal })])
    }
    await all
  } finally {
    for (const part of parts) part.kill()
  }
}

class Part {
  /** Examples embedded since it started. */
  embedded = 0
  readonly ended: Promise<void>
  readonly #child: ChildProcess
  readonly #id: string
  #before: number | null = null

  constructor(start: Extract<ToWorker, { type: 'start' }>) {
    this.#id = start.id
    // Its heartbeat goes to its standard output, which nobody reads: this job's own heart beats for it.
    this.#child = fork(process.argv[1]!, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.ended = promise
    this.#child.on('error', reject)
    this.#child.on('exit', (code, signal) =>
      reject(
        new LabError(
          'worker-crashed',
          `A process that embedded a part of the index ended with ${signal ?? `code ${code}`}. Finished chunks are kept; resume the job.`
        )
      )
    )
    this.#child.on('message', (raw) => {
      const message = raw as FromWorker
      if (message.type === 'ready') this.#child.send(start)
      if (message.type === 'result') resolve()
      if (message.type === 'error') reject(fromWireError(message.error))
      if (message.type === 'progress') this.#count(message.progress.done)
    })
  }

  control(type: 'pause' | 'resume'): void {
    this.#child.send({ type, id: this.#id })
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  /** Its first report says how many others have done or will do. */
  #count(done: number): void {
    this.#before ??= done
    this.embedded = done - this.#before
  }
}

/** Waits while this job is paused, and makes the parts wait as well. */
async function passPauseOn(parts: readonly Part[], context: JobContext<'build-index'>): Promise<void> {
  const gate = context.paused().then(() => 'open' as const)
  if ((await Promise.race([gate, sleep(0)])) === 'open') return
  for (const part of parts) part.control('pause')
  await gate
  for (const part of parts) part.control('resume')
}

function rowsOf(chunk: number, draft: IndexDraft): number {
  const { first, end } = chunkRange(chunk, draft.shape)
  return end - first
}
