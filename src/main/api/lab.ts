import { statfs } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { LabError } from '../contract/error.ts'
import type { Settings } from '../contract/settings.ts'
import { os } from './base.ts'
import { examine } from '../features/lab/doctor.ts'
import { bytesUnder, clean, usageOf } from '../features/lab/housekeeping.ts'
import { verify } from '../features/lab/verification.ts'
import type { Services } from '../features/services.ts'
import { recognise } from '../features/datasets/recognise.ts'
import { findInstallers, lookForUpdate } from '../features/lab/updates.ts'

export function labRoutes(services: Services) {
  const { home, store, changes, host, version, installation } = services
  return {
    home: os.lab.home.handler(async () => {
      const disk = await statfs(home.path)
      return {
        path: home.path,
        version,
        command: installation.command,
        host,
        freeBytes: disk.bavail * disk.bsize,
        usedBytes: await bytesUnder(home.path),
        cores: availableParallelism(),
        memoryBytes: totalmem(),
        platform: `${process.platform}-${process.arch}`,
        notice: services.notice()
      }
    }),
    settings: os.lab.settings.handler(() => currentSettings(services)),
    saveSettings: os.lab.saveSettings.handler(({ input }) => {
      const { hasToken: _, tokenStore: __, ...stored } = input
      store.settings.save(stored)
      changes.changed('settings')
      return currentSettings(services)
    }),
    saveToken: os.lab.saveToken.handler(({ input }) => {
      keepToken(services, input.token, input.plain)
      changes.changed('settings')
      return currentSettings(services)
    }),
    drafts: os.lab.drafts.handler(() => store.drafts.list(version)),
    keepDraft: os.lab.keepDraft.handler(({ input }) => {
      store.drafts.keep(input.name, version, input.text)
      return {}
    }),
    usage: os.lab.usage.handler(() => usageOf(services)),
    clean: os.lab.clean.handler(({ input }) => clean(services, input.dryRun)),
    verify: os.lab.verify.handler(({ signal }) => verify(services, signal)),
    lookForUpdate: os.lab.lookForUpdate.handler(() => lookForUpdate(services)),
    installers: os.lab.installers.handler(({ input }) => findInstallers(services, input.folder)),
    recognise: os.lab.recognise.handler(({ input }) => recognise(input.path)),
    doctor: os.lab.doctor.handler(() => examine(services)),
    changes: os.lab.changes.handler(({ signal }) => changes.subscribe(signal))
  }
}

function currentSettings({ store, tokens }: Services): Settings {
  const plain = store.tokens.get() !== null
  const system = tokens.get() !== null
  return {
    ...store.settings.get(),
    hasToken: plain || system,
    tokenStore: tokens.kind === 'system' ? 'system' : plain ? 'plain' : 'none'
  }
}

/** In the system's secret store where there is one; in plain text only where the user has agreed to that. */
function keepToken({ store, tokens }: Services, token: string | null, plain: boolean): void {
  if (token === null) {
    store.tokens.set(null)
    if (tokens.kind === 'system') tokens.set(null)
  } else if (tokens.kind === 'system') {
    tokens.set(token)
    store.tokens.set(null)
  } else if (plain) {
    store.tokens.set(token)
  } else {
    throw new LabError(
      'no-secret-store',
      'This host has no system secret store. Agree to keep the token in plain text in the home folder, or set HF_TOKEN instead.'
    )
  }
}
