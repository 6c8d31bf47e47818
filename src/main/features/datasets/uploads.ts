import { mkdir, open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { LabError } from '../../contract/error.ts'
import { asDiskError } from '../../files/disk-error.ts'
import { moveIntoPlace } from '../../files/durable.ts'
import type { HomeFolder } from '../../store/home.ts'
import { newId } from '../../store/new-id.ts'
import type { Services } from '../services.ts'

/**
 * Files that a browser handed over, each in a folder of its own: `<home>/downloads/uploads/<upload>/<name>`. Two files of
 * one name are two files. A copy lives until it was imported, or nobody has wanted it for a week.
 */
interface Piece {
  /** Null for the first piece; then what the answer to it said. */
  upload: string | null
  name: string
  offset: number
  chunk: Blob
  last: boolean
}

export async function takeUpload(
  { home }: Services,
  { upload, name, offset, chunk, last }: Piece
): Promise<{ upload: string; path: string; bytes: number }> {
  const safe = basename(name.replaceAll('\\', '/')).replace(/[:\0]/g, '_')
  if (safe === '' || safe.startsWith('.'))
    throw new LabError('upload-name', `A file cannot be called ${JSON.stringify(name)} here. Rename it.`)
  const id = upload ?? newId('upload')
  const path = home.upload(id, safe)
  if (upload === null) await mkdir(dirname(path), { recursive: true })
  await addPiece(path, offset, chunk, last)
  return { upload: id, path, bytes: offset + chunk.size }
}

async function addPiece(path: string, offset: number, chunk: Blob, last: boolean): Promise<void> {
  try {
    const file = await open(`${path}.part`, offset === 0 ? 'w' : 'a')
    try {
      const { size } = await file.stat()
      if (size !== offset)
        throw new LabError(
          'upload-offset',
          `The upload of ${basename(path)} stands at ${size} bytes, not at ${offset}. Start it again.`,
          { details: { size, offset } }
        )
      await file.writeFile(new Uint8Array(await chunk.arrayBuffer()))
      if (last) await file.sync()
    } finally {
      await file.close()
    }
    if (last) await moveIntoPlace(`${path}.part`, path)
  } catch (thrown) {
    throw asDiskError(thrown, path, chunk.size)
  }
}

/** The folders of the uploads among these files. */
export function uploadsAmong(home: HomeFolder, files: readonly (string | null)[]): string[] {
  const folders = files.flatMap((file) => {
    const [id, ...rest] = file === null ? [] : relative(home.uploads, file).split(sep)
    return id === undefined || id === '..' || id === '' || rest.length === 0 ? [] : [join(home.uploads, id)]
  })
  return [...new Set(folders)]
}

/** Folders of uploads that no unfinished job reads. `untouchedFor`: milliseconds since their newest piece. */
export async function unusedUploads(
  { home, store }: Services,
  untouchedFor: number,
  now = Date.now()
): Promise<string[]> {
  const used = new Set(
    store.jobs
      .withStatus('queued', 'running', 'paused', 'interrupted')
      .flatMap(({ input }) => uploadsAmong(home, filesOf(input)))
  )
  const names = await readdir(home.uploads).catch((): string[] => [])
  const unused: string[] = []
  for (const name of names) {
    const folder = join(home.uploads, name)
    const changed = (await stat(folder).catch(() => null))?.mtimeMs ?? 0
    if (!used.has(folder) && (untouchedFor === 0 || now - changed >= untouchedFor)) unused.push(folder)
  }
  return unused
}

/** The files that an import, or an answering of a file, reads. */
export function filesOf(input: unknown): (string | null)[] {
  const { file, files, groupsFile, querySetsFile } = input as Partial<Record<string, unknown>>
  const named = [...(Array.isArray(files) ? (files as unknown[]) : []), file, groupsFile, querySetsFile]
  return named.filter((file) => typeof file === 'string')
}

/** Deletes the uploads among these files that no other job is still to read. */
export async function removeUploads(services: Services, files: readonly (string | null)[]): Promise<void> {
  const unused = new Set(await unusedUploads(services, 0))
  for (const folder of uploadsAmong(services.home, files)) if (unused.has(folder)) await services.home.remove(folder)
}
