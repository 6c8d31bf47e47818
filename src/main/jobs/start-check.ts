import type { Check } from '../contract/settings.ts'
import type { QuestionOutput } from '../contract/questions.ts'
import type { WorkerPool } from './pool.ts'
import type { Room } from '../costs/room.ts'

/** A process that has not answered by then will not. */
const patience = 60_000

export interface StartCheckOptions {
  /** Path of the open home. */
  home: string
  /** What the user can do where no worker works, as a sentence. */
  wayOut: string
  /** How long a worker may take to answer; default a minute. */
  milliseconds?: number
}

/**
 * Tries what every job needs (SQLite, ONNX Runtime, the search addon, tensors in shared memory) in a worker of the usual
 * kind, before the first job. Where that does not work, all workers run under the other starter from now on, if theirs
 * does. Returns a sentence for the user; null: nothing is to be said. Memory that cannot be shared and a missing addon
 * are no fault: training and search go without them by themselves, and the doctor tells of it.
 */
export async function checkStart(pool: WorkerPool, options: StartCheckOptions): Promise<string | null> {
  const usual = await problemOf(pool, 'usual', options)
  if (usual === null) return null
  if (!pool.hasLarge) return `Jobs will not run here: ${usual} ${options.wayOut}`
  const large = await problemOf(pool, 'large', options)
  if (large !== null)
    return `Jobs will not run here: ${usual} Under the Node that comes with the lab: ${large} ${options.wayOut}`
  pool.useLargeOnly()
  return `Electron's own processes cannot do the lab's work on this computer (${usual}) It is done by the Node that comes with the lab, with the same results.`
}

/** What stands against work in workers of this room, as a sentence; null: nothing. */
async function problemOf(
  pool: WorkerPool,
  room: Room,
  { home, milliseconds }: StartCheckOptions
): Promise<string | null> {
  const worker = pool.take('examine', room)
  const { promise: late, resolve } = Promise.withResolvers<string>()
  const limit = setTimeout(() => {
    resolve('the worker process did not answer.')
    worker.kill()
  }, milliseconds ?? patience)
  const task = { id: 'start-check', kind: 'examine' as const, input: {}, folder: null, home, threads: 1 }
  const answered = worker.run(task, {}).then((outcome) => {
    if (outcome.type === 'finished') return failed((outcome.output as QuestionOutput<'examine'>).checks)
    return outcome.type === 'cancelled' ? 'the check was withdrawn.' : outcome.error.message
  })
  try {
    return await Promise.race([answered, late])
  } finally {
    clearTimeout(limit)
    pool.release(worker)
  }
}

function failed(checks: readonly Check[]): string | null {
  const found = checks.filter(({ state }) => state === 'failed').map(({ name, found: what }) => `${name}: ${what}`)
  return found.length === 0 ? null : `${found.join('; ')}.`
}
