import { messageOf } from '../../contract/error.ts'
import { cleanByRule } from './housekeeping.ts'
import type { Services } from '../services.ts'
import { BinFolder } from '../things/bin.ts'

const dayMilliseconds = 24 * 3600_000
const lookMilliseconds = 3600_000

/** Sees to it that what nothing needs goes by itself: at the start where that is a day ago, and then every day. */
export class Housekeeper {
  readonly #services: Services
  readonly #bin: BinFolder
  /** The moment by which what is due goes: of `#known` on the monotonic clock. */
  #known: number | null = null
  #knownSince = performance.now()
  #timer: NodeJS.Timeout | undefined
  #working: Promise<void> = Promise.resolve()

  constructor(services: Services) {
    this.#services = services
    this.#bin = new BinFolder(services)
  }

  start(): void {
    this.#working = this.#work()
    // Looked at every hour, as a computer that slept has no idea of days.
    this.#timer = setInterval(() => {
      this.#working = this.#working.then(() => this.#work())
    }, lookMilliseconds)
    this.#timer.unref()
  }

  /** Waits for what is being deleted at this moment. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#working
  }

  /**
   * What time it is for what goes by itself: not what the clock says now, but what it said when the lab was last open, and
   * after a day of running what it said at its beginning. A clock that jumps ahead, or a battery that is flat, must not empty the bin; what
   * became due meanwhile goes the next time. A clock that stood ahead before is believed no more.
   */
  #due(): number {
    const { cleanings } = this.#services.store
    const now = Date.now()
    const running = performance.now() - this.#knownSince
    if (this.#known === null) this.#known = Date.parse(cleanings.looked() ?? new Date(now).toISOString())
    else if (running >= dayMilliseconds) {
      this.#known = now
      this.#knownSince = performance.now()
    }
    cleanings.lookedAt(new Date(now))
    return Math.min(this.#known, now)
  }

  /** What cannot be deleted now is tried again later. */
  async #work(): Promise<void> {
    const { store, changes } = this.#services
    try {
      const last = store.cleanings.last()
      const due = this.#due()
      await this.#bin.settle(due)
      const since = last === null ? Infinity : Date.now() - Date.parse(last)
      // A clock that was set back is no reason to wait for it.
      if (!store.settings.get().cleanByItself || (since >= 0 && since < dayMilliseconds)) return
      const { items } = await cleanByRule(this.#services, due)
      if (items.length > 0) changes.changed('settings')
    } catch (thrown) {
      process.stderr.write(`Cleaning up was not possible and is tried again in an hour: ${messageOf(thrown)}\n`)
    }
  }
}
