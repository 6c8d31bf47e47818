import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Release } from '../src/main/contract/updates.ts'
import { labVersion } from '../src/main/hosts/project.ts'

/**
 * SHA-256 of every installer in a folder: SHA256SUMS as `sha256sum --check` reads it, releases.json as the app does. Gives how many
 * installers there are.
 */
export async function releaseFiles(folder: string): Promise<number> {
  if (!existsSync(folder)) return 0
  const installers = readdirSync(folder).filter((name) => /\.(AppImage|deb|dmg|exe|zip|tar\.gz)$/.test(name))
  const files: Release['files'] = []
  for (const name of installers.sort()) {
    const hash = createHash('sha256')
    await pipeline(createReadStream(join(folder, name)), hash)
    files.push({ name, bytes: statSync(join(folder, name)).size, sha256: hash.digest('hex') })
  }
  if (files.length === 0) return 0
  writeFileSync(join(folder, 'SHA256SUMS'), files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join(''))
  const release: Release = { version: labVersion(), date: new Date().toISOString().slice(0, 10), notes: '', files }
  writeFileSync(join(folder, 'releases.json'), `${JSON.stringify(release, null, 2)}\n`)
  return files.length
}
