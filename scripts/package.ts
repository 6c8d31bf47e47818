import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Release } from '../src/main/contract/updates.ts'
import { labVersion, projectFolder } from '../src/main/hosts/project.ts'

/**
 * `npm run package [-- --dir]`: bundles, the notices of what is in them, the app, checksums of its installers and the list
 * of the release. Arguments go to electron-builder; RECROSS_RELEASES is the address under which releases.json will lie.
 */
const root = projectFolder()
const bin = (name: string) => join(root, 'node_modules', '.bin', name)

run(bin('electron-vite'), ['build', '--logLevel', 'warn'])
run(process.execPath, ['scripts/notices.ts'])
run(bin('electron-builder'), [...process.argv.slice(2), ...releasePage()])
await writeRelease(join(root, 'dist'))

function run(command: string, options: readonly string[]): void {
  const { status, error } = spawnSync(command, options, { cwd: root, stdio: 'inherit' })
  if (error !== undefined) process.stderr.write(`${error.message}\n`)
  if (status !== 0) process.exit(status ?? 1)
}

/** The address that the app asks for newer versions when its user wants to know; without the variable it has none. */
function releasePage(): string[] {
  const address = process.env['RECROSS_RELEASES']
  return address === undefined || address === '' ? [] : [`-c.extraMetadata.releases=${address}`]
}

/** SHA-256 of every installer: SHA256SUMS as `sha256sum --check` reads it, releases.json as the app does. */
async function writeRelease(folder: string): Promise<void> {
  if (!existsSync(folder)) return
  const installers = readdirSync(folder).filter((name) => /\.(AppImage|deb|dmg|exe|zip)$/.test(name))
  const files: Release['files'] = []
  for (const name of installers.sort()) {
    const hash = createHash('sha256')
    await pipeline(createReadStream(join(folder, name)), hash)
    files.push({ name, bytes: statSync(join(folder, name)).size, sha256: hash.digest('hex') })
  }
  if (files.length === 0) return
  writeFileSync(join(folder, 'SHA256SUMS'), files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join(''))
  const release: Release = { version: labVersion(), date: new Date().toISOString().slice(0, 10), notes: '', files }
  writeFileSync(join(folder, 'releases.json'), `${JSON.stringify(release, null, 2)}\n`)
}
