import { languages, type Language } from '../../../main/contract/languages.ts'

export type { Language }

/**
 * The language of this page, fixed for as long as it is open. The host writes what is chosen in Settings into the page
 * that it serves (`data-language`); "as the system", and outside of a host, the browser's own languages decide.
 */
export const language: Language = typeof document === 'undefined' ? 'en' : languageOf(document.documentElement)

export function languageOf(page: HTMLElement, wanted: readonly string[] = navigator.languages): Language {
  const chosen = page.dataset['language']
  const fixed = languages.find((one) => one === chosen)
  if (fixed !== undefined) return fixed
  for (const one of wanted) {
    const [tongue] = one.toLowerCase().split('-')
    const known = languages.find((one) => one === tongue)
    if (known !== undefined) return known
  }
  return 'en'
}

/** Screen readers and hyphenation go by the page's `lang`. */
export function declareLanguage(): void {
  document.documentElement.lang = language
}
