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

  /** What cannot be deleted now is tried again later. */
  async #work(): Promise<void> {
    const { store, changes } = this.#services
    try {
      const last = store.cleanings.last()
      await this.#bin.settle()
      const since = last === null ? Infinity : Date.now() - Date.parse(last)
      // A clock that was set back is no reason to wait for it.
      if (!store.settings.get().cleanByItself || (since >= 0 && since < dayMilliseconds)) return
      const { items } = await cleanByRule(this.#services)
      if (items.length > 0) changes.changed('settings')
    } catch (thrown) {
      process.stderr.write(`Cleaning up was not possible and is tried again in an hour: ${messageOf(thrown)}\n`)
    }
  }
}
