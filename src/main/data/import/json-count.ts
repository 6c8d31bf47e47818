import { backslash, closeArray, closeObject, colon, comma, openArray, openObject, quote, space } from './json-bytes.ts'

/**
 * Counts what a JSON text holds at its root, in another way than `JsonSplitter` cuts it: values are not looked for, but the commas between
 * them, and strings are jumped over.
 */
export class JsonCount {
  /** Values one after the other, where the text is not one. */
  values = 0
  /** Elements of a root that is a list. */
  elements = 0
  /** By name: members of a root that is an object. */
  readonly members = new Map<string, MemberCount>()
  /** Brackets that are open: `[` and `{` by their codes. */
  readonly #open: number[] = []
  #inString = false
  /** Backslashes at the end of the piece before. */
  #backslashes = 0
  #name: Buffer[] | null = null
  #member: MemberCount | null = null
  /** The bracket that its value begins with. */
  #container = 0
  /** At depth 0, 1 and 2: whether something has begun since the last comma or bracket. */
  readonly #begun = [false, false, false]

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) {
      if (this.#inString) at = this.#string(chunk, at)
      else {
        this.#sign(chunk[at]!)
        at++
      }
    }
  }

  /** Over all members, or those of this name. */
  sum(of: (member: MemberCount) => number, name?: string): number {
    let sum = 0
    for (const [key, member] of this.members) if (name === undefined || key === name) sum += of(member)
    return sum
  }

  /** Goes to the end of the string, or of the chunk. */
  #string(chunk: Buffer, from: number): number {
    let start = from
    for (;;) {
      const end = chunk.indexOf(quote, start)
      const stop = end < 0 ? chunk.length : end
      let backslashes = 0
      while (stop - backslashes > from && chunk[stop - backslashes - 1] === backslash) backslashes++
      if (stop - backslashes === from) backslashes += this.#backslashes
      if (end >= 0 && backslashes % 2 === 1) {
        start = end + 1
        continue
      }
      this.#backslashes = end < 0 ? backslashes : 0
      this.#name?.push(chunk.subarray(from, stop))
      if (end < 0) return chunk.length
      this.#inString = false
      return end + 1
    }
  }

  #sign(byte: number): void {
    if (byte <= space) {
      // A number or a word at the root ends there.
      if (this.#open.length === 0) this.#begun[0] = false
      return
    }
    const depth = this.#open.length
    if (byte === comma) {
      if (depth <= 2) this.#begun[depth] = false
    } else if (byte === closeArray || byte === closeObject) {
      this.#open.pop()
      if (depth <= 2) this.#begun[depth] = false
      if (depth === 1) this.#begun[0] = false
      if (depth === 2) this.#member = null
    } else if (byte === colon) {
      if (depth === 1) this.#named()
    } else {
      if (depth <= 2 && !this.#begun[depth]) this.#begin(depth, byte)
      if (byte === quote) {
        this.#inString = true
        this.#backslashes = 0
      } else if (byte === openArray || byte === openObject) this.#open.push(byte)
    }
  }

  /** Something begins at this depth: a value, or the name of a member. */
  #begin(depth: number, byte: number): void {
    this.#begun[depth] = true
    if (depth === 0) this.values++
    else if (depth === 1) {
      if (this.#open[0] === openArray) this.elements++
      else if (this.#member === null) this.#name = []
      else {
        this.#container = byte
        if (byte === openObject) this.#member.objects++
        else if (byte !== openArray) this.#member.scalars++
        if (byte !== openArray && byte !== openObject) this.#member = null
      }
    } else if (this.#open[0] === openObject && this.#member !== null) {
      if (this.#container === openObject) this.#member.entries++
      else {
        this.#member.elements++
        if (byte === openObject) this.#member.records++
      }
    }
  }

  /** The name of a member is complete; its value comes. */
  #named(): void {
    if (this.#name === null) return
    const name = nameOf(Buffer.concat(this.#name))
    this.#name = null
    this.#member = this.members.get(name) ?? { elements: 0, records: 0, objects: 0, entries: 0, scalars: 0 }
    this.members.set(name, this.#member)
    this.#begun[1] = false
  }
}

/** What stands under one name of the root, which may come more than once. */
interface MemberCount {
  /** Elements of its lists, and how many of them are objects. */
  elements: number
  records: number
  /** Values that are objects, and how many members they have. */
  objects: number
  entries: number
  /** Values that are neither lists nor objects. */
  scalars: number
}

function nameOf(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  try {
    return String(JSON.parse(`"${text}"`))
  } catch {
    return text
  }
}
