import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { LabError } from '../contract/error.ts'
import { releaseSchema, type Installer } from '../contract/updates.ts'
import { isNewer } from './version-order.ts'
import { jsonOrNull } from '../files/json-or-null.ts'

/** As electron-builder.yml names them: recross-lab-0.2.0-linux-x64.AppImage. */
const named =
  /^recross-lab-(\d+\.\d+\.\d+[\w.-]*?)-(linux|mac|win)-(x64|x86_64|amd64|arm64)\.(AppImage|deb|dmg|exe|zip)$/
const systems: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'mac', win32: 'win' }

export interface Here {
  version: string
  platform: NodeJS.Platform
  arch: string
}

/** Installers of the lab in a folder, newest first, with their checksums compared. Throws `file-missing`, `no-installer`. */
export async function installersIn(folder: string, here: Here): Promise<Installer[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new LabError(
      'file-missing',
      `The folder ${folder} cannot be read. Choose the one that holds the installer.`,
      {
        cause
      }
    )
  })
  const found = names.flatMap((name) => {
    const [, version, system, arch] = named.exec(name) ?? []
    return version === undefined ? [] : [{ name, version, system, arch }]
  })
  if (found.length === 0)
    throw new LabError(
      'no-installer',
      `In ${folder} there is no installer of ReCross Lab. Its name begins with "recross-lab-" and its version.`,
      { details: { folder } }
    )
  const sums = await checksumsIn(folder)
  const installers: Installer[] = []
  for (const { name, version, system, arch } of found) {
    const path = join(folder, name)
    const sum = sums.get(name)
    installers.push({
      path,
      version,
      bytes: (await stat(path)).size,
      newer: isNewer(version, here.version),
      fits: system === systems[here.platform] && (arch === 'arm64') === (here.arch === 'arm64'),
      checksum: sum === undefined ? 'none' : (await sha256(path)) === sum ? 'agrees' : 'differs'
    })
  }
  return installers.sort((a, b) => Number(b.fits) - Number(a.fits) || (isNewer(a.version, b.version) ? -1 : 1))
}

async function checksumsIn(folder: string): Promise<Map<string, string>> {
  const lines = await readFile(join(folder, 'SHA256SUMS'), 'utf8').catch(() => '')
  const sums = new Map([...lines.matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)].map(([, sum, name]) => [name!, sum!]))
  const text = await readFile(join(folder, 'releases.json'), 'utf8').catch(() => 'null')
  const release = releaseSchema.safeParse(jsonOrNull(text))
  for (const { name, sha256 } of release.data?.files ?? []) sums.set(name, sha256)
  return sums
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
