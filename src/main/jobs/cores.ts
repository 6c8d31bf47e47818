import { physicalCores } from '../machine/cores.ts'
import type { Store } from '../store/store.ts'

/** How many cores the computing jobs of a lab may use together. */
export function computingCores(store: Store): number {
  return store.settings.get().threads || physicalCores()
}
