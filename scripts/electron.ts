import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { hasScreen } from '../src/main/hosts/browser.ts'
import { electronBinary } from '../src/main/hosts/electron-binary.ts'
import { projectFolder } from '../src/main/hosts/project.ts'

const probeMilliseconds = 3000
const downloadMilliseconds = 180_000

/** Electron's program, fetched where that can be done quickly; or why there is none, in a line. Never hangs. */
export async function findElectron(): Promise<{ path: string } | { reason: string }> {
  if (!hasScreen()) return { reason: 'there is no screen' }
  const there = electronBinary()
  if (there !== null) return { path: there }
  const mirror = process.env['ELECTRON_MIRROR']
  const place = mirror ?? 'https://github.com/electron/electron/releases/'
  const { host } = new URL(place)
  try {
    const { ok, status } = await fetch(place, { method: 'HEAD', signal: AbortSignal.timeout(probeMilliseconds) })
    // A gateway that refuses would let the download time out at every start. A mirror need not show its folders.
    if (!ok && mirror === undefined) return { reason: `Electron's program is not here and ${host} answers ${status}` }
  } catch {
    return { reason: `Electron's program is not here and ${host} cannot be reached` }
  }
  process.stderr.write('Fetching Electron (about 110 MB, once) …\n')
  const installer = join(projectFolder(), 'node_modules', 'electron', 'install.js')
  const { status } = spawnSync(process.execPath, [installer], { stdio: 'ignore', timeout: downloadMilliseconds })
  const fetched = status === 0 ? electronBinary() : null
  return fetched === null ? { reason: "Electron's program could not be fetched" } : { path: fetched }
}
