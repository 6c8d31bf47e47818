import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TokenStore } from '../../api/index.ts'
import { writeWholeNow } from '../../files/durable.ts'
import { removeInsideNow } from '../../files/remove.ts'
import type { ElectronParts } from './parts.ts'

/** Keeps the token encrypted by the system's secret store; `none` where the system has none or only pretends to. */
export function systemTokenStore({ app, safeStorage }: ElectronParts): TokenStore {
  const path = join(app.getPath('userData'), 'token')
  const pretends = process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text'
  if (!safeStorage.isEncryptionAvailable() || pretends) return { kind: 'none', get: () => null, set: () => undefined }
  return {
    kind: 'system',
    get: () => {
      try {
        return safeStorage.decryptString(readFileSync(path))
      } catch {
        // Not there, or written under another key: as good as not there.
        return null
      }
    },
    set: (token) => {
      if (token === null) return removeInsideNow(app.getPath('userData'), path)
      writeWholeNow(path, safeStorage.encryptString(token))
    }
  }
}
