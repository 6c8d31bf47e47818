import { resultFileSchema } from '../contract/job-folder.ts'
import { noneIfEmpty } from '../contract/none-if-empty.ts'
import type { FromWorker } from '../contract/worker-messages.ts'
import { paths } from '../files/portable.ts'
import type { Look } from './agent/protocol.ts'
import { takeResult } from './carry.ts'
import { Deaths, type DeathsParts } from './deaths.ts'
import type { PlaceLink } from './link.ts'
import type { Parked } from './parked.ts'
import type { Persistence } from './persistence.ts'
import type { PlacedJob } from './placed-job.ts'

export interface SightingsParts extends DeathsParts {
  link: PlaceLink
  persistence: Persistence
  parked: Parked
  /** Before a job that was put back goes in again. */
  retryMilliseconds: number
  /** It is not at the place any more. */
  leave: (job: PlacedJob) => void
  /** Whether nobody wants it to go on now; it has been told so by then. */
  isSettled: (job: PlacedJob) => boolean
  /** Carries its inputs once more, and starts it. */
  begin: (job: PlacedJob) => void
  failed: (job: PlacedJob, thrown: unknown) => void
}

/** How often a job goes in again before it counts as one that cannot end. */
const mostTurns = 1000

/** What is seen of a job at its place, and what follows from it: it is told, taken in, put back, or has died. */
export class Sightings {
  readonly #parts: SightingsParts
  readonly #deaths: Deaths

  constructor(parts: SightingsParts) {
    this.#parts = parts
    this.#deaths = new Deaths(parts)
  }

  take(job: PlacedJob, look: Look): void {
    for (const line of look.lines.split('\n')) {
      const message = messageIn(line)
      if (message !== null && 'id' in message && message.id === job.id) job.tell(message)
    }
    const { position, expected } = look
    const text = noneIfEmpty(look.where)
    if (look.state === 'waiting') job.isAt({ state: 'waiting', text, position, expected })
    if (look.state === 'running') job.isAt({ state: 'running', text, position: null, expected: null })
    if (look.state === 'done') return this.#end(job, () => this.#takeResult(job, look))
    if (look.state === 'failed') return this.#end(job, () => this.#takeError(job, look))
    if (look.state === 'handed-back') return this.#putBack(job)
    if (!this.#deaths.isGone(job, look)) return
    this.#parts.leave(job)
    if (look.state === 'gone') return this.#deaths.take(job, look)
    if (!hasTurns(job)) return
    job.log('Its folder is not at the place any more: somebody has deleted it. The job goes there once more.', 'warn')
    this.#parts.begin(job)
  }

  #end(job: PlacedJob, work: () => Promise<void>): void {
    const { leave, persistence, failed } = this.#parts
    leave(job)
    persistence.for(job, work).catch((thrown: unknown) => failed(job, thrown))
  }

  async #takeResult(job: PlacedJob, look: Look): Promise<void> {
    const { folder, input, home } = job.start!
    const { output, files } = resultFileSchema.omit({ version: true, host: true }).parse(look.result)
    const part = (input as { part?: unknown } | null)?.part
    const merge = part !== undefined && part !== null
    await takeResult(this.#parts.link, { id: job.id, folder: folder!, merge }, files)
    job.finish({ type: 'result', id: job.id, output: paths.unpack(output, home) })
  }

  async #takeError(job: PlacedJob, look: Look): Promise<void> {
    const { cancelled, error } = look.error!
    await this.#parts.link.ask('again', { id: job.id })
    if (error.code === 'input-missing' && ++job.turns < 3) {
      job.log(error.message, 'warn')
      return this.#parts.begin(job)
    }
    job.finish(cancelled ? { type: 'cancelled', id: job.id } : { type: 'error', id: job.id, error })
  }

  #putBack(job: PlacedJob): void {
    const { leave, isSettled, parked, retryMilliseconds } = this.#parts
    leave(job)
    if (isSettled(job) || !hasTurns(job)) return
    job.log('The job was put back and goes on from what it has saved.')
    // What made it stop, a full disk for instance, may last.
    parked.add(job, retryMilliseconds)
  }
}

/** One that goes in again and again without coming to an end is given up. */
function hasTurns(job: PlacedJob): boolean {
  if (++job.turns <= mostTurns) return true
  job.end({ code: 75, signal: null })
  return false
}

function messageIn(line: string): FromWorker | null {
  try {
    return line === '' ? null : (JSON.parse(line) as FromWorker)
  } catch {
    // Half a line that a killed worker left.
    return null
  }
}
