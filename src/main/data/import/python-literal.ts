const deepest = 50
const largest = 1 << 20
const escapes: Record<string, string> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
  '\n': ''
}

/**
 * The value of a text that Python wrote for a list, a tuple or a dict (`['a', "b"]`, `{'text': array(['x'], dtype=object)}`,
 * also numpy's lists without commas), or that is such a value in JSON; undefined where the text is something else.
 */
export function literalOf(text: string): unknown {
  const trimmed = text.trim()
  if (trimmed.length < 2 || trimmed.length > largest || !/^[[({]/.test(trimmed)) return undefined
  const reader = new LiteralReader(trimmed)
  try {
    const value = reader.value(0)
    return reader.ended ? value : undefined
  } catch (thrown) {
    if (thrown instanceof NoLiteral) return undefined
    throw thrown
  }
}

class NoLiteral extends Error {}

class LiteralReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  get ended(): boolean {
    this.#blanks()
    return this.#at === this.#text.length
  }

  value(depth: number): unknown {
    if (depth > deepest) throw new NoLiteral()
    this.#blanks()
    const character = this.#text[this.#at]
    if (character === '[') return this.#list(']', depth)
    if (character === '(') return this.#list(')', depth)
    if (character === '{') return this.#dict(depth)
    if (character === '"' || character === "'") return this.#string()
    return this.#word(depth)
  }

  #list(close: string, depth: number): unknown[] {
    this.#at++
    const items: unknown[] = []
    for (;;) {
      this.#blanks()
      if (this.#text[this.#at] === close) {
        this.#at++
        return items
      }
      items.push(this.value(depth + 1))
      this.#blanks()
      // numpy writes its lists with blanks between the items.
      if (this.#text[this.#at] === ',') this.#at++
    }
  }

  #dict(depth: number): Record<string, unknown> {
    this.#at++
    const entries: [string, unknown][] = []
    for (;;) {
      this.#blanks()
      if (this.#text[this.#at] === '}') {
        this.#at++
        return Object.fromEntries(entries)
      }
      const key = this.value(depth + 1)
      if (typeof key !== 'string' && typeof key !== 'number') throw new NoLiteral()
      this.#expect(':')
      entries.push([String(key), this.value(depth + 1)])
      this.#blanks()
      if (this.#text[this.#at] === ',') this.#at++
      else if (this.#text[this.#at] !== '}') throw new NoLiteral()
    }
  }

  #string(): string {
    const quote = this.#text[this.#at++]!
    let text = ''
    for (;;) {
      const character = this.#text[this.#at++]
      if (character === undefined) throw new NoLiteral()
      if (character === quote) return text
      text += character === '\\' ? this.#escape() : character
    }
  }

  #escape(): string {
    const character = this.#text[this.#at++] ?? ''
    const digits = { x: 2, u: 4, U: 8 }[character]
    if (digits === undefined) return escapes[character] ?? `\\${character}`
    const code = this.#text.slice(this.#at, this.#at + digits)
    if (!new RegExp(`^[0-9a-fA-F]{${digits}}$`).test(code) || Number.parseInt(code, 16) > 0x10ffff)
      throw new NoLiteral()
    this.#at += digits
    return String.fromCodePoint(Number.parseInt(code, 16))
  }

  #word(depth: number): unknown {
    const [word] = /^[-+\w.]+/.exec(this.#text.slice(this.#at, this.#at + 400)) ?? []
    if (word === undefined) throw new NoLiteral()
    this.#at += word.length
    if (/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(word)) return String(Number(word)) === word ? Number(word) : word
    if (word === 'None' || word === 'null' || word === 'nan' || word === 'NaN') return null
    if (word === 'True' || word === 'true') return true
    if (word === 'False' || word === 'false') return false
    if (word === 'array') return this.#array(depth)
    throw new NoLiteral()
  }

  /** numpy: `array([...], dtype=object)`. */
  #array(depth: number): unknown {
    this.#expect('(')
    const value = this.value(depth + 1)
    this.#blanks()
    const rest = /^(?:,\s*dtype=[^)]*)?\)/.exec(this.#text.slice(this.#at, this.#at + 60))
    if (!rest) throw new NoLiteral()
    this.#at += rest[0].length
    return value
  }

  #expect(character: string): void {
    this.#blanks()
    if (this.#text[this.#at] !== character) throw new NoLiteral()
    this.#at++
  }

  #blanks(): void {
    while (/\s/.test(this.#text[this.#at] ?? 'x')) this.#at++
  }
}
