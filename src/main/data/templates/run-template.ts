import { applyFilter } from './filters.ts'
import { applyTest } from './template-tests.ts'
import type { Given } from './given.ts'
import { callFunction, Loop, loopMethod } from './functions.ts'
import { callMethod, methodNames } from './methods.ts'
import type { Argument, Expression, Statement, Target } from './nodes.ts'
import { binary, holds, mostText, slice, unary } from './operators.ts'
import {
  isList,
  isMapping,
  isTrue,
  iterated,
  letters,
  member,
  Namespace,
  TemplateError,
  text,
  Tuple,
  typeName,
  Undefined,
  type Value
} from './values.ts'

/** A template that needs more steps, or writes more, than any prompt does ends with an error. */
const mostSteps = 50_000

/** Renders a parsed template over variables. `pick` gives whole numbers in [0, end) to `choice`. */
export function render(
  template: readonly Statement[],
  variables: ReadonlyMap<string, Value>,
  pick: (end: number) => number
): string {
  const run = new Run(pick)
  run.body(template, new Scope(variables))
  return run.output.join('')
}

class Scope {
  readonly #own = new Map<string, Value>()
  readonly #outer: Scope | ReadonlyMap<string, Value>

  constructor(outer: Scope | ReadonlyMap<string, Value>) {
    this.#outer = outer
  }

  get(name: string): Value | undefined {
    return this.#own.has(name) ? this.#own.get(name) : this.#outer.get(name)
  }

  set(name: string, value: Value): void {
    this.#own.set(name, value)
  }
}

class Run {
  output: string[] = []
  readonly #pick: (end: number) => number
  #steps = 0
  #written = 0
  #depth = 0

  constructor(pick: (end: number) => number) {
    this.#pick = pick
  }

  body(statements: readonly Statement[], scope: Scope): void {
    for (const statement of statements) this.#statement(statement, scope)
  }

  #statement(node: Statement, scope: Scope): void {
    this.#step(node.line)
    if (node.is === 'text') this.#write(node.text, node.line)
    else if (node.is === 'print') this.#write(text(this.#value(node.value, scope)), node.line)
    else if (node.is === 'if') {
      const branch = node.branches.find(({ test }) => isTrue(this.#value(test, scope)))
      this.body(branch ? branch.body : node.otherwise, scope)
    } else if (node.is === 'for') this.#loop(node, scope)
    else if (node.is === 'set') this.#assign(node.target, this.#value(node.value, scope), scope)
    else {
      const before = this.output
      this.output = []
      this.body(node.body, new Scope(scope))
      const value = this.output.join('')
      this.output = before
      this.#assign(node.target, value, scope)
    }
  }

  #loop(node: Statement & { is: 'for' }, scope: Scope): void {
    let items = iterated(this.#value(node.over, scope), node.line)
    if (node.test !== null) {
      const { test } = node
      items = items.filter((item) => {
        const inner = new Scope(scope)
        this.#assign(node.target, item, inner)
        return isTrue(this.#value(test, inner))
      })
    }
    if (items.length === 0) return this.body(node.otherwise, new Scope(scope))
    const state = new Loop()
    this.#depth++
    // A list that grows while it is gone over ends the loop where it was.
    for (const [n, item] of [...items].entries()) {
      const inner = new Scope(scope)
      this.#place(state, items, n)
      inner.set('loop', state)
      this.#assign(node.target, item, inner)
      this.body(node.body, inner)
    }
    this.#depth--
  }

  #place(state: Loop, items: readonly Value[], n: number): void {
    const all: Record<string, Value> = {
      index0: BigInt(n),
      index: BigInt(n + 1),
      revindex0: BigInt(items.length - n - 1),
      revindex: BigInt(items.length - n),
      first: n === 0,
      last: n === items.length - 1,
      length: BigInt(items.length),
      depth: BigInt(this.#depth),
      depth0: BigInt(this.#depth - 1),
      previtem: n === 0 ? new Undefined('there is no previous item') : items[n - 1]!,
      nextitem: items[n + 1] ?? new Undefined('there is no next item')
    }
    for (const [name, value] of Object.entries(all)) state.set(name, value)
  }

  #assign(target: Target, value: Value, scope: Scope): void {
    if (target.is === 'name') return scope.set(target.name, value)
    if (target.is === 'member') {
      const of = scope.get(target.of)
      if (!(of instanceof Namespace))
        throw new TemplateError(`${target.of} is no namespace, its members cannot be set`, target.line)
      return void of.members.set(target.name, value)
    }
    const items = iterated(value, target.line)
    if (items.length !== target.items.length)
      throw new TemplateError(`${target.items.length} names for ${items.length} values`, target.line)
    target.items.forEach((one, n) => this.#assign(one, items[n]!, scope))
  }

  #value(node: Expression, scope: Scope): Value {
    this.#step(node.line)
    switch (node.is) {
      case 'value':
        return node.value
      case 'name': {
        const found = scope.get(node.name)
        return found === undefined ? new Undefined(node.name) : found
      }
      case 'list':
        return node.items.map((item) => this.#value(item, scope))
      case 'tuple':
        return Tuple.of2(node.items.map((item) => this.#value(item, scope)))
      case 'dict':
        return new Map(
          node.items.map(([key, value]) => [this.#key(this.#value(key, scope), node.line), this.#value(value, scope)])
        )
      case 'attribute':
        return this.#attribute(this.#value(node.of, scope), node.name, node.line)
      case 'item':
        return this.#item(this.#value(node.of, scope), this.#value(node.at, scope), node.line)
      case 'slice': {
        const bounds = [node.from, node.to, node.step].map((part) => (part === null ? null : this.#value(part, scope)))
        return slice(this.#value(node.of, scope), bounds, node.line)
      }
      case 'call':
        return this.#call(node, scope)
      case 'filter': {
        const of = this.#value(node.of, scope)
        return applyFilter(node.name, of, this.#given(node.args, scope, node.line))
      }
      case 'test': {
        const of = this.#value(node.of, scope)
        const args = node.args.map((item) => this.#value(item, scope))
        return applyTest(node.name, of, args, node.line) !== node.not
      }
      case 'unary':
        return unary(node.sign, this.#value(node.of, scope), node.line)
      case 'binary': {
        const left = this.#value(node.left, scope)
        if (node.sign === 'and') return isTrue(left) ? this.#value(node.right, scope) : left
        if (node.sign === 'or') return isTrue(left) ? left : this.#value(node.right, scope)
        return binary(node.sign, left, this.#value(node.right, scope), node.line)
      }
      case 'concat':
        return node.items.map((item) => text(this.#value(item, scope))).join('')
      case 'compare':
        return this.#compare(node, scope)
      case 'if':
        if (isTrue(this.#value(node.test, scope))) return this.#value(node.yes, scope)
        return node.no === null
          ? new Undefined('the inline if-expression evaluated to false and no else section was defined')
          : this.#value(node.no, scope)
    }
  }

  #compare(node: Expression & { is: 'compare' }, scope: Scope): boolean {
    let left = this.#value(node.first, scope)
    for (const { sign, value } of node.rest) {
      const right = this.#value(value, scope)
      if (!holds(sign, left, right, node.line)) return false
      left = right
    }
    return true
  }

  #attribute(of: Value, name: string, line: number): Value {
    if (of instanceof Undefined) throw new TemplateError(`"${of.name}" is not there, so it has no "${name}"`, line)
    if (of instanceof Namespace) return of.members.get(name) ?? new Undefined(name)
    if (isMapping(of)) {
      // Python looks for methods of dicts first.
      if (!(of instanceof Loop) && ['items', 'keys', 'values', 'get', 'copy', 'pop', 'update', 'clear'].includes(name))
        throw new TemplateError(`"${name}" is a method of dicts; write ["${name}"] for the member of that name`, line)
      return member(of, name) ?? new Undefined(name)
    }
    if (methodNames.includes(name)) throw new TemplateError(`the method "${name}" must be called: ${name}()`, line)
    return new Undefined(name)
  }

  #item(of: Value, at: Value, line: number): Value {
    if (of instanceof Undefined) throw new TemplateError(`"${of.name}" is not there, so it has no members`, line)
    if (isMapping(of)) return member(of, at) ?? new Undefined(text(at))
    const items = typeof of === 'string' ? letters(of) : isList(of) ? of : null
    // Tables without types have their label numbers as texts.
    const place =
      typeof at === 'boolean'
        ? Number(at)
        : typeof at === 'bigint'
          ? Number(at)
          : typeof at === 'string' && /^(0|-?[1-9]\d{0,8})$/.test(at)
            ? Number(at)
            : null
    if (items === null || place === null) return new Undefined(text(at))
    return items.at(place < -items.length ? items.length : place) ?? new Undefined(text(at))
  }

  #call(node: Expression & { is: 'call' }, scope: Scope): Value {
    const { line } = node
    const given = this.#given(node.args, scope, line)
    if (node.of.is === 'attribute') {
      const of = this.#value(node.of.of, scope)
      if (of instanceof Undefined)
        throw new TemplateError(`"${of.name}" is not there, so it has no "${node.of.name}"`, line)
      if (of instanceof Loop) return loopMethod(of, node.of.name, given)
      if (given.named.size > 0) throw new TemplateError(`"${node.of.name}" takes no named arguments here`, line)
      return callMethod(of, node.of.name, given.args, line)
    }
    return callFunction(node.of.is === 'name' ? node.of.name : '', given)
  }

  #given(args: readonly Argument[], scope: Scope, line: number): Given {
    const values = args.map(({ name, value }) => ({ name, value: this.#value(value, scope) }))
    return {
      args: values.filter(({ name }) => name === null).map(({ value }) => value),
      named: new Map(values.flatMap(({ name, value }) => (name === null ? [] : [[name, value] as const]))),
      line,
      pick: this.#pick
    }
  }

  #key(key: Value, line: number): Value {
    if ((isList(key) && !(key instanceof Tuple)) || isMapping(key))
      throw new TemplateError(`${typeName(key)} cannot be a key`, line)
    return key
  }

  #write(value: string, line: number): void {
    this.#written += value.length
    if (this.#written > mostText) throw new TemplateError('the template writes too much text', line)
    this.output.push(value)
  }

  #step(line: number): void {
    if (++this.#steps > mostSteps) throw new TemplateError('the template takes too many steps', line)
  }
}
