import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LabError, messageOf } from '../../contract/error.ts'
import { asDiskError, diskError, freeBytes, leastFreeBytes } from '../../files/disk-error.ts'
import { moveIntoPlace } from '../../files/durable.ts'
import { removeBeside } from '../../files/remove.ts'
import { hostOf, networkError, refuseCompressed, type Answer, type Http } from './http.ts'

export interface Wanted {
  url: string
  path: string
  /** What a list of files says of it; null where nothing is known. */
  bytes: number | null
  checksum: { kind: 'sha256' | 'git'; value: string } | null
}

export interface Fetched {
  path: string
  bytes: number
  sha256: string
}

const mostStandstills = 6
const lookEveryBytes = 16 << 20

/**
 * Downloads one file to `path`. What arrives lies in `<path>.part` and is gone on with after any interruption, as long
 * as the server still has the same file (its ETag); the file appears under its name only when size and checksum are
 * right. Throws checksum-wrong, size-wrong and what Http throws.
 */
export async function fetchFile(http: Http, wanted: Wanted, progress: (bytes: number) => void): Promise<Fetched> {
  const there = await present(wanted)
  if (there) {
    progress(there.bytes)
    return there
  }
  await mkdir(dirname(wanted.path), { recursive: true })
  let wrong: LabError | null = null
  for (let attempt = 0; attempt < 2; attempt++) {
    await receive(http, wanted, progress)
    const fetched = await check(wanted)
    if (!(fetched instanceof LabError)) {
      await moveIntoPlace(`${wanted.path}.part`, wanted.path)
      await removeBeside(wanted.path, '.part.json')
      return fetched
    }
    // Damaged on the way, perhaps: once more from the start.
    wrong = fetched
    await removeBeside(wanted.path, '.part')
    await removeBeside(wanted.path, '.part.json')
    progress(0)
  }
  throw wrong!
}

/** A file that is already there counts if it is as large as the list says; its checksum is computed once more. */
async function present(wanted: Wanted): Promise<Fetched | null> {
  const found = await stat(wanted.path).catch(() => null)
  if (!found?.isFile() || (wanted.bytes !== null && found.size !== wanted.bytes)) return null
  const { sha256, git } = await digests(wanted.path, found.size)
  const { checksum } = wanted
  if (checksum && (checksum.kind === 'git' ? git : sha256) !== checksum.value) return null
  return { path: wanted.path, bytes: found.size, sha256 }
}

/** Fills the part file to its end, over as many connections as it takes. */
async function receive(http: Http, wanted: Wanted, progress: (bytes: number) => void): Promise<void> {
  const part = `${wanted.path}.part`
  for (let standstills = 0; ;) {
    const start = (await stat(part).catch(() => null))?.size ?? 0
    if (wanted.bytes !== null && start === wanted.bytes) return
    const tag = start > 0 ? await savedTag(part) : null
    const resume = start > 0 && tag !== null && (wanted.bytes === null || start < wanted.bytes)
    const headers: Record<string, string> = resume ? { range: `bytes=${start}-`, 'if-range': tag } : {}
    const answer = await http.get(wanted.url, { 'accept-encoding': 'identity', ...headers }, [416])
    if (answer.status === 416) {
      await answer.body.dump()
      // The part is as long as the file: all that there is. Otherwise the file has changed.
      if (contentRangeTotal(answer) === start) {
        if (wanted.bytes === null) return
        throw wrongSize(wanted, String(start))
      }
      if (++standstills >= mostStandstills) throw networkError(wanted.url, new Error('the server knows no such part'))
      await removeBeside(wanted.path, '.part')
      continue
    }
    refuseCompressed(wanted.url, answer)
    const from = answer.status === 206 && contentRangeStart(answer) === start ? start : 0
    const before = await writePart({ part, from }, answer, wanted, progress).catch((thrown: unknown) => {
      // A disk that takes no more is no fault of the connection, and asking again does not help.
      const understood = asDiskError(thrown, part, wanted.bytes ?? 0)
      if (understood instanceof LabError) throw understood
      return understood as Error
    })
    if (!(before instanceof Error)) return
    const now = (await stat(part).catch(() => null))?.size ?? 0
    standstills = now > start ? 0 : standstills + 1
    if (standstills >= mostStandstills) throw networkError(wanted.url, before)
    await http.wait(Math.max(1, standstills))
  }
}

async function writePart(
  { part, from }: { part: string; from: number },
  answer: Answer,
  wanted: Wanted,
  progress: (bytes: number) => void
): Promise<void> {
  const tag = answer.headers['etag']
  await writeFile(`${part}.json`, JSON.stringify({ etag: typeof tag === 'string' ? tag : null }))
  const promised = Number(answer.headers['content-length'] ?? NaN)
  const file = await open(part, from > 0 ? 'r+' : 'w')
  let position = from
  let looked = from
  try {
    for await (const chunk of answer.body) {
      const bytes = chunk as Buffer
      if (wanted.bytes !== null && position + bytes.length > wanted.bytes)
        throw wrongSize(wanted, `more than ${wanted.bytes}`)
      await file.write(bytes, 0, bytes.length, position)
      position += bytes.length
      // Of a file of unknown size nobody could say before whether there is room for it.
      if (wanted.bytes === null && position > looked + lookEveryBytes) {
        looked = position
        const free = freeBytes(part)
        if (free !== null && free < leastFreeBytes) throw diskError('disk-full', part, { free })
      }
      progress(position)
    }
    await file.truncate(position)
    await file.sync()
  } finally {
    answer.body.destroy()
    await file.close()
  }
  if (Number.isFinite(promised) && position - from < promised) throw new Error('the connection ended early')
  if (wanted.bytes !== null && position < wanted.bytes) throw new Error('the server sent less than it has')
}

/** What is wrong with the finished part, or what it is. */
async function check(wanted: Wanted): Promise<Fetched | LabError> {
  const part = `${wanted.path}.part`
  const { size } = await stat(part)
  if (wanted.bytes !== null && size !== wanted.bytes) return wrongSize(wanted, String(size))
  const { sha256, git } = await digests(part, size)
  const { checksum } = wanted
  if (!checksum || (checksum.kind === 'git' ? git : sha256) === checksum.value)
    return { path: wanted.path, bytes: size, sha256 }
  return new LabError(
    'checksum-wrong',
    `${hostOf(wanted.url)} sent a file that is not the one it lists: the checksum of ${nameOf(wanted.path)} is wrong, ` +
      `also at the second try. Try again later, or another mirror.`,
    { details: { file: wanted.path, expected: checksum.value, got: checksum.kind === 'git' ? git : sha256 } }
  )
}

function wrongSize(wanted: Wanted, got: string): LabError {
  return new LabError(
    'size-wrong',
    `${hostOf(wanted.url)} sent ${got} bytes of ${nameOf(wanted.path)}, expected ${wanted.bytes}. Try again later, or ` +
      `another mirror.`,
    { details: { file: wanted.path, expected: wanted.bytes, got } }
  )
}

/** SHA-256, and the checksum that git gives a file: SHA-1 over `blob <size>` and the content. */
async function digests(path: string, size: number): Promise<{ sha256: string; git: string }> {
  const hashes: Hash[] = [createHash('sha256'), createHash('sha1').update(`blob ${size}\0`)]
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }))
    for (const hash of hashes) hash.update(chunk as Buffer)
  return { sha256: hashes[0]!.digest('hex'), git: hashes[1]!.digest('hex') }
}

async function savedTag(part: string): Promise<string | null> {
  try {
    const saved: unknown = JSON.parse(await readFile(`${part}.json`, 'utf8'))
    if (typeof saved === 'object' && saved !== null && 'etag' in saved && typeof saved.etag === 'string')
      return saved.etag
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError) && !messageOf(thrown).includes('ENOENT')) throw thrown
  }
  return null
}

function contentRangeStart(answer: Answer): number | null {
  const match = /^bytes (\d+)-/.exec(String(answer.headers['content-range'] ?? ''))
  return match ? Number(match[1]) : null
}

function contentRangeTotal(answer: Answer): number | null {
  const match = /\/(\d+)$/.exec(String(answer.headers['content-range'] ?? ''))
  return match ? Number(match[1]) : null
}

function nameOf(path: string): string {
  return path.split(/[/\\]/).at(-1)!
}
