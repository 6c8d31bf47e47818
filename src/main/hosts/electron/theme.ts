import type { BrowserWindow } from 'electron'
import type { Lab } from '../lab.ts'
import type { ElectronParts } from './parts.ts'

/** The canvas of the screens (`--canvas` in app.css): what is seen before the page has drawn anything. */
const canvas = { light: '#f6f4ee', dark: '#121618' } as const

export function canvasColour({ nativeTheme }: ElectronParts): string {
  return nativeTheme.shouldUseDarkColors ? canvas.dark : canvas.light
}

/** Frames, dialogs and menus follow the theme that is set in the lab; the window never flashes in another. */
export function followTheme(parts: ElectronParts, lab: Lab): void {
  parts.nativeTheme.themeSource = lab.services.store.settings.get().theme
}

/** Does so with every change of the settings, until the signal. */
export async function keepTheme(
  parts: ElectronParts,
  lab: Lab,
  window: BrowserWindow,
  signal: AbortSignal
): Promise<void> {
  for await (const change of lab.services.changes.subscribe(signal)) {
    if (change.type !== 'changed' || change.what !== 'settings') continue
    followTheme(parts, lab)
    if (!window.isDestroyed()) window.setBackgroundColor(canvasColour(parts))
  }
}
