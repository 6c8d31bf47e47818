import type { Lab } from '../lab.ts'
import { setMenu } from './menu.ts'
import type { ElectronParts } from './parts.ts'
import { speak } from './words.ts'

/** Menu, dialogs and tray speak the language that is set in the lab, with every change of the settings, until the signal. */
export async function keepLanguage(parts: ElectronParts, lab: Lab, signal: AbortSignal): Promise<void> {
  for await (const change of lab.services.changes.subscribe(signal)) {
    if (change.type !== 'changed' || change.what !== 'settings') continue
    if (speak(lab.services.store.settings.get().language)) setMenu(parts, lab)
  }
}
