import { LabError } from '../../contract/error.ts'
import type { Installer, Update } from '../../contract/updates.ts'
import { isNewer } from '../../data/version-order.ts'
import type { Services } from '../services.ts'
import { refuseOffline } from './stay-offline.ts'

/** What the release page names as newest. Throws `no-release-page`, `offline-mode`, `release-page`, and what the network does. */
export async function lookForUpdate(services: Services): Promise<Update> {
  const { store, jobs, version, installation } = services
  const { releases, proxy } = store.settings.get()
  const address = releases ?? installation.releases
  if (address === null)
    throw new LabError(
      'no-release-page',
      'This lab was built without the address of a release page. Set one in Settings, or take an installer from a folder.'
    )
  refuseOffline(services)
  const release = await jobs.ask('look-for-update', { address, proxy })
  return { current: version, release, newer: isNewer(release.version, version) }
}

/** Throws `file-missing`, `no-installer`. */
export async function findInstallers({ jobs, version }: Services, folder: string): Promise<Installer[]> {
  return (await jobs.ask('check-installers', { folder, version })).installers
}
