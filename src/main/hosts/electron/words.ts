import { jobTitleIn } from '../../contract/job-titles.ts'
import type { Job } from '../../contract/jobs.ts'
import type { Settings } from '../../contract/settings.ts'
import { de } from './words/de.ts'
import { en } from './words/en.ts'

/** What the main process itself says, in the language that `speak` has set. The screens have texts of their own. */
export let words = en

/** What a job does, in that language. */
export function titleOf({ title, called }: Pick<Job, 'title' | 'called'>): string {
  return (called == null ? null : jobTitleIn(words === de ? 'de' : 'en', called)) ?? title
}

/** Chooses the language of the window's own words; true if it is another than before. */
export function speak(chosen: Settings['language'], system = Intl.DateTimeFormat().resolvedOptions().locale): boolean {
  const before = words
  words = (chosen === 'system' ? /^de\b/.test(system) : chosen === 'de') ? de : en
  return words !== before
}
