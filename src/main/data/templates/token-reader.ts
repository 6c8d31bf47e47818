import { TemplateError } from './values.ts'
import type { Token } from './tokens.ts'

const mostDepth = 100

/** The tokens of a template, one after the other, and what both parsers ask of them. */
export class TokenReader {
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  endTag(): string {
    this.#at++
    return this.name()
  }

  end(value: 'print' | 'tag'): void {
    const token = this.token
    if (token?.kind !== 'end' || token.value !== value) throw this.unexpected(value === 'print' ? '}}' : '%}')
    this.#at++
  }

  name(): string {
    const token = this.next()
    if (token.kind === 'name') return token.value
    this.#at--
    throw this.unexpected('a name')
  }

  need(word: string): void {
    if (!this.skip(word)) throw this.unexpected(word)
  }

  skip(word: string): boolean {
    const found = this.is(word)
    if (found) this.#at++
    return found
  }

  is(word: string): boolean {
    return isWord(this.token, word)
  }

  next(): Token {
    const token = this.token
    if (!token) throw new TemplateError('the template ends too early', this.line)
    this.#at++
    return token
  }

  deeper<T>(part: () => T): T {
    if (++this.#depth > mostDepth) throw new TemplateError('the template is nested too deep', this.line)
    try {
      return part()
    } finally {
      this.#depth--
    }
  }

  get token(): Token | undefined {
    return this.#tokens[this.#at]
  }

  get line(): number {
    return (this.token ?? this.#tokens.at(-1))?.line ?? 1
  }

  unexpected(expected?: string): TemplateError {
    const token = this.token
    const found = !token
      ? 'the end'
      : token.kind === 'end'
        ? token.value === 'print'
          ? '}}'
          : '%}'
        : `"${String(token.value)}"`
    return new TemplateError(`unexpected ${found}${expected === undefined ? '' : `, expected ${expected}`}`, this.line)
  }

  /** Whether the token after this one is that word. */
  isNext(word: string): boolean {
    return isWord(this.#tokens[this.#at + 1], word)
  }

  /** Goes forward, or back where `count` is negative. */
  move(count: number): void {
    this.#at += count
  }
}

function isWord(token: Token | undefined, word: string): boolean {
  return (token?.kind === 'name' || token?.kind === 'operator') && token.value === word
}
