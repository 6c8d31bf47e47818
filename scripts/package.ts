import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { projectFolder } from '../src/main/hosts/project.ts'

/**
 * `npm run package [-- --dir]`: bundles, the notices of what is in them, the app, and checksums of its installers.
 * Arguments go to electron-builder.
 */
const root = projectFolder()
const bin = (name: string) => join(root, 'node_modules', '.bin', name)

run(bin('electron-vite'), ['build', '--logLevel', 'warn'])
run(process.execPath, ['scripts/notices.ts'])
run(bin('electron-builder'), process.argv.slice(2))
await writeChecksums(join(root, 'dist'))

function run(command: string, options: readonly string[]): void {
  const { status, error } = spawnSync(command, options, { cwd: root, stdio: 'inherit' })
  if (error !== undefined) process.stderr.write(`${error.message}\n`)
  if (status !== 0) process.exit(status ?? 1)
}

/** SHA-256 of every installer, in the form that `sha256sum --check` reads. */
async function writeChecksums(folder: string): Promise<void> {
  if (!existsSync(folder)) return
  const installers = readdirSync(folder).filter((name) => /\.(AppImage|deb|dmg|exe|zip)$/.test(name))
  const lines: string[] = []
  for (const name of installers.sort()) {
    const hash = createHash('sha256')
    await pipeline(createReadStream(join(folder, name)), hash)
    lines.push(`${hash.digest('hex')}  ${name}\n`)
  }
  if (lines.length > 0) writeFileSync(join(folder, 'SHA256SUMS'), lines.join(''))
}
