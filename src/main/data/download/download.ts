import { mkdirSync, statfsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { LabError } from '../../contract/error.ts'
import type { JobInput, JobOutput } from '../../contract/jobs.ts'
import { fetchDriveFile } from './drive.ts'
import { fetchFile, type Fetched } from './fetch-file.ts'
import { Http, type HttpOptions } from './http.ts'
import { takeFromCache } from './hub-cache.ts'
import { labelsFor, readingFor } from './hub-card.ts'
import { cardConfigOf } from './hub-parts.ts'
import { hubAddress, hubCard, hubFiles } from './hub.ts'
import { isWeights, remoteFile, type RemoteFile } from './remote-file.ts'

export interface DownloadHooks {
  report(progress: { phase: string; done: number; total: number | null; unit: string }): void
  log(text: string, level?: 'info' | 'warn'): void
  paused(): Promise<void>
  /** Looks at a model of a hub when its small files have come and its weights have not; throws where the lab cannot run it. */
  lookAtModel?(folder: string, weights: readonly RemoteFile[]): Promise<void>
  signal: AbortSignal
}

/** For tests: other addresses, shorter waits, another disk. */
export interface DownloadSettings extends Pick<HttpOptions, 'firstWait' | 'longestWait' | 'stallTime'> {
  drive?: string
  freeBytes?: (folder: string) => number
}

/** So much room stays free beside what is downloaded. */
const roomLeft = 500 << 20

/** Downloads what a source names into `folder`. Called again after any interruption, it goes on where it was. */
export async function download(
  input: JobInput<'download'>,
  folder: string,
  hooks: DownloadHooks,
  settings: DownloadSettings = {}
): Promise<JobOutput<'download'>> {
  mkdirSync(folder, { recursive: true })
  const { source } = input
  // Only the hub, or its mirror, ever sees the token.
  const http = new Http({ proxy: input.proxy, ...hooks, ...settings }, source.type === 'hub' ? input.token : null)
  try {
    if (source.type === 'drive') {
      const progress = (bytes: number) =>
        hooks.report({ phase: source.fileName, done: bytes, total: null, unit: 'bytes' })
      const file = await fetchDriveFile(http, source, folder, {
        progress,
        checkRoom: (bytes) => checkRoom(folder, bytes, settings.freeBytes ?? freeBytesOf),
        address: settings.drive
      })
      return { files: [file], licence: null, labels: {}, reading: {}, configs: {} }
    }
    const address = input.mirror ?? hubAddress
    const card = source.type === 'hub' ? await hubCard(http, source, address) : null
    const wanted =
      source.type === 'hub'
        ? await hubFiles(http, source, folder, { address, card })
        : (source.type === 'files' ? source.files : [source]).map(({ url, fileName, sha256 }) => ({
            url,
            path: join(folder, safeName(fileName)),
            bytes: null,
            checksum: sha256 === null ? null : { kind: 'sha256' as const, value: sha256 }
          }))
    if (source.type === 'hub' && input.cache !== null)
      for (const file of wanted) await takeFromCache(input.cache, source, file, folder)
    const total = wanted.every((file) => file.bytes !== null)
      ? wanted.reduce((sum, file) => sum + file.bytes!, 0)
      : null
    checkRoom(folder, total ?? 0, settings.freeBytes ?? freeBytesOf)
    const files: Fetched[] = []
    let before = 0
    // Whoever names the files may want them for something else than a model that runs here.
    const looks = input.kind === 'model' && source.type === 'hub' && source.files.length === 0
    const weights = looks ? wanted.filter(isWeights) : []
    if (source.type === 'hub')
      hooks.log(
        `${source.repo}: ${wanted.length} files${total === null ? '' : `, ${(total / 1e6).toFixed(1)} MB`}; licence: ${card?.licence ?? 'not said'}.`
      )
    for (const file of wanted) {
      await hooks.paused()
      if (file === weights[0]) {
        hooks.report({ phase: 'looking at the model', done: before, total, unit: 'bytes' })
        await hooks.lookAtModel?.(
          folder,
          weights.map((one) => remoteFile(http, one))
        )
      }
      const phase = file.path.slice(folder.length + 1)
      files.push(
        await fetchFile(http, file, (bytes) => hooks.report({ phase, done: before + bytes, total, unit: 'bytes' }))
      )
      before += files.at(-1)!.bytes
      hooks.log(`${phase}: ${files.at(-1)!.bytes} bytes, sha256 ${files.at(-1)!.sha256}.`)
    }
    const wantedConfigs = source.type === 'hub' ? source.configs : []
    const configs = files.flatMap(({ path }) => {
      const inside = relative(folder, path).replaceAll('\\', '/')
      const config = cardConfigOf(inside, card?.configs ?? [], wantedConfigs)
      return config === null ? [] : [[inside, config] as const]
    })
    return {
      files,
      licence: card?.licence ?? null,
      labels: labelsFor(card, wantedConfigs),
      reading: readingFor(card, wantedConfigs),
      configs: Object.fromEntries(configs)
    }
  } finally {
    await http.close()
  }
}

function checkRoom(folder: string, bytes: number, freeBytes: (folder: string) => number): void {
  const free = freeBytes(folder)
  if (free >= bytes + roomLeft) return
  const megabytes = (count: number): string => `${Math.ceil(count / 1e6).toLocaleString('en')} MB`
  throw new LabError(
    'disk-full',
    `The download needs ${megabytes(bytes)} and some room to work (${megabytes(roomLeft)}), but the disk of ${folder} ` +
      `has ${megabytes(free)} left. Make room, or put the lab's home on another disk.`,
    { details: { path: folder, neededBytes: bytes + roomLeft, freeBytes: free } }
  )
}

function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

function safeName(name: string): string {
  return name.replace(/[/\\:\0]/g, '_').replace(/^\.+/, '_') || 'file'
}
