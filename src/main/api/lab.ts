import { recognise } from '../features/datasets/recognise.ts'
import { diagnose } from '../features/lab/diagnostics.ts'
import { examine } from '../features/lab/doctor.ts'
import { listFolders } from '../features/lab/folders.ts'
import { homeOf } from '../features/lab/home.ts'
import { clean, usageOf } from '../features/lab/housekeeping.ts'
import { currentSettings, keepDraft, saveSettings, saveToken } from '../features/lab/settings.ts'
import { findInstallers, lookForUpdate } from '../features/lab/updates.ts'
import { verify } from '../features/lab/verification.ts'
import type { Services } from '../features/services.ts'
import { os } from './base.ts'

export function labRoutes(services: Services) {
  const { store, changes, version } = services
  return os.lab.router({
    home: os.lab.home.handler(() => homeOf(services)),
    settings: os.lab.settings.handler(() => currentSettings(services)),
    saveSettings: os.lab.saveSettings.handler(({ input }) => saveSettings(services, input)),
    saveToken: os.lab.saveToken.handler(({ input }) => saveToken(services, input)),
    drafts: os.lab.drafts.handler(() => store.drafts.list(version)),
    keepDraft: os.lab.keepDraft.handler(({ input }) => keepDraft(services, input)),
    usage: os.lab.usage.handler(() => usageOf(services)),
    clean: os.lab.clean.handler(({ input }) => clean(services, input.dryRun)),
    verify: os.lab.verify.handler(({ signal }) => verify(services, signal)),
    lookForUpdate: os.lab.lookForUpdate.handler(() => lookForUpdate(services)),
    installers: os.lab.installers.handler(({ input }) => findInstallers(services, input.folder)),
    recognise: os.lab.recognise.handler(({ input }) => recognise(input.path)),
    folders: os.lab.folders.handler(({ input }) => listFolders(input.path)),
    requests: os.lab.requests.handler(({ input }) => services.requests.list(input.most)),
    doctor: os.lab.doctor.handler(() => examine(services)),
    diagnostics: os.lab.diagnostics.handler(() => diagnose(services)),
    changes: os.lab.changes.handler(({ signal }) => changes.subscribe(signal))
  })
}
