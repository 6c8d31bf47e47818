import { nearestName } from '../../contract/did-you-mean.ts'
import { filterNames, testNames } from './filters.ts'
import { globalNames } from './globals.ts'
import { methodNames } from './methods.ts'
import type { Argument, Expression, Statement, Target } from './nodes.ts'
import { tokensOf, type Token } from './tokens.ts'
import { TemplateError } from './values.ts'

/** Parses a template of Jinja's language. Throws TemplateError for what is wrong, or outside of what the lab runs. */
export function parseTemplate(source: string): Statement[] {
  return new Parser(tokensOf(source)).template()
}

const mostDepth = 100
const comparisons = ['==', '!=', '<', '<=', '>', '>=']
const known = { filter: filterNames, test: testNames, method: methodNames, function: globalNames }

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  template(): Statement[] {
    const body = this.#body([])
    if (this.#at < this.#tokens.length) throw this.#unexpected()
    return body
  }

  /** Statements up to a tag with one of the names, which is left to the caller. */
  #body(ends: readonly string[]): Statement[] {
    const body: Statement[] = []
    for (;;) {
      const token = this.#tokens[this.#at]
      if (!token) {
        if (ends.length > 0)
          throw new TemplateError(`the end is missing: ${ends.map((name) => `{% ${name} %}`).join(' or ')}`, this.#line)
        return body
      }
      const { line } = token
      this.#at++
      if (token.kind === 'text') body.push({ is: 'text', text: token.value, line })
      else if (token.kind === 'begin' && token.value === 'print') {
        body.push({ is: 'print', value: this.#tuple(), line })
        this.#end('print')
      } else {
        const name = this.#name()
        if (ends.includes(name)) {
          this.#at -= 2
          return body
        }
        body.push(this.#deeper(() => this.#statement(name, line)))
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
      const test = this.#tuple(false)
      this.#end('tag')
      branches.push({ test, body: this.#body(['elif', 'else', 'endif']) })
      const next = this.#endTag()
      if (next === 'elif') continue
      if (next === 'endif') {
        this.#end('tag')
        return { is: 'if', branches, otherwise: [], line }
      }
      this.#end('tag')
      const otherwise = this.#body(['endif'])
      this.#endTag()
      this.#end('tag')
      return { is: 'if', branches, otherwise, line }
    }
  }

  #for(line: number): Statement {
    const target = this.#target(true)
    if (!this.#skip('in')) throw this.#unexpected('in')
    const over = this.#tuple(false)
    const test = this.#skip('if') ? this.#expression() : null
    if (this.#is('recursive'))
      throw new TemplateError('recursive loops are outside of what templates may use here', line)
    this.#end('tag')
    const body = this.#body(['else', 'endfor'])
    let otherwise: Statement[] = []
    if (this.#endTag() === 'else') {
      this.#end('tag')
      otherwise = this.#body(['endfor'])
      this.#endTag()
    }
    this.#end('tag')
    return { is: 'for', target, over, test, body, otherwise, line }
  }

  #set(line: number): Statement {
    const target = this.#target(false)
    if (this.#skip('=')) {
      const value = this.#tuple()
      this.#end('tag')
      return { is: 'set', target, value, line }
    }
    if (this.#is('|'))
      throw new TemplateError('filters of a {% set %} block are outside of what templates may use here', line)
    this.#end('tag')
    const body = this.#body(['endset'])
    this.#endTag()
    this.#end('tag')
    return { is: 'set-block', target, body, line }
  }

  #target(loop: boolean): Target {
    const line = this.#line
    const one = (): Target => {
      if (this.#skip('(')) {
        const inner = this.#target(loop)
        this.#need(')')
        return inner
      }
      const name = this.#name()
      if (reserved.includes(name)) throw new TemplateError(`"${name}" cannot be given a value`, line)
      if (!loop && this.#skip('.')) return { is: 'member', of: name, name: this.#name(), line }
      return { is: 'name', name, line }
    }
    const items = [one()]
    let comma = false
    while (this.#skip(',')) {
      comma = true
      if (this.#is('in') || this.#is('=')) break
      items.push(one())
    }
    return comma ? { is: 'tuple', items, line } : items[0]!
  }

  /** An expression, or several with commas between. */
  #tuple(conditions = true, explicit = false): Expression {
    const line = this.#line
    const items: Expression[] = []
    let comma = false
    for (;;) {
      if (items.length > 0 && !comma) break
      if (this.#atTupleEnd()) break
      items.push(conditions ? this.#expression() : this.#or())
      if (this.#skip(',')) comma = true
      else break
      if (this.#atTupleEnd()) break
      // The next one has a comma before it.
      comma = true
    }
    if (!comma) {
      if (items.length > 0) return items[0]!
      if (!explicit) throw this.#unexpected('an expression')
    }
    return { is: 'tuple', items, line }
  }

  #atTupleEnd(): boolean {
    const token = this.#token
    return !token || token.kind === 'end' || this.#is(')') || this.#is('in') || this.#is('recursive')
  }

  #expression(): Expression {
    return this.#deeper(() => {
      let first = this.#or()
      while (this.#is('if')) {
        const { line } = this.#next()
        const test = this.#or()
        const otherwise = this.#skip('else') ? this.#expression() : null
        first = { is: 'if', test, yes: first, no: otherwise, line }
      }
      return first
    })
  }

  #or(): Expression {
    return this.#chain(['or'], () => this.#chain(['and'], () => this.#not()))
  }

  #not(): Expression {
    if (!this.#is('not')) return this.#compare()
    const { line } = this.#next()
    return this.#deeper(() => ({ is: 'unary', sign: 'not', of: this.#not(), line }))
  }

  #compare(): Expression {
    const { line } = this
    const first = this.#sum()
    const rest: { sign: string; value: Expression }[] = []
    for (;;) {
      const sign = comparisons.find((one) => this.#is(one))
      if (sign !== undefined) {
        this.#at++
        rest.push({ sign, value: this.#sum() })
      } else if (this.#skip('in')) rest.push({ sign: 'in', value: this.#sum() })
      else if (this.#is('not') && isWord(this.#tokens[this.#at + 1], 'in')) {
        this.#at += 2
        rest.push({ sign: 'not in', value: this.#sum() })
      } else return rest.length > 0 ? { is: 'compare', first, rest, line } : first
    }
  }

  #sum(): Expression {
    return this.#chain(['+', '-'], () => this.#concat())
  }

  #concat(): Expression {
    const { line } = this
    const product = () => this.#chain(['*', '/', '//', '%'], () => this.#chain(['**'], () => this.#unary(true)))
    const items = [product()]
    while (this.#skip('~')) items.push(product())
    return items.length > 1 ? { is: 'concat', items, line } : items[0]!
  }

  #chain(signs: readonly (Expression & { is: 'binary' })['sign'][], part: () => Expression): Expression {
    let left = part()
    for (;;) {
      const sign = signs.find((one) => this.#is(one))
      if (sign === undefined) return left
      const { line } = this.#next()
      left = { is: 'binary', sign, left, right: part(), line }
    }
  }

  #unary(filtered: boolean): Expression {
    return this.#deeper(() => {
      const line = this.#line
      const sign = this.#is('-') ? '-' : this.#is('+') ? '+' : null
      let node: Expression
      if (sign === null) node = this.#primary()
      else {
        this.#at++
        node = { is: 'unary', sign, of: this.#unary(false), line }
      }
      node = this.#postfix(node)
      return filtered ? this.#filtered(node) : node
    })
  }

  #primary(): Expression {
    const token = this.#next()
    const { line } = token
    if (token.kind === 'name') {
      if (['true', 'True', 'false', 'False'].includes(token.value))
        return { is: 'value', value: token.value.toLowerCase() === 'true', line }
      if (['none', 'None'].includes(token.value)) return { is: 'value', value: null, line }
      return { is: 'name', name: token.value, line }
    }
    if (token.kind === 'string') {
      let { value } = token
      for (let next = this.#token; next?.kind === 'string'; next = this.#token) {
        value += next.value
        this.#at++
      }
      return { is: 'value', value, line }
    }
    if (token.kind === 'integer' || token.kind === 'float') return { is: 'value', value: token.value, line }
    if (token.kind === 'operator') {
      if (token.value === '(') {
        const inner = this.#tuple(true, true)
        this.#need(')')
        return inner
      }
      if (token.value === '[') return { is: 'list', items: this.#items(']', () => this.#expression()), line }
      if (token.value === '{') {
        const pair = (): [Expression, Expression] => {
          const key = this.#expression()
          this.#need(':')
          return [key, this.#expression()]
        }
        return { is: 'dict', items: this.#items('}', pair), line }
      }
    }
    this.#at--
    throw this.#unexpected('a value')
  }

  #items<T>(end: string, one: () => T): T[] {
    const items: T[] = []
    while (!this.#skip(end)) {
      if (items.length > 0) this.#need(',')
      if (this.#skip(end)) break
      items.push(one())
    }
    return items
  }

  #postfix(first: Expression): Expression {
    let node = first
    for (;;) {
      const line = this.#line
      if (this.#skip('.')) {
        const token = this.#next()
        if (token.kind === 'name') node = { is: 'attribute', of: node, name: token.value, line }
        else if (token.kind === 'integer')
          node = { is: 'item', of: node, at: { is: 'value', value: token.value, line }, line }
        else throw new TemplateError('a dot needs a name after it', line)
      } else if (this.#skip('[')) {
        node = this.#subscript(node, line)
      } else if (this.#is('(')) node = this.#call(node)
      else return node
    }
  }

  #subscript(of: Expression, line: number): Expression {
    const part = (): Expression | null => (this.#is(':') || this.#is(']') || this.#is(',') ? null : this.#expression())
    const from = part()
    if (from !== null && !this.#is(':')) {
      const items = [from]
      while (this.#skip(',')) if (!this.#is(']')) items.push(this.#expression())
      this.#need(']')
      return { is: 'item', of, at: items.length > 1 ? { is: 'tuple', items, line } : from, line }
    }
    this.#need(':')
    const to = part()
    const step = this.#skip(':') ? part() : null
    this.#need(']')
    return { is: 'slice', of, from, to, step, line }
  }

  #call(of: Expression): Expression {
    const line = this.#line
    if (of.is === 'name' && !globalNames.includes(of.name)) throw outside('function', of.name, line)
    if (of.is === 'attribute' && !methodNames.includes(of.name)) throw outside('method', of.name, line)
    if (of.is !== 'name' && of.is !== 'attribute')
      throw new TemplateError('only functions and methods can be called', line)
    return { is: 'call', of, args: this.#arguments(), line }
  }

  #arguments(): Argument[] {
    this.#need('(')
    return this.#items(')', () => {
      if (this.#is('*') || this.#is('**'))
        throw new TemplateError('* and ** before an argument are outside of what templates may use here', this.#line)
      const token = this.#token
      const name = token?.kind === 'name' && isWord(this.#tokens[this.#at + 1], '=') ? token.value : null
      if (name !== null) this.#at += 2
      return { name, value: this.#expression() }
    })
  }

  #filtered(first: Expression): Expression {
    let node = first
    for (;;) {
      const line = this.#line
      if (this.#skip('|')) {
        const name = this.#dotted()
        if (!filterNames.includes(name)) throw outside('filter', name, line)
        node = { is: 'filter', of: node, name, args: this.#is('(') ? this.#arguments() : [], line }
      } else if (this.#skip('is')) node = this.#test(node, line)
      else if (this.#is('(')) node = this.#call(node)
      else return node
    }
  }

  #test(of: Expression, line: number): Expression {
    const not = this.#skip('not')
    const name = this.#dotted()
    if (!testNames.includes(name)) throw outside('test', name, line)
    const token = this.#token
    let args: Expression[] = []
    if (this.#is('(')) {
      args = this.#arguments().map(({ name: keyword, value }) => {
        if (keyword !== null) throw new TemplateError(`the test "${name}" takes no named arguments`, line)
        return value
      })
    } else if (
      token &&
      (['string', 'integer', 'float'].includes(token.kind) ||
        this.#is('[') ||
        this.#is('{') ||
        (token.kind === 'name' && !['else', 'or', 'and'].includes(token.value)))
    ) {
      if (this.#is('is')) throw new TemplateError('tests cannot be chained with "is"', line)
      args = [this.#postfix(this.#primary())]
    }
    return { is: 'test', of, name, args, not, line }
  }

  #dotted(): string {
    let name = this.#name()
    while (this.#skip('.')) name += `.${this.#name()}`
    return name
  }

  #endTag(): string {
    this.#at++
    return this.#name()
  }

  #end(value: 'print' | 'tag'): void {
    const token = this.#token
    if (token?.kind !== 'end' || token.value !== value) throw this.#unexpected(value === 'print' ? '}}' : '%}')
    this.#at++
  }

  #name(): string {
    const token = this.#next()
    if (token.kind === 'name') return token.value
    this.#at--
    throw this.#unexpected('a name')
  }

  #need(word: string): void {
    if (!this.#skip(word)) throw this.#unexpected(word)
  }

  #skip(word: string): boolean {
    const found = this.#is(word)
    if (found) this.#at++
    return found
  }

  #is(word: string): boolean {
    return isWord(this.#token, word)
  }

  #next(): Token {
    const token = this.#token
    if (!token) throw new TemplateError('the template ends too early', this.#line)
    this.#at++
    return token
  }

  #deeper<T>(part: () => T): T {
    if (++this.#depth > mostDepth) throw new TemplateError('the template is nested too deep', this.#line)
    try {
      return part()
    } finally {
      this.#depth--
    }
  }

  get #token(): Token | undefined {
    return this.#tokens[this.#at]
  }

  get #line(): number {
    return (this.#token ?? this.#tokens.at(-1))?.line ?? 1
  }

  get line(): number {
    return this.#line
  }

  #unexpected(expected?: string): TemplateError {
    const token = this.#token
    const found = !token
      ? 'the end'
      : token.kind === 'end'
        ? token.value === 'print'
          ? '}}'
          : '%}'
        : `"${String(token.value)}"`
    return new TemplateError(`unexpected ${found}${expected === undefined ? '' : `, expected ${expected}`}`, this.#line)
  }
}

const reserved = ['true', 'false', 'none', 'True', 'False', 'None', 'loop']

function isWord(token: Token | undefined, word: string): boolean {
  return (token?.kind === 'name' || token?.kind === 'operator') && token.value === word
}

function outside(kind: keyof typeof known, name: string, line: number): TemplateError {
  const near = nearestName(name, known[kind])
  return new TemplateError(
    `the ${kind} "${name}" is outside of what templates may use here${near === null ? '' : `; did you mean "${near}"?`}`,
    line
  )
}
