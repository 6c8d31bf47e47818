import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { projectFolder } from '../src/main/hosts/project.ts'
import { releaseFiles } from './release-files.ts'

/**
 * `npm run package [-- --dir]`: bundles, the notices of what is in them, the app, the list of its parts (SBOM), checksums of its
 * installers and the list of the release. Arguments go to electron-builder; RECROSS_RELEASES is the address under which releases.json will lie.
 */
const root = projectFolder()
const bin = (name: string) => join(root, 'node_modules', '.bin', name)

run(bin('electron-vite'), ['build', '--logLevel', 'warn'])
run(process.execPath, ['scripts/notices.ts'])
run(bin('electron-builder'), [...process.argv.slice(2), ...releasePage()])
run(process.execPath, ['scripts/sbom.ts'])
await releaseFiles(join(root, 'dist'))

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
