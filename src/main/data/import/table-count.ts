import type { Dialect } from './row-splitter.ts'

/** Where a table is at, as states; a row that has nothing on it (but carriage returns at its end) is none. */
const states = ['row start', 'field start', 'plain', 'quoted', 'after quote', 'escaped', 'escaped in quotes'] as const
type State = (typeof states)[number]
const kinds = ['other', 'delimiter', 'quote', 'escape', 'row end', 'blank', 'return'] as const
type Kind = (typeof kinds)[number]

/**
 * Counts the rows of a table whose quotes may join lines, in another way than `RowSplitter` cuts them: by a table of what follows what.
 */
export class TableCount {
  readonly #kinds = new Uint8Array(256)
  readonly #next: Uint8Array
  /** Rows that are no records: the head, and `sep=;`. */
  readonly #head: number
  #skip: number
  #state = 0
  #something = false
  #rows = 0

  constructor({ delimiter, quote, escape, rowEnd, header, separatorLine, spaced = false }: Dialect) {
    const at = (sign: string, kind: Kind): void => {
      if (sign !== '') this.#kinds[sign.charCodeAt(0)] = kinds.indexOf(kind)
    }
    if (spaced) at(' ', 'blank')
    if (rowEnd === 'lf') at('\r', 'return')
    // Where a sign has two meanings, the later one holds.
    at(escape, 'escape')
    at(rowEnd === 'cr' ? '\r' : '\n', 'row end')
    at(delimiter, 'delimiter')
    at(quote, 'quote')
    this.#head = Number(header)
    this.#skip = Number(separatorLine)
    this.#next = new Uint8Array(states.length * 8)
    for (const [from, state] of states.entries())
      for (const [by, kind] of kinds.entries()) this.#next[from * 8 + by] = states.indexOf(after(state, kind))
  }

  push(chunk: Buffer): void {
    const [kindOf, next] = [this.#kinds, this.#next]
    let state = this.#state
    let something = this.#something
    for (let at = 0; at < chunk.length; at++) {
      const kind = kindOf[chunk[at]!]!
      state = next[state * 8 + kind]!
      if (state === 0) {
        this.#end(something)
        something = false
      } else if (kind !== returns) something = true
    }
    this.#state = state
    this.#something = something
  }

  /** The rows below the head. */
  records(): number {
    return Math.max(0, this.#rows + Number(this.#something && this.#skip === 0) - this.#head)
  }

  #end(something: boolean): void {
    if (this.#skip > 0) this.#skip--
    else if (something) this.#rows++
  }
}

const returns = kinds.indexOf('return')

function after(state: State, kind: Kind): State {
  if (state === 'escaped') return 'plain'
  if (state === 'escaped in quotes') return 'quoted'
  if (state === 'quoted') return kind === 'quote' ? 'after quote' : kind === 'escape' ? 'escaped in quotes' : 'quoted'
  if (state === 'after quote' && kind === 'quote') return 'quoted'
  if (kind === 'row end') return 'row start'
  if (kind === 'delimiter') return 'field start'
  if (kind === 'escape') return 'escaped'
  const open = state === 'row start' || state === 'field start'
  if (open && kind === 'quote') return 'quoted'
  if (open && kind === 'blank') return 'field start'
  return 'plain'
}
