import type { ExperimentStatus } from '../../../main/contract/experiments.ts'
import type { Job } from '../../../main/contract/jobs.ts'
import { titleOf } from '../parts/job-title.ts'
import { texts } from '../texts/texts.ts'
import type { LabState } from './lab.svelte.ts'

/** A job that took less is not worth a notification: its user is still looking. */
const longSeconds = 30
const ended: readonly Job['status'][] = ['finished', 'failed', 'crashed', 'interrupted']

export interface News {
  text: string
  /** Where it can be looked at. */
  href: string
  /** Worth calling a user who looks elsewhere. */
  long: boolean
}

/**
 * What is told while the user looks elsewhere: how far the work is, for the title and the icon of the page, and what has
 * ended or needs something, for a notification and for screen readers.
 */
export class Attention {
  /** The newest of what has happened, said by a live region. */
  said = $state('')
  readonly #lab: LabState
  readonly #tell: (news: News) => void
  readonly #jobs = new Map<string, Job['status']>()
  readonly #experiments = new Map<string, ExperimentStatus>()

  constructor(lab: LabState, tell: (news: News) => void) {
    this.#lab = lab
    this.#tell = tell
  }

  /** 0…1 of what is running; null while nothing is. An experiment counts with all its runs. */
  readonly fraction: number | null = $derived.by(() => {
    const running = this.#lab.running
    if (running.length === 0) return null
    const experiments = (this.#lab.experiments.value ?? []).filter(({ status }) => status === 'running')
    const parts = experiments.map(({ id, runs, finishedRuns }) => {
      const under = running.filter((job) => job.experimentId === id)
      const begun = under.reduce((sum, job) => sum + (job.progress?.fraction ?? 0), 0)
      return runs === 0 ? 0 : Math.min(1, (finishedRuns + begun) / runs)
    })
    for (const job of running) if (job.experimentId === null) parts.push(job.progress?.fraction ?? 0)
    return parts.length === 0 ? 0 : parts.reduce((sum, part) => sum + part, 0) / parts.length
  })

  /** Looks at the newest states; what was in that state before is no news. */
  look(): void {
    for (const job of this.#lab.jobs.values()) {
      const before = this.#jobs.get(job.id)
      this.#jobs.set(job.id, job.status)
      if (before === undefined || before === job.status || !ended.includes(job.status)) continue
      if (job.experimentId === null || job.status === 'interrupted') this.#say(newsOfJob(job))
    }
    for (const { id, spec, status } of this.#lab.experiments.value ?? []) {
      const before = this.#experiments.get(id)
      this.#experiments.set(id, status)
      if (before !== 'running' || (status !== 'finished' && status !== 'failed')) continue
      const text = texts.jobs.news[status](spec.name)
      this.#say({ text, href: status === 'finished' ? `#/compare/${id}` : `#/experiments/${id}`, long: true })
    }
  }

  #say(news: News): void {
    this.said = news.text
    this.#tell(news)
  }
}

function newsOfJob(job: Job): News {
  const { id, status, startedAt, finishedAt } = job
  const title = titleOf(job)
  const words = texts.jobs.news
  const text =
    status === 'finished' ? words.finished(title) : status === 'interrupted' ? words.waits(title) : words.failed(title)
  const seconds = startedAt && finishedAt ? (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000 : 0
  return { text, href: `#/jobs/${id}`, long: seconds >= longSeconds || status === 'interrupted' }
}

/** Whether the browser may call the user; "unable" where it cannot, as under Electron, whose window has its own way. */
export function notifying(): NotificationPermission | 'unable' {
  return typeof Notification === 'undefined' || window.recross !== undefined ? 'unable' : Notification.permission
}

/** Calls the user who looks elsewhere. */
export function notify({ text, href, long }: News): void {
  if (!long || notifying() !== 'granted' || (document.visibilityState === 'visible' && document.hasFocus())) return
  const notification = new Notification(texts.app, { body: text, tag: href })
  notification.addEventListener('click', () => {
    window.focus()
    location.hash = href.slice(1)
    notification.close()
  })
}

const plain = document.querySelector<HTMLLinkElement>('link[rel=icon]')?.href ?? null

/** The icon of the page: a ring that fills while something runs, the lab's own otherwise. */
export function showIcon(fraction: number | null): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel=icon]')
  if (!link) return
  const full = 2 * Math.PI * 12
  const done = Math.round((fraction ?? 0) * 20) / 20
  const ring = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="12" fill="none" stroke="#9aa2a8" stroke-width="6"/><circle cx="16" cy="16" r="12" fill="none" stroke="#0d7480" stroke-width="6" stroke-dasharray="${done * full} ${full}" transform="rotate(-90 16 16)"/></svg>`
  const href = fraction === null ? (plain ?? '') : `data:image/svg+xml,${encodeURIComponent(ring)}`
  if (link.href !== href) link.href = href
}
