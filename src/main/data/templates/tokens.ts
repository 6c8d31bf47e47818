import { TemplateError } from './values.ts'

export type Token =
  | { kind: 'text'; value: string; line: number }
  | { kind: 'begin' | 'end'; value: 'print' | 'tag'; line: number }
  | { kind: 'name' | 'operator'; value: string; line: number }
  | { kind: 'string'; value: string; line: number }
  | { kind: 'integer'; value: bigint; line: number }
  | { kind: 'float'; value: number; line: number }

/** What Python's `\s` and `str.strip` take for white space. */
export const pythonSpace = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const leading = new RegExp(`^[${pythonSpace}]+`)
const trailing = new RegExp(`[${pythonSpace}]+$`)

const rules = {
  space: new RegExp(`[${pythonSpace}]+`, 'y'),
  float: /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?e[+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/iy,
  integer: /0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\da-f])+|[1-9](?:_?\d)*|0(?:_?0)*/iy,
  name: /[\p{ID_Start}_][\p{ID_Continue}]*/uy,
  string: /'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*"/sy,
  operator: /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}<>=.:|,;]/y
}
const closers: Record<string, string> = { ')': '(', ']': '[', '}': '{' }

/** Cuts a template into texts, `{{ … }}`, `{% … %}` with the tokens inside; comments and `raw` are resolved. */
export function tokensOf(source: string): Token[] {
  return new Lexer(source).all()
}

class Lexer {
  readonly #text: string
  readonly #tokens: Token[] = []
  #at = 0
  #line = 1

  constructor(source: string) {
    // One line break at the end belongs to the file, not to the template.
    this.#text = source.replace(/\r\n|\r/g, '\n').replace(/\n$/, '')
  }

  all(): Token[] {
    while (this.#at < this.#text.length) this.#chunk()
    return this.#tokens
  }

  #chunk(): void {
    const begin = /\{[{%#]/g
    begin.lastIndex = this.#at
    const found = begin.exec(this.#text)
    if (!found) return this.#pushText(this.#text.slice(this.#at), this.#text.length)
    const sign = this.#text[found.index + 2]
    const text = this.#text.slice(this.#at, found.index)
    this.#pushText(sign === '-' ? text.replace(trailing, '') : text, found.index)
    const open = found[0]
    if (open === '{#') return this.#comment()
    const raw = /\{%[-+]?\s*raw\s*(-)?%\}/y
    raw.lastIndex = found.index
    const verbatim = raw.exec(this.#text)
    if (verbatim) return this.#raw(found.index, verbatim)
    const value = open === '{{' ? 'print' : 'tag'
    this.#tokens.push({ kind: 'begin', value, line: this.#line })
    this.#move(found.index + 2 + (sign === '-' || sign === '+' ? 1 : 0))
    this.#inside(value)
  }

  #comment(): void {
    const end = this.#text.indexOf('#}', this.#at + 2)
    if (end < 0) throw new TemplateError('Missing end of comment tag', this.#line)
    const strip = this.#text[end - 1] === '-'
    this.#move(end + 2)
    if (strip) this.#skipSpace()
  }

  #raw(start: number, begin: RegExpExecArray): void {
    const from = start + begin[0].length
    const close = /\{%([-+])?\s*endraw\s*([-+])?%\}/g
    close.lastIndex = from
    const end = close.exec(this.#text)
    if (!end) throw new TemplateError('Missing end of raw directive', this.#line)
    let text = this.#text.slice(from, end.index)
    if (begin[1]) text = text.replace(leading, '')
    if (end[1] === '-') text = text.replace(trailing, '')
    this.#pushText(text, end.index + end[0].length)
    if (end[2] === '-') this.#skipSpace()
  }

  #inside(value: 'print' | 'tag'): void {
    const open: string[] = []
    const end = value === 'print' ? '}}' : '%}'
    for (;;) {
      if (this.#at >= this.#text.length)
        throw new TemplateError(`unexpected end of template, expected "${end}"`, this.#line)
      if (open.length === 0) {
        const close = /^[-+]?/.exec(this.#text.slice(this.#at, this.#at + 1))![0]
        // A plus before the end is only a sign of tags.
        const signed = close !== '' && !(value === 'print' && close === '+') && this.#text.startsWith(end, this.#at + 1)
        if (signed || this.#text.startsWith(end, this.#at)) {
          this.#move(this.#at + end.length + (signed ? 1 : 0))
          this.#tokens.push({ kind: 'end', value, line: this.#line })
          if (signed && close === '-') this.#skipSpace()
          return
        }
      }
      this.#token(open)
    }
  }

  #token(open: string[]): void {
    const line = this.#line
    if (this.#match(rules.space) !== null) return
    // 1.0 after a dot would be an index of an index.
    const float = this.#text[this.#at - 1] === '.' ? null : this.#match(rules.float)
    if (float !== null) return void this.#tokens.push({ kind: 'float', value: Number(float.replaceAll('_', '')), line })
    const integer = this.#match(rules.integer)
    if (integer !== null)
      return void this.#tokens.push({ kind: 'integer', value: BigInt(integer.replaceAll('_', '').toLowerCase()), line })
    const name = this.#match(rules.name)
    if (name !== null) return void this.#tokens.push({ kind: 'name', value: name, line })
    const string = this.#match(rules.string)
    if (string !== null) return void this.#tokens.push({ kind: 'string', value: unescaped(string.slice(1, -1)), line })
    const operator = this.#match(rules.operator)
    if (operator === null) throw new TemplateError(`unexpected character ${JSON.stringify(this.#text[this.#at])}`, line)
    if ('([{'.includes(operator)) open.push(operator)
    else if (operator in closers && open.pop() !== closers[operator])
      throw new TemplateError(`unexpected "${operator}"`, line)
    this.#tokens.push({ kind: 'operator', value: operator, line })
  }

  #match(rule: RegExp): string | null {
    rule.lastIndex = this.#at
    const found = rule.exec(this.#text)
    if (!found) return null
    this.#move(this.#at + found[0].length)
    return found[0]
  }

  #pushText(value: string, to: number): void {
    if (value !== '') this.#tokens.push({ kind: 'text', value, line: this.#line })
    this.#move(to)
  }

  #skipSpace(): void {
    this.#match(rules.space)
  }

  #move(to: number): void {
    for (let at = this.#at; at < to; at++) if (this.#text[at] === '\n') this.#line++
    this.#at = to
  }
}

const simple: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': ''
}

/** A string as Python reads it; an escape that it does not know stays as it stands. */
function unescaped(text: string): string {
  const escape = /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|([0-7]{1,3})|(.))/gis
  return text.replace(escape, (all, two?: string, four?: string, eight?: string, octal?: string, other?: string) => {
    const hex = two ?? four ?? eight
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
    return simple[other ?? ''] ?? all
  })
}
