import { existsSync, mkdirSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LabError } from '../contract/error.ts'
import type { FileRef } from '../contract/job-folder.ts'
import { moveIntoPlace } from '../files/durable.ts'
import { hashOf } from '../files/hashed-files.ts'
import { removeOwn } from '../files/remove.ts'
import type { PlaceLink } from './link.ts'

const pieceBytes = 1 << 20
const mostAttempts = 3

/** Sends what is not there yet, each content once, and goes on where an earlier attempt ended. Gives the bytes that went. */
export async function sendInputs(
  link: PlaceLink,
  home: string,
  inputs: readonly FileRef[],
  signal: AbortSignal
): Promise<number> {
  const byContent = new Map(inputs.map((file) => [file.sha256, file]))
  const objects = [...byContent.values()].map(({ sha256, bytes }) => ({ sha256, bytes }))
  let sent = 0
  for (const { sha256, have } of await link.ask('missing', { objects })) {
    const file = byContent.get(sha256)!
    let offset = have
    for (let attempt = 1; ; attempt++) {
      sent += await sendFrom(link, { ...file, path: join(home, file.path) }, offset, signal)
      if ((await link.ask('seal', { sha256, bytes: file.bytes })).whole) break
      // What came over is not what was sent, or the file has changed since: the next attempt is from the start.
      if (attempt === mostAttempts)
        throw new LabError(
          'input-changed',
          `${file.path} changes while it is being sent, or arrives damaged every time.`
        )
      offset = 0
    }
  }
  return sent
}

async function sendFrom(
  link: PlaceLink,
  { path, sha256, bytes }: FileRef,
  from: number,
  signal: AbortSignal
): Promise<number> {
  const file = await open(path, 'r')
  let offset = from
  let sent = 0
  try {
    const piece = Buffer.alloc(Math.min(pieceBytes, Math.max(bytes, 1)))
    while (offset < bytes) {
      signal.throwIfAborted()
      const { bytesRead } = await file.read(piece, 0, piece.length, offset)
      if (bytesRead === 0) break
      const { have } = await link.ask('put', { sha256, offset }, piece.subarray(0, bytesRead))
      sent += bytesRead
      offset = have
    }
  } finally {
    await file.close()
  }
  return sent
}

/**
 * Brings the files of a result here, beside the job's folder, and only when each of them has the hash that the result names puts
 * them into its place. `merge`: files that are there stay, as other parts of the same work have made them. Throws `result-damaged`.
 */
export async function takeResult(
  link: PlaceLink,
  { id, folder, merge }: { id: string; folder: string; merge: boolean },
  files: readonly FileRef[]
): Promise<void> {
  // Parts of the same work may come at the same time.
  const staging = merge ? `${folder}.taking-${id}` : `${folder}.taking`
  for (const file of files) {
    const path = join(staging, file.path)
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    if (!(await isThere(path, file))) await fetchFile(link, id, path, file)
    if (!(await isThere(path, file))) {
      await removeOwn(folder, staging)
      throw new LabError(
        'result-damaged',
        `${file.path} of the result is not what the place says it is. Nothing was taken in; retry the job.`,
        { details: { path: file.path } }
      )
    }
  }
  if (merge) {
    for (const { path } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true, mode: 0o700 })
      await moveIntoPlace(join(staging, path), join(folder, path))
    }
    return removeOwn(folder, staging)
  }
  await removeOwn(folder, folder)
  if (existsSync(staging)) await moveIntoPlace(staging, folder)
  else mkdirSync(folder, { recursive: true, mode: 0o700 })
}

async function fetchFile(link: PlaceLink, id: string, path: string, { path: name, bytes }: FileRef): Promise<void> {
  const file: FileHandle = await open(path, 'w', 0o600)
  try {
    for (let offset = 0; offset < bytes;) {
      const { body } = await link.askForBytes('read', {
        id,
        path: name,
        offset,
        length: Math.min(pieceBytes, bytes - offset)
      })
      if (body.length === 0) break
      await file.write(body, 0, body.length, offset)
      offset += body.length
    }
    await file.sync()
  } finally {
    await file.close()
  }
}

async function isThere(path: string, { sha256, bytes }: FileRef): Promise<boolean> {
  if (!existsSync(path)) return false
  const found = await hashOf(path)
  return found.bytes === bytes && found.sha256 === sha256
}
