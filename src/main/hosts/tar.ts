import { open, stat } from 'node:fs/promises'

export interface TarEntry {
  /** Path in the archive, at most 255 letters. */
  name: string
  path: string
  executable: boolean
}

const block = 512

/** A tar archive (POSIX ustar) of files, the same bytes for the same content on any day and by any user. */
export async function* tarOf(entries: readonly TarEntry[]): AsyncGenerator<Buffer> {
  for (const entry of entries) {
    const { size } = await stat(entry.path)
    yield header(entry, size)
    const file = await open(entry.path, 'r')
    try {
      for await (const piece of file.createReadStream({ start: 0, end: Math.max(0, size - 1) }))
        if (size > 0) yield piece as Buffer
    } finally {
      await file.close()
    }
    yield Buffer.alloc((block - (size % block)) % block)
  }
  yield Buffer.alloc(2 * block)
}

function header({ name, executable }: TarEntry, size: number): Buffer {
  const head = Buffer.alloc(block)
  const [prefix, last] = splitName(name)
  head.write(last, 0, 100)
  head.write(executable ? '0000755\0' : '0000644\0', 100)
  head.write('0000000\0', 108)
  head.write('0000000\0', 116)
  head.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  head.write(`${'0'.repeat(11)}\0`, 136)
  head.write('        ', 148)
  head.write('0', 156)
  head.write('ustar\x0000', 257)
  head.write(prefix, 345, 155)
  const sum = head.reduce((total, byte) => total + byte, 0)
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return head
}

function splitName(name: string): [string, string] {
  if (Buffer.byteLength(name) <= 100) return ['', name]
  const at = name.lastIndexOf('/', 155)
  if (at < 0 || name.length - at - 1 > 100) throw new Error(`The path ${name} is too long for the archive.`)
  return [name.slice(0, at), name.slice(at + 1)]
}
