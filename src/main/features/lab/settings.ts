import type { Asked } from '../../contract/client.ts'
import { LabError } from '../../contract/error.ts'
import type { Contract } from '../../contract/routes.ts'
import type { Settings } from '../../contract/settings.ts'
import type { Services } from '../services.ts'

export function currentSettings({ store, tokens }: Services): Settings {
  const plain = store.tokens.get() !== null
  const system = tokens.get() !== null
  return {
    ...store.settings.get(),
    hasToken: plain || system,
    tokenStore: tokens.kind === 'system' ? 'system' : plain ? 'plain' : 'none'
  }
}

/** What is not given stays as it is. */
export function saveSettings(services: Services, input: Asked<Contract['lab']['saveSettings']>): Settings {
  const { hasToken: _, tokenStore: __, ...stored } = input
  services.store.settings.save(stored)
  services.changes.changed('settings')
  return currentSettings(services)
}

/** Throws `no-secret-store`. */
export function saveToken(services: Services, { token, plain }: Asked<Contract['lab']['saveToken']>): Settings {
  keepToken(services, token, plain)
  services.changes.changed('settings')
  return currentSettings(services)
}

/** Keeps a half-filled form in place of the one of that name; null forgets it. */
export function keepDraft(
  { store, version }: Services,
  { name, text }: Asked<Contract['lab']['keepDraft']>
): Record<string, never> {
  store.drafts.keep(name, version, text)
  return {}
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
