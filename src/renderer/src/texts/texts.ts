import { de } from './de.ts'
import { en } from './en.ts'
import { language, type Language } from './language.ts'
import type { Words } from './words.ts'

/** The words of the screens. A sentence that a language lacks does not compile. */
export type Texts = Words<typeof en>
export const languages: Readonly<Record<Language, Texts>> = { en, de }
export const texts: Texts = languages[language]
