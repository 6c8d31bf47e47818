import { filterNames } from './filters.ts'
import { globalNames } from './globals.ts'
import { methodNames } from './methods.ts'
import { nearestName } from '../../naming/nearest-name.ts'
import type { Argument, Expression } from './nodes.ts'
import { testNames } from './template-tests.ts'
import type { TokenReader } from './token-reader.ts'
import { TemplateError } from './values.ts'

const comparisons = ['==', '!=', '<', '<=', '>', '>=']
const known = { filter: filterNames, test: testNames, method: methodNames, function: globalNames }

/** Reads expressions, the loosest binding first: or, and, not, comparisons, sums, `~`, products, powers, signs, filters. */
export class ExpressionParser {
  readonly #tokens: TokenReader

  constructor(tokens: TokenReader) {
    this.#tokens = tokens
  }

  /** An expression, or several with commas between. */
  tuple(conditions = true, explicit = false): Expression {
    const line = this.#tokens.line
    const items: Expression[] = []
    let comma = false
    for (;;) {
      if (items.length > 0 && !comma) break
      if (this.#atTupleEnd()) break
      items.push(conditions ? this.expression() : this.#or())
      if (this.#tokens.skip(',')) comma = true
      else break
      if (this.#atTupleEnd()) break
      // The next one has a comma before it.
      comma = true
    }
    if (!comma) {
      if (items.length > 0) return items[0]!
      if (!explicit) throw this.#tokens.unexpected('an expression')
    }
    return { is: 'tuple', items, line }
  }

  #atTupleEnd(): boolean {
    const token = this.#tokens.token
    return (
      !token || token.kind === 'end' || this.#tokens.is(')') || this.#tokens.is('in') || this.#tokens.is('recursive')
    )
  }

  expression(): Expression {
    return this.#tokens.deeper(() => {
      let first = this.#or()
      while (this.#tokens.is('if')) {
        const { line } = this.#tokens.next()
        const test = this.#or()
        const otherwise = this.#tokens.skip('else') ? this.expression() : null
        first = { is: 'if', test, yes: first, no: otherwise, line }
      }
      return first
    })
  }

  #or(): Expression {
    return this.#chain(['or'], () => this.#chain(['and'], () => this.#not()))
  }

  #not(): Expression {
    if (!this.#tokens.is('not')) return this.#compare()
    const { line } = this.#tokens.next()
    return this.#tokens.deeper(() => ({ is: 'unary', sign: 'not', of: this.#not(), line }))
  }

  #compare(): Expression {
    const { line } = this.#tokens
    const first = this.#sum()
    const rest: { sign: string; value: Expression }[] = []
    for (;;) {
      const sign = comparisons.find((one) => this.#tokens.is(one))
      if (sign !== undefined) {
        this.#tokens.move(1)
        rest.push({ sign, value: this.#sum() })
      } else if (this.#tokens.skip('in')) rest.push({ sign: 'in', value: this.#sum() })
      else if (this.#tokens.is('not') && this.#tokens.isNext('in')) {
        this.#tokens.move(2)
        rest.push({ sign: 'not in', value: this.#sum() })
      } else return rest.length > 0 ? { is: 'compare', first, rest, line } : first
    }
  }

  #sum(): Expression {
    return this.#chain(['+', '-'], () => this.#concat())
  }

  #concat(): Expression {
    const { line } = this.#tokens
    const product = () => this.#chain(['*', '/', '//', '%'], () => this.#chain(['**'], () => this.#unary(true)))
    const items = [product()]
    while (this.#tokens.skip('~')) items.push(product())
    return items.length > 1 ? { is: 'concat', items, line } : items[0]!
  }

  #chain(signs: readonly (Expression & { is: 'binary' })['sign'][], part: () => Expression): Expression {
    let left = part()
    for (;;) {
      const sign = signs.find((one) => this.#tokens.is(one))
      if (sign === undefined) return left
      const { line } = this.#tokens.next()
      left = { is: 'binary', sign, left, right: part(), line }
    }
  }

  #unary(filtered: boolean): Expression {
    return this.#tokens.deeper(() => {
      const line = this.#tokens.line
      const sign = this.#tokens.is('-') ? '-' : this.#tokens.is('+') ? '+' : null
      let node: Expression
      if (sign === null) node = this.#primary()
      else {
        this.#tokens.move(1)
        node = { is: 'unary', sign, of: this.#unary(false), line }
      }
      node = this.#postfix(node)
      return filtered ? this.#filtered(node) : node
    })
  }

  #primary(): Expression {
    const token = this.#tokens.next()
    const { line } = token
    if (token.kind === 'name') {
      if (['true', 'True', 'false', 'False'].includes(token.value))
        return { is: 'value', value: token.value.toLowerCase() === 'true', line }
      if (['none', 'None'].includes(token.value)) return { is: 'value', value: null, line }
      return { is: 'name', name: token.value, line }
    }
    if (token.kind === 'string') {
      let { value } = token
      for (let next = this.#tokens.token; next?.kind === 'string'; next = this.#tokens.token) {
        value += next.value
        this.#tokens.move(1)
      }
      return { is: 'value', value, line }
    }
    if (token.kind === 'integer' || token.kind === 'float') return { is: 'value', value: token.value, line }
    if (token.kind === 'operator') {
      if (token.value === '(') {
        const inner = this.tuple(true, true)
        this.#tokens.need(')')
        return inner
      }
      if (token.value === '[') return { is: 'list', items: this.#items(']', () => this.expression()), line }
      if (token.value === '{') {
        const pair = (): [Expression, Expression] => {
          const key = this.expression()
          this.#tokens.need(':')
          return [key, this.expression()]
        }
        return { is: 'dict', items: this.#items('}', pair), line }
      }
    }
    this.#tokens.move(-1)
    throw this.#tokens.unexpected('a value')
  }

  #items<T>(end: string, one: () => T): T[] {
    const items: T[] = []
    while (!this.#tokens.skip(end)) {
      if (items.length > 0) this.#tokens.need(',')
      if (this.#tokens.skip(end)) break
      items.push(one())
    }
    return items
  }

  #postfix(first: Expression): Expression {
    let node = first
    for (;;) {
      const line = this.#tokens.line
      if (this.#tokens.skip('.')) {
        const token = this.#tokens.next()
        if (token.kind === 'name') node = { is: 'attribute', of: node, name: token.value, line }
        else if (token.kind === 'integer')
          node = { is: 'item', of: node, at: { is: 'value', value: token.value, line }, line }
        else throw new TemplateError('a dot needs a name after it', line)
      } else if (this.#tokens.skip('[')) {
        node = this.#subscript(node, line)
      } else if (this.#tokens.is('(')) node = this.#call(node)
      else return node
    }
  }

  #subscript(of: Expression, line: number): Expression {
    const part = (): Expression | null =>
      this.#tokens.is(':') || this.#tokens.is(']') || this.#tokens.is(',') ? null : this.expression()
    const from = part()
    if (from !== null && !this.#tokens.is(':')) {
      const items = [from]
      while (this.#tokens.skip(',')) if (!this.#tokens.is(']')) items.push(this.expression())
      this.#tokens.need(']')
      return { is: 'item', of, at: items.length > 1 ? { is: 'tuple', items, line } : from, line }
    }
    this.#tokens.need(':')
    const to = part()
    const step = this.#tokens.skip(':') ? part() : null
    this.#tokens.need(']')
    return { is: 'slice', of, from, to, step, line }
  }

  #call(of: Expression): Expression {
    const line = this.#tokens.line
    if (of.is === 'name' && !globalNames.includes(of.name)) throw outside('function', of.name, line)
    if (of.is === 'attribute' && !methodNames.includes(of.name)) throw outside('method', of.name, line)
    if (of.is !== 'name' && of.is !== 'attribute')
      throw new TemplateError('only functions and methods can be called', line)
    return { is: 'call', of, args: this.#arguments(), line }
  }

  #arguments(): Argument[] {
    this.#tokens.need('(')
    return this.#items(')', () => {
      if (this.#tokens.is('*') || this.#tokens.is('**'))
        throw new TemplateError(
          '* and ** before an argument are outside of what templates may use here',
          this.#tokens.line
        )
      const token = this.#tokens.token
      const name = token?.kind === 'name' && this.#tokens.isNext('=') ? token.value : null
      if (name !== null) this.#tokens.move(2)
      return { name, value: this.expression() }
    })
  }

  #filtered(first: Expression): Expression {
    let node = first
    for (;;) {
      const line = this.#tokens.line
      if (this.#tokens.skip('|')) {
        const name = this.#dotted()
        if (!filterNames.includes(name)) throw outside('filter', name, line)
        node = { is: 'filter', of: node, name, args: this.#tokens.is('(') ? this.#arguments() : [], line }
      } else if (this.#tokens.skip('is')) node = this.#test(node, line)
      else if (this.#tokens.is('(')) node = this.#call(node)
      else return node
    }
  }

  #test(of: Expression, line: number): Expression {
    const not = this.#tokens.skip('not')
    const name = this.#dotted()
    if (!testNames.includes(name)) throw outside('test', name, line)
    const token = this.#tokens.token
    let args: Expression[] = []
    if (this.#tokens.is('(')) {
      args = this.#arguments().map(({ name: keyword, value }) => {
        if (keyword !== null) throw new TemplateError(`the test "${name}" takes no named arguments`, line)
        return value
      })
    } else if (
      token &&
      (['string', 'integer', 'float'].includes(token.kind) ||
        this.#tokens.is('[') ||
        this.#tokens.is('{') ||
        (token.kind === 'name' && !['else', 'or', 'and'].includes(token.value)))
    ) {
      if (this.#tokens.is('is')) throw new TemplateError('tests cannot be chained with "is"', line)
      args = [this.#postfix(this.#primary())]
    }
    return { is: 'test', of, name, args, not, line }
  }

  #dotted(): string {
    let name = this.#tokens.name()
    while (this.#tokens.skip('.')) name += `.${this.#tokens.name()}`
    return name
  }
}

function outside(kind: keyof typeof known, name: string, line: number): TemplateError {
  const near = nearestName(name, known[kind])
  return new TemplateError(
    `the ${kind} "${name}" is outside of what templates may use here${near === null ? '' : `; did you mean "${near}"?`}`,
    line
  )
}
