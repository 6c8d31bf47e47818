import { ExpressionParser } from './parse-expression.ts'
import type { Expression, Statement, Target } from './nodes.ts'
import { TokenReader } from './token-reader.ts'
import { tokensOf } from './tokens.ts'
import { TemplateError } from './values.ts'

/** Parses a template of Jinja's language. Throws TemplateError for what is wrong, or outside of what the lab runs. */
export function parseTemplate(source: string): Statement[] {
  return new Parser(new TokenReader(tokensOf(source))).template()
}

const reserved = ['true', 'false', 'none', 'True', 'False', 'None', 'loop']

class Parser {
  readonly #tokens: TokenReader
  readonly #expressions: ExpressionParser

  constructor(tokens: TokenReader) {
    this.#tokens = tokens
    this.#expressions = new ExpressionParser(tokens)
  }

  template(): Statement[] {
    const body = this.#body([])
    if (this.#tokens.token) throw this.#tokens.unexpected()
    return body
  }

  /** Statements up to a tag with one of the names, which is left to the caller. */
  #body(ends: readonly string[]): Statement[] {
    const body: Statement[] = []
    for (;;) {
      const { token } = this.#tokens
      if (!token) {
        if (ends.length > 0)
          throw new TemplateError(
            `the end is missing: ${ends.map((name) => `{% ${name} %}`).join(' or ')}`,
            this.#tokens.line
          )
        return body
      }
      const { line } = token
      this.#tokens.move(1)
      if (token.kind === 'text') body.push({ is: 'text', text: token.value, line })
      else if (token.kind === 'begin' && token.value === 'print') {
        body.push({ is: 'print', value: this.#expressions.tuple(), line })
        this.#tokens.end('print')
      } else {
        const name = this.#tokens.name()
        if (ends.includes(name)) {
          this.#tokens.move(-2)
          return body
        }
        body.push(this.#tokens.deeper(() => this.#statement(name, line)))
      }
    }
  }

  #statement(name: string, line: number): Statement {
    if (name === 'if') return this.#if(line)
    if (name === 'for') return this.#for(line)
    if (name === 'set') return this.#set(line)
    throw new TemplateError(
      ['elif', 'else', 'endif', 'endfor', 'endset'].includes(name)
        ? `{% ${name} %} stands where nothing is open for it`
        : `the tag {% ${name} %} is outside of what templates may use here: if, for, set and raw`,
      line
    )
  }

  #if(line: number): Statement {
    const branches: { test: Expression; body: Statement[] }[] = []
    for (;;) {
      const test = this.#expressions.tuple(false)
      this.#tokens.end('tag')
      branches.push({ test, body: this.#body(['elif', 'else', 'endif']) })
      const next = this.#tokens.endTag()
      if (next === 'elif') continue
      if (next === 'endif') {
        this.#tokens.end('tag')
        return { is: 'if', branches, otherwise: [], line }
      }
      this.#tokens.end('tag')
      const otherwise = this.#body(['endif'])
      this.#tokens.endTag()
      this.#tokens.end('tag')
      return { is: 'if', branches, otherwise, line }
    }
  }

  #for(line: number): Statement {
    const target = this.#target(true)
    if (!this.#tokens.skip('in')) throw this.#tokens.unexpected('in')
    const over = this.#expressions.tuple(false)
    const test = this.#tokens.skip('if') ? this.#expressions.expression() : null
    if (this.#tokens.is('recursive'))
      throw new TemplateError('recursive loops are outside of what templates may use here', line)
    this.#tokens.end('tag')
    const body = this.#body(['else', 'endfor'])
    let otherwise: Statement[] = []
    if (this.#tokens.endTag() === 'else') {
      this.#tokens.end('tag')
      otherwise = this.#body(['endfor'])
      this.#tokens.endTag()
    }
    this.#tokens.end('tag')
    return { is: 'for', target, over, test, body, otherwise, line }
  }

  #set(line: number): Statement {
    const target = this.#target(false)
    if (this.#tokens.skip('=')) {
      const value = this.#expressions.tuple()
      this.#tokens.end('tag')
      return { is: 'set', target, value, line }
    }
    if (this.#tokens.is('|'))
      throw new TemplateError('filters of a {% set %} block are outside of what templates may use here', line)
    this.#tokens.end('tag')
    const body = this.#body(['endset'])
    this.#tokens.endTag()
    this.#tokens.end('tag')
    return { is: 'set-block', target, body, line }
  }

  #target(loop: boolean): Target {
    const line = this.#tokens.line
    const one = (): Target => {
      if (this.#tokens.skip('(')) {
        const inner = this.#target(loop)
        this.#tokens.need(')')
        return inner
      }
      const name = this.#tokens.name()
      if (reserved.includes(name)) throw new TemplateError(`"${name}" cannot be given a value`, line)
      if (!loop && this.#tokens.skip('.')) return { is: 'member', of: name, name: this.#tokens.name(), line }
      return { is: 'name', name, line }
    }
    const items = [one()]
    let comma = false
    while (this.#tokens.skip(',')) {
      comma = true
      if (this.#tokens.is('in') || this.#tokens.is('=')) break
      items.push(one())
    }
    return comma ? { is: 'tuple', items, line } : items[0]!
  }
}
