import { LabError } from '../../contract/error.ts'
import type { Services } from '../services.ts'

/** Throws `offline-mode` where the settings, or the variable of the hub's own programs, say that nothing is fetched. */
export function refuseOffline({ store }: Services): void {
  const byVariable = /^(1|true|yes|on)$/i.test(process.env['HF_HUB_OFFLINE'] ?? '')
  if (!store.settings.get().offline && !byVariable) return
  throw new LabError(
    'offline-mode',
    byVariable
      ? 'The variable HF_HUB_OFFLINE says to stay offline. Unset it to download, or import the files from a folder.'
      : 'The lab is set to stay offline. Switch that off in Settings to download, or copy the files from another ' +
          'computer and install them from there.'
  )
}
