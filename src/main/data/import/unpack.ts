import { createWriteStream, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { LabError } from '../../contract/error.ts'
import type { JobInput } from '../../contract/jobs.ts'
import { refuseLfsPointer } from '../../files/lfs-pointer.ts'
import { removeInsideNow } from '../../files/remove.ts'
import type { ArchiveEntry } from './archive-entry.ts'
import { headOf, packingOf, readUnpacked, type DataFile } from './data-file.ts'
import { isWorkbook } from './read-xlsx.ts'
import { readTar } from './tar.ts'
import { entryContent, nextEntry, openArchive, unsafeArchive } from './zip-file.ts'

const bytesBetweenLooks = 32 << 20
const dataName = /\.(jsonl?|ndjson|csv|tsv|parquet|xlsx|xlsm)(\.(gz|zst|zstd))?$|(^|[/\\])examples\.db$/i

/**
 * All data files of what the user chose: files as they are, folders walked, archives (zip, tar, tar.gz, tar.zst)
 * unpacked one entry at a time into `scratch` under names of our own, so that no name in an archive is ever a path.
 * Throws archive-unsafe for entries with names that try to be one. `room` is called now and then while an archive is
 * unpacked, and throws where the disk gets full: a few megabytes may hold a thousand times as much.
 */
export async function* dataFiles(
  paths: readonly string[],
  scratch: string,
  room: () => void,
  root: ImportRoot | null = null
): AsyncGenerator<DataFile> {
  for (const path of paths) {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (!stat) throw new LabError('file-missing', `There is no file at ${path}.`, { details: { path } })
    if (stat.isDirectory()) {
      for (const file of walk(path)) yield* dataFilesOf(file, scratch, room)
    } else yield* dataFilesOf(root === null ? { path, name: lastName(path) } : fileUnder(root, path), scratch, room)
  }
}

type ImportRoot = NonNullable<JobInput<'import-dataset'>['root']>

function fileUnder({ folder, name, configs }: ImportRoot, path: string): DataFile {
  const inside = relative(folder, path)
  const config = configs[inside.replaceAll('\\', '/')]
  return { path, name: join(name, inside), ...(config === undefined ? {} : { place: join(name, config, 'train') }) }
}

async function* dataFilesOf(file: DataFile, scratch: string, room: () => void): AsyncGenerator<DataFile> {
  const packing = packingOf(file.path)
  const entries =
    packing === 'zip'
      ? (await isWorkbook(file))
        ? null
        : readZip(file)
      : packing !== 'parquet' && packing !== 'sqlite' && (await isTar(file))
        ? readTar(file)
        : null
  if (entries === null) {
    yield file
    return
  }
  mkdirSync(scratch, { recursive: true })
  let number = 0
  for await (const entry of entries) {
    refuseUnsafe(entry.name, file)
    if (!dataName.test(entry.name) || entry.name.startsWith('__MACOSX/')) continue
    const path = join(scratch, `entry-${++number}`)
    try {
      await pipeline(watched(entry.content(), room), createWriteStream(path))
      refuseLfsPointer(path, `${entry.name} in ${file.path}`)
      yield { path, name: `${file.name}/${entry.name}` }
    } finally {
      removeInsideNow(scratch, path)
    }
  }
}

async function* watched(content: AsyncIterable<Buffer>, room: () => void): AsyncGenerator<Buffer> {
  let bytes = bytesBetweenLooks
  for await (const chunk of content) {
    bytes += chunk.length
    if (bytes >= bytesBetweenLooks) {
      room()
      bytes = 0
    }
    yield chunk
  }
}

async function* readZip(file: DataFile): AsyncGenerator<ArchiveEntry> {
  const zip = await openArchive(file)
  try {
    for (;;) {
      const entry = await nextEntry(zip, file)
      if (entry === null) return
      if (!entry.fileName.endsWith('/')) yield { name: entry.fileName, content: () => entryContent(zip, entry, file) }
    }
  } finally {
    zip.close()
  }
}

async function isTar(file: DataFile): Promise<boolean> {
  if (packingOf(file.path) === 'plain') return isTarHead(await headOf(file, 512))
  for await (const chunk of readUnpacked(file)) return isTarHead(chunk)
  return false
}

function isTarHead(head: Buffer): boolean {
  return head.subarray(257, 262).toString('latin1') === 'ustar'
}

/** Files in a folder, named by their place under it: folders of configurations tell the task. */
function* walk(folder: string, name = lastName(folder)): Generator<DataFile> {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    // Links are not followed: they may lead out of the folder, or in circles.
    if (entry.isDirectory()) yield* walk(path, join(name, entry.name))
    else if (entry.isFile() && dataName.test(entry.name)) yield { path, name: join(name, entry.name) }
  }
}

function refuseUnsafe(name: string, file: DataFile): void {
  const parts = name.split(/[/\\]/)
  if (/^([/\\]|[a-z]:)/i.test(name) || parts.includes('..') || name.includes('\u0000')) throw unsafeArchive(file, name)
}

function lastName(path: string): string {
  return path.split(/[/\\]/).filter(Boolean).at(-1) ?? path
}
