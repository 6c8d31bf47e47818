import { applyFilter, applyTest, formatted, type Given } from './filters.ts'
import { callMethod, methodNames } from './methods.ts'
import type { Argument, Expression, Statement, Target } from './nodes.ts'
import {
  compare,
  contains,
  equals,
  isList,
  isMapping,
  isNumber,
  isTrue,
  iterated,
  letters,
  member,
  Namespace,
  Range,
  repr,
  sameKind,
  TemplateError,
  text,
  Tuple,
  typeName,
  Undefined,
  type Value
} from './values.ts'

/** A template that needs more steps, or writes more, than any prompt does ends with an error. */
const mostSteps = 50_000
const mostNumber = 2n ** 4096n
const mostText = 4 << 20

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

/** What `loop` is: members by name, and the lists that its two methods need. */
class Loop extends Map<Value, Value> {
  changedValues: Value[] | null = null
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

function callFunction(name: string, given: Given): Value {
  const { args, named, line } = given
  if (name === 'range') {
    const [a = 0, b, by] = args.map(Number)
    const [from, to, step] = b === undefined ? [0, a, 1] : [a, b, by ?? 1]
    if (step === 0) throw new TemplateError('the step of a range cannot be 0', line)
    const length = (to - from) / step
    if (length > 10_000) throw new TemplateError('range goes too far', line)
    return Range.between(from, to, step)
  }
  if (name === 'zip') {
    const lists = args.map((list) => iterated(list, line))
    const length = Math.min(...lists.map((list) => list.length))
    return Number.isFinite(length) ? Array.from({ length }, (_, n) => Tuple.of2(lists.map((list) => list[n]!))) : []
  }
  if (name === 'choice') return applyFilter('choice', args.length === 1 ? args[0]! : [...args], given)
  if (name === 'namespace') {
    const space = new Namespace()
    for (const [key, value] of named) space.members.set(key, value)
    return space
  }
  const pairs =
    args[0] === undefined
      ? []
      : isMapping(args[0])
        ? [...args[0]]
        : iterated(args[0], line).map((pair) => iterated(pair, line) as [Value, Value])
  return new Map<Value, Value>([...pairs, ...named])
}

function loopMethod(loop: Loop, name: string, { args, line }: Given): Value {
  if (name === 'cycle') {
    if (args.length === 0) throw new TemplateError('loop.cycle needs values', line)
    return args[Number(loop.get('index0')) % args.length]!
  }
  if (name !== 'changed') throw new TemplateError(`loop has no method "${name}"`, line)
  const before = loop.changedValues
  loop.changedValues = [...args]
  return before === null || !equals(before, [...args])
}

function holds(sign: string, left: Value, right: Value, line: number): boolean {
  if (sign === '==') return equals(left, right)
  if (sign === '!=') return !equals(left, right)
  if (sign === 'in') return contains(right, left, line)
  if (sign === 'not in') return !contains(right, left, line)
  const order = compare(left, right, line)
  return sign === '<' ? order < 0 : sign === '<=' ? order <= 0 : sign === '>' ? order > 0 : order >= 0
}

function unary(sign: '-' | '+' | 'not', of: Value, line: number): Value {
  if (sign === 'not') return !isTrue(of)
  if (!isNumber(of)) throw new TemplateError(`${typeName(of)} has no sign`, line)
  const number = typeof of === 'boolean' ? BigInt(of) : of
  return sign === '+' ? number : -number
}

function binary(sign: string, left: Value, right: Value, line: number): Value {
  if (left instanceof Undefined || right instanceof Undefined)
    throw new TemplateError(`"${(left instanceof Undefined ? left : (right as Undefined)).name}" is not there`, line)
  if (isNumber(left) && isNumber(right)) return arithmetic(sign, left, right, line)
  if (sign === '+' && typeof left === 'string' && typeof right === 'string') return left + right
  if (sign === '+' && isList(left) && isList(right) && sameKind(left, right) && !(left instanceof Range))
    return left instanceof Tuple ? Tuple.of2([...left, ...right]) : [...left, ...right]
  if (sign === '%' && typeof left === 'string') return formatted(left, right instanceof Tuple ? right : [right], line)
  if (sign === '*') {
    const [of, times] = isNumber(left) ? [right, left] : [left, right]
    if (isNumber(times) && typeof times !== 'number') {
      const count = Math.max(0, Number(times))
      const size = typeof of === 'string' ? of.length : isList(of) ? of.length : null
      if (size !== null && size * count > mostText) throw new TemplateError('the template writes too much text', line)
      if (typeof of === 'string') return of.repeat(count)
      if (isList(of)) {
        const items = Array.from({ length: count }, () => [...of]).flat()
        return of instanceof Tuple ? Tuple.of2(items) : items
      }
    }
  }
  throw new TemplateError(
    `${typeName(left)} ${sign} ${typeName(right)} does not work: ${repr(left).slice(0, 30)}, ${repr(right).slice(0, 30)}`,
    line
  )
}

function arithmetic(sign: string, a: bigint | number | boolean, b: bigint | number | boolean, line: number): Value {
  const left = typeof a === 'boolean' ? BigInt(a) : a
  const right = typeof b === 'boolean' ? BigInt(b) : b
  if (['/', '//', '%'].includes(sign) && Number(right) === 0) throw new TemplateError('division by zero', line)
  if (typeof left === 'bigint' && typeof right === 'bigint') {
    if (sign === '+') return left + right
    if (sign === '-') return left - right
    if (sign === '*') return small(left * right, line)
    if (sign === '/') return Number(left) / Number(right)
    if (sign === '**') {
      if (right < 0n) return Number(left) ** Number(right)
      if (right > 4096n) throw new TemplateError('the number is too large', line)
      return small(left ** right, line)
    }
    const rest = ((left % right) + right) % right
    return sign === '%' ? rest : (left - rest) / right
  }
  const [x, y] = [Number(left), Number(right)]
  if (sign === '+') return x + y
  if (sign === '-') return x - y
  if (sign === '*') return x * y
  if (sign === '/') return x / y
  if (sign === '**') return x ** y
  const rest = floatRest(x, y)
  if (sign === '%') return rest
  const whole = (x - rest) / y
  return Math.floor(whole) + (whole - Math.floor(whole) > 0.5 ? 1 : 0)
}

function small(number: bigint, line: number): bigint {
  if (number > mostNumber || number < -mostNumber) throw new TemplateError('the number is too large', line)
  return number
}

/** The rest of a division, with the sign of the divisor, as C's fmod and Python have it. */
function floatRest(x: number, y: number): number {
  const rest = x % y
  if (rest === 0) return y < 0 ? -0 : 0
  return rest < 0 === y < 0 ? rest : rest + y
}

function slice(of: Value, bounds: readonly (Value | null)[], line: number): Value {
  if (of instanceof Undefined) throw new TemplateError(`"${of.name}" is not there, so it has no parts`, line)
  const items = typeof of === 'string' ? letters(of) : isList(of) ? of : null
  if (items === null) return new Undefined('slice')
  const [from, to, by] = bounds.map((bound) => (bound === null || bound === undefined ? null : Number(bound)))
  const step = by ?? 1
  if (step === 0 || !Number.isInteger(step)) throw new TemplateError('the step of a slice cannot be 0', line)
  const size = items.length
  const inside = (bound: number, low: number, high: number): number =>
    Math.min(high, Math.max(low, bound < 0 ? bound + size : bound))
  const start =
    step > 0 ? inside(from ?? 0, 0, size) : from === null || from === undefined ? size - 1 : inside(from, -1, size - 1)
  const end =
    step > 0
      ? to === null || to === undefined
        ? size
        : inside(to, 0, size)
      : to === null || to === undefined
        ? -1
        : inside(to, -1, size - 1)
  if (of instanceof Range) return Range.between(of.from + start * of.step, of.from + end * of.step, of.step * step)
  const found: Value[] = []
  for (let at = start; step > 0 ? at < end : at > end; at += step) found.push(items[at]!)
  if (typeof of === 'string') return found.map(text).join('')
  return of instanceof Tuple ? Tuple.of2(found) : found
}
