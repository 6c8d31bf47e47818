import type { Readable, Writable } from 'node:stream'

/** A message between the lab and its agent on a place: one line of JSON, then as many bytes as its field `body` says. */
export interface Frame {
  head: Record<string, unknown>
  body: Buffer
}

/** Longest line that is taken for one; what is longer is no answer of an agent. */
const longestHead = 64 << 20

export function writeFrame(to: Writable, head: Record<string, unknown>, body: Uint8Array = new Uint8Array()): void {
  to.write(`${JSON.stringify({ ...head, body: body.byteLength })}\n`)
  if (body.byteLength > 0) to.write(body)
}

/** Frames as they come; lines before the first one that are none (a greeting of a login shell) are given to `stray`. */
export async function* readFrames(from: Readable, stray: (line: string) => void): AsyncGenerator<Frame> {
  let waiting: Buffer = Buffer.alloc(0)
  let head: Record<string, unknown> | null = null
  for await (const piece of from as AsyncIterable<Buffer>) {
    waiting = waiting.length === 0 ? piece : Buffer.concat([waiting, piece])
    for (;;) {
      if (head === null) {
        const end = waiting.indexOf(10)
        if (end < 0) {
          if (waiting.length > longestHead) throw new Error('A line without an end came from the other side.')
          break
        }
        const line = waiting.subarray(0, end).toString('utf8')
        waiting = waiting.subarray(end + 1)
        head = headOf(line)
        if (head === null) {
          stray(line)
          continue
        }
      }
      const bytes = Number(head['body'] ?? 0)
      if (waiting.length < bytes) break
      const frame = { head, body: Buffer.from(waiting.subarray(0, bytes)) }
      waiting = waiting.subarray(bytes)
      head = null
      yield frame
    }
  }
}

function headOf(line: string): Record<string, unknown> | null {
  try {
    const value = JSON.parse(line) as unknown
    return typeof value === 'object' && value !== null && 'body' in value ? value : null
  } catch {
    return null
  }
}
