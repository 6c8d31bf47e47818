import { runFiles, type ClockRecord } from '../../run-files/files.ts'
import type { RunFolder } from '../../run-files/run-folder.ts'

export type Phase = 'retrieve' | 'tune' | 'evaluate'

/** Working time per phase, added up over all attempts of a run; time in a pause does not count. */
export class RunClock {
  readonly #folder: RunFolder
  readonly #seconds: Record<Phase, number>
  #total: number
  #phase: Phase | null = null
  #since = performance.now()
  #peakBytes: number

  private constructor(folder: RunFolder, saved: ClockRecord) {
    this.#folder = folder
    this.#seconds = { retrieve: saved.retrieve, tune: saved.tune, evaluate: saved.evaluate }
    this.#total = saved.total
    this.#peakBytes = saved.peakBytes
  }

  static async open(folder: RunFolder): Promise<RunClock> {
    return new RunClock(folder, (await folder.read(runFiles.clock)) ?? nothing)
  }

  /** What is worked on from now on; null: what belongs to no phase. */
  enter(phase: Phase | null): void {
    this.#tick()
    this.#phase = phase
  }

  /** Waits without counting the time. */
  async outside(work: () => Promise<void>): Promise<void> {
    this.#tick()
    await work()
    this.#since = performance.now()
  }

  /** Looks at memory; cheap enough for every step. */
  sample(): void {
    this.#peakBytes = Math.max(this.#peakBytes, process.memoryUsage.rss())
  }

  /** Keeps the times, so that a run that is killed later still knows them. */
  async save(): Promise<void> {
    await this.#folder.write(runFiles.clock, this.read())
  }

  read(): ClockRecord {
    this.#tick()
    this.sample()
    return { ...this.#seconds, total: this.#total, peakBytes: this.#peakBytes }
  }

  #tick(): void {
    const now = performance.now()
    const passed = (now - this.#since) / 1000
    this.#since = now
    this.#total += passed
    if (this.#phase !== null) this.#seconds[this.#phase] += passed
  }
}

const nothing: ClockRecord = { retrieve: 0, tune: 0, evaluate: 0, total: 0, peakBytes: 0 }
