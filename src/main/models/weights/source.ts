import { open, type FileHandle } from 'node:fs/promises'
import { LabError, messageOf } from '../../contract/error.ts'
import { refuseLfsPointer } from '../../files/lfs-pointer.ts'

/** Bytes that can be read by range: a file, a part of one, or an unpacked entry of an archive. */
export interface ByteSource {
  /** The file the bytes come from, for messages. */
  readonly file: string
  readonly length: number
  /** Fills `target` with the bytes from `position` on. */
  read(target: Uint8Array, position: number): Promise<void>
}

/** A file opened for reading by range. */
export interface OpenFile extends ByteSource {
  /** What tells one version of the file from the next: size and time of change. */
  close(): Promise<void>
}

/** One call reads at most this much: operating systems stop near 2 GB. */
const largestRead = 256 * 1024 * 1024

/** @throws LabError `checkpoint-missing` where the file cannot be opened, `checkpoint-damaged` where it is not a file. */
export async function openFile(file: string): Promise<OpenFile> {
  refuseLfsPointer(file)
  let handle: FileHandle
  try {
    handle = await open(file, 'r')
  } catch (cause) {
    throw new LabError(
      'checkpoint-missing',
      `The weights file ${file} cannot be opened (${messageOf(cause)}). Check that the download finished.`,
      { cause, details: { file } }
    )
  }
  const stat = await handle.stat()
  if (!stat.isFile()) {
    await handle.close()
    throw damaged(file, 'it is not a regular file', 'Put the weights file in its place.')
  }
  return {
    file,
    length: stat.size,
    read: (target, position) => readFully({ handle, file, size: stat.size }, target, position),
    close: () => handle.close()
  }
}

/** A part of another source. The bounds were checked by whoever read them from the file. */
export function slice(source: ByteSource, start: number, length: number): ByteSource {
  return { file: source.file, length, read: (target, position) => source.read(target, start + position) }
}

/** An error about the contents of a weights file: says which file and, where there is one, which tensor. */
export function damaged(file: string, found: string, advice?: string, details: Record<string, unknown> = {}): LabError {
  return new LabError(
    'checkpoint-damaged',
    `${file}: ${found}. ${advice ?? 'The file is damaged or was cut short; download it again.'}`,
    { details: { file, ...details } }
  )
}

async function readFully(
  { handle, file, size }: { handle: FileHandle; file: string; size: number },
  target: Uint8Array,
  position: number
): Promise<void> {
  if (position < 0 || position + target.length > size) {
    throw damaged(file, `bytes ${position} to ${position + target.length} were asked for, but it has only ${size}`)
  }
  let done = 0
  while (done < target.length) {
    const length = Math.min(largestRead, target.length - done)
    const { bytesRead } = await handle.read(target, done, length, position + done)
    if (bytesRead === 0) throw damaged(file, `it ended at byte ${position + done} while it was being read`)
    done += bytesRead
  }
}
