import type { BrowserWindow } from 'electron'
import type { Job } from '../../contract/jobs.ts'
import type { Lab } from '../lab.ts'
import type { ElectronParts } from './parts.ts'
import { followJobs, unfinishedJobs } from './unfinished.ts'
import { titleOf, words } from './words.ts'

/** A job that took less is not worth a notification: its user is still looking. */
const longSeconds = 60

/**
 * What the system shows of the work: the computer stays awake for it where the user wants that, the task bar or dock has
 * its progress, and the end of something long is told where the window is not looked at. Ends with the signal.
 */
export class Attention {
  readonly #parts: ElectronParts
  readonly #lab: Lab
  readonly #window: BrowserWindow
  readonly #show: () => void
  /** Jobs of this stretch of work that have ended, and what the running ones have done, 0…1. */
  #ended = 0
  readonly #fractions = new Map<string, number>()
  /** Those that need this computer: what runs at a place goes on while it sleeps. */
  readonly #here = new Set<string>()
  /** Experiments whose end has been told. */
  readonly #told = new Set<string>()
  #blocker: number | null = null

  constructor(parts: ElectronParts, lab: Lab, window: BrowserWindow, show: () => void) {
    this.#parts = parts
    this.#lab = lab
    this.#window = window
    this.#show = show
  }

  async follow(signal: AbortSignal): Promise<void> {
    this.#update()
    try {
      await followJobs(this.#lab, signal, (job) => this.#hear(job))
    } finally {
      this.#sleepAgain()
    }
  }

  #hear(job: Job): void {
    if (job.status === 'running' && (job.place == null || job.where?.state === 'sending')) this.#here.add(job.id)
    else this.#here.delete(job.id)
    if (job.status === 'running') this.#fractions.set(job.id, job.progress?.fraction ?? 0)
    else if (this.#fractions.delete(job.id) && job.finishedAt !== null) {
      this.#ended++
      this.#tellEnd(job)
    }
    this.#update()
  }

  #update(): void {
    const unfinished = unfinishedJobs(this.#lab)
    if (unfinished === 0) {
      this.#ended = 0
      this.#fractions.clear()
      this.#here.clear()
      this.#progress(-1)
      return this.#sleepAgain()
    }
    const done = [...this.#fractions.values()].reduce((sum, fraction) => sum + fraction, this.#ended)
    this.#progress(done / (this.#ended + unfinished))
    if (this.#here.size > 0 && this.#lab.services.store.settings.get().keepAwake) this.#stayAwake()
    else this.#sleepAgain()
  }

  #progress(fraction: number): void {
    if (!this.#window.isDestroyed()) this.#window.setProgressBar(fraction)
  }

  #stayAwake(): void {
    this.#blocker ??= this.#parts.powerSaveBlocker.start('prevent-app-suspension')
  }

  #sleepAgain(): void {
    if (this.#blocker !== null) this.#parts.powerSaveBlocker.stop(this.#blocker)
    this.#blocker = null
  }

  /** A run's end is not worth a word, its experiment's is; a cancelled job's end is known to who cancelled it. */
  #tellEnd(job: Job): void {
    const seconds = (Date.parse(job.finishedAt ?? '') - Date.parse(job.startedAt ?? '')) / 1000
    if (job.experimentId !== null) this.#tellExperiment(job.experimentId)
    else if (seconds >= longSeconds && job.status !== 'cancelled') this.#tell(titleOf(job), job.status === 'finished')
  }

  #tellExperiment(id: string): void {
    const experiment = this.#lab.services.store.experiments.find(id)
    if (experiment === undefined) return
    if (experiment.status !== 'finished' && experiment.status !== 'failed') return void this.#told.delete(id)
    if (this.#told.has(id)) return
    this.#told.add(id)
    this.#tell(experiment.spec.name, experiment.status === 'finished')
  }

  #tell(title: string, well: boolean): void {
    const { Notification } = this.#parts
    if (this.#window.isDestroyed() || this.#window.isFocused() || !Notification.isSupported()) return
    const notification = new Notification({
      title: well ? words.ended.finished(title) : words.ended.failed(title),
      body: words.ended.look
    })
    notification.on('click', this.#show)
    notification.show()
  }
}
