import type { Settings } from '../../contract/settings.ts'
import { de } from './words/de.ts'
import { en } from './words/en.ts'

/** What the main process itself says, in the language that `speak` has set. The screens have texts of their own. */
export let words = en

/** Chooses the language of the window's own words; true if it is another than before. */
export function speak(chosen: Settings['language'], system = Intl.DateTimeFormat().resolvedOptions().locale): boolean {
  const before = words
  words = (chosen === 'system' ? /^de\b/.test(system) : chosen === 'de') ? de : en
  return words !== before
}
