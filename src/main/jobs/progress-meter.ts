import type { JobProgress } from '../contract/jobs.ts'
import type { ProgressReport } from '../contract/worker-messages.ts'

/** Seconds after which an old speed counts for a third. */
const memorySeconds = 10

/** Turns what a job reports into a live state with rate and time left, both smoothed. */
export class ProgressMeter {
  #last: { time: number; phase: string; done: number; fraction: number | null } | null = null
  /** Smoothed with bias correction: sums of weight × speed and of weight. */
  #rate = new Smoothed()
  #speed = new Smoothed()
  #figures: Record<string, number> = {}
  #state: JobProgress | null = null

  get state(): JobProgress | null {
    return this.#state
  }

  /** Takes a report at `now` (milliseconds of the monotonic clock) and returns the new state. */
  take(report: ProgressReport, now = performance.now()): JobProgress {
    const total = report.total ?? null
    const within = total !== null && total > 0 ? Math.min(1, report.done / total) : null
    const reported = report.fraction === undefined ? within : report.fraction
    const last = this.#last
    const before = this.#state?.phase === report.phase && this.#state.total === total ? this.#state.fraction : null
    // What a job has shown it does not take back; reports that cross on their way would make it jump.
    const fraction = reported === null || before === null ? reported : Math.max(reported, before)
    if (last !== null && now > last.time) {
      const seconds = (now - last.time) / 1000
      // The next thing of the same kind begins to count anew: that is no speed.
      if (last.phase !== report.phase || report.done < last.done) this.#rate = new Smoothed()
      else this.#rate.add((report.done - last.done) / seconds, seconds)
      if (fraction !== null && last.fraction !== null) {
        if (fraction < last.fraction) this.#speed = new Smoothed()
        else this.#speed.add((fraction - last.fraction) / seconds, seconds)
      }
    }
    // Reports of one millisecond are counted together with the next.
    if (last === null || now > last.time) {
      this.#last = { time: now, phase: report.phase, done: report.done, fraction }
    }
    this.#figures = { ...this.#figures, ...report.figures }
    const speed = this.#speed.value
    this.#state = {
      fraction,
      phase: report.phase,
      done: report.done,
      total,
      unit: report.unit ?? null,
      rate: this.#rate.value,
      secondsLeft: fraction === null || speed === null || speed <= 0 ? null : (1 - fraction) / speed,
      figures: this.#figures
    }
    return this.#state
  }

  /** After a pause: the time that has passed does not count. */
  skipTime(): void {
    this.#last = null
  }
}

class Smoothed {
  #sum = 0
  #weight = 0

  add(value: number, seconds: number): void {
    const keep = Math.exp(-seconds / memorySeconds)
    this.#sum = this.#sum * keep + value * (1 - keep)
    this.#weight = this.#weight * keep + (1 - keep)
  }

  get value(): number | null {
    return this.#weight === 0 ? null : this.#sum / this.#weight
  }
}
