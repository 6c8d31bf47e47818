import { setMode } from 'mode-watcher'
import type { Settings } from '../../../main/contract/settings.ts'

const storageKey = 'mode-watcher-mode'

/**
 * Sets light or dark before the first paint, from what was chosen last time. mode-watcher would do it with an inline
 * script, which the page's content security policy rightly refuses.
 */
export function applyThemeBeforePaint(): void {
  const chosen = localStorage.getItem(storageKey) ?? 'system'
  const dark = chosen === 'dark' || (chosen === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
}

/**
 * Follows the theme of the settings, whoever changes it: this page, another one, or the command line. A browser keeps what was chosen
 * in it at its first look; the lab's own window has one theme with its frame, from the beginning.
 */
export class FollowedTheme {
  #known: Settings['theme'] | null = null

  take(theme: Settings['theme']): void {
    const first = this.#known === null
    if (theme === this.#known) return
    this.#known = theme
    if (first && window.recross === undefined && localStorage.getItem(storageKey) !== null) return
    setMode(theme)
  }
}

export const themes: readonly Settings['theme'][] = ['system', 'light', 'dark']
