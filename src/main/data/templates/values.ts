/** A fault of a template, or of what it does with a row. */
export class TemplateError extends Error {
  readonly line: number

  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

/** Something that a row does not have: prints as nothing, is false, has no members. */
export class Undefined {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/** Python's tuples, which print otherwise than lists. */
export class Tuple extends Array<Value> {
  /** What is made of a tuple item by item is a list. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }

  static of2(items: readonly Value[]): Tuple {
    const tuple = new Tuple()
    tuple.push(...items)
    return tuple
  }
}

/** What `range()` makes: goes like a list, but is none. */
export class Range extends Array<Value> {
  from = 0
  to = 0
  step = 1

  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }

  static between(from: number, to: number, step: number): Range {
    const range = Object.assign(new Range(), { from, to, step })
    const length = Math.max(0, Math.ceil((to - from) / step))
    for (let n = 0; n < length; n++) range.push(BigInt(from + n * step))
    return range
  }
}

/** Whether two lists are of one type of Python's. */
export function sameKind(a: readonly Value[], b: readonly Value[]): boolean {
  return a instanceof Tuple === b instanceof Tuple && a instanceof Range === b instanceof Range
}

/** What `namespace()` makes: variables that loops can set. */
export class Namespace {
  readonly members = new Map<string, Value>()
}

/** Python's floats; whole numbers are bigints. */
export type Value = string | boolean | null | bigint | number | Undefined | Namespace | Value[] | Map<Value, Value>

/** A value of a row as Python's json would have it. */
export function fromRow(value: unknown): Value {
  if (value === undefined || value === null) return null
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map(fromRow)
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'object') return new Map(Object.entries(value).map(([key, item]) => [key, fromRow(item)]))
  return typeof value === 'symbol' ? value.toString() : ''
}

export const isMapping = (value: Value): value is Map<Value, Value> => value instanceof Map
export const isList = (value: Value): value is Value[] => Array.isArray(value)
export const isNumber = (value: Value): value is bigint | number | boolean =>
  typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean'

export function isTrue(value: Value): boolean {
  if (value instanceof Undefined) return false
  if (isList(value)) return value.length > 0
  if (isMapping(value)) return value.size > 0
  if (value instanceof Namespace) return true
  return Boolean(value)
}

/** `str(value)` */
export function text(value: Value): string {
  if (typeof value === 'string') return value
  if (value instanceof Undefined) return ''
  return repr(value)
}

/** `repr(value)` */
export function repr(value: Value): string {
  if (value === null) return 'None'
  if (value === true) return 'True'
  if (value === false) return 'False'
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return floatRepr(value)
  if (typeof value === 'string') return stringRepr(value)
  if (value instanceof Undefined) return 'Undefined'
  if (value instanceof Namespace) return `<Namespace ${repr(new Map(value.members))}>`
  if (value instanceof Range) return `range(${value.from}, ${value.to}${value.step === 1 ? '' : `, ${value.step}`})`
  if (value instanceof Tuple) return `(${value.map(repr).join(', ')}${value.length === 1 ? ',' : ''})`
  if (isList(value)) return `[${value.map(repr).join(', ')}]`
  return `{${[...value].map(([key, item]) => `${repr(key)}: ${repr(item)}`).join(', ')}}`
}

function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
  return Number.isInteger(value) ? `${Object.is(value, -0) ? '-0' : value}.0` : String(value)
}

const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' }

function stringRepr(value: string): string {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'"
  const inner = value.replace(/[\\\n\r\t]|[\p{C}\p{Z}]|['"]/gu, (letter) => {
    if (letter === ' ') return letter
    if (letter === "'" || letter === '"') return letter === quote ? `\\${letter}` : letter
    if (named[letter] !== undefined) return named[letter]
    const code = letter.codePointAt(0)!
    const hex = code.toString(16)
    return code < 0x100
      ? `\\x${hex.padStart(2, '0')}`
      : code < 0x10000
        ? `\\u${hex.padStart(4, '0')}`
        : `\\U${hex.padStart(8, '0')}`
  })
  return quote + inner + quote
}

const asNumber = (value: bigint | number | boolean): bigint | number =>
  typeof value === 'boolean' ? BigInt(value) : value

export function equals(a: Value, b: Value): boolean {
  if (isNumber(a) && isNumber(b)) return asNumber(a) == asNumber(b)
  if (a instanceof Undefined && b instanceof Undefined) return true
  if (isList(a) && isList(b))
    return sameKind(a, b) && a.length === b.length && a.every((item, n) => equals(item, b[n]!))
  if (isMapping(a) && isMapping(b))
    return (
      a.size === b.size &&
      [...a].every(([key, item]) => {
        const other = member(b, key)
        return other !== undefined && equals(item, other)
      })
    )
  return a === b
}

/** What a dict has under a key; 1, 1.0 and True are one key. */
export function member(map: ReadonlyMap<Value, Value>, key: Value): Value | undefined {
  if (map.has(key)) return map.get(key)
  if (!isNumber(key)) return undefined
  for (const [own, item] of map) if (isNumber(own) && equals(own, key)) return item
  return undefined
}

export function typeName(value: Value): string {
  if (value === null) return 'NoneType'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'float'
  if (typeof value === 'string') return 'str'
  if (value instanceof Tuple) return 'tuple'
  if (value instanceof Range) return 'range'
  if (isList(value)) return 'list'
  return value instanceof Undefined ? 'undefined' : value instanceof Namespace ? 'Namespace' : 'dict'
}

/** −1, 0 or 1 as Python orders; throws where it does not. */
export function compare(a: Value, b: Value, line: number): number {
  if (isNumber(a) && isNumber(b)) {
    const [x, y] = [asNumber(a), asNumber(b)]
    return x < y ? -1 : x > y ? 1 : x == y ? 0 : Number.NaN
  }
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b)
  if (isList(a) && isList(b) && sameKind(a, b)) {
    for (let n = 0; n < Math.min(a.length, b.length); n++) if (!equals(a[n]!, b[n]!)) return compare(a[n]!, b[n]!, line)
    return Math.sign(a.length - b.length)
  }
  throw new TemplateError(`${typeName(a)} and ${typeName(b)} have no order`, line)
}

/** By code points, not by UTF-16. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0
  const [x, y] = [letters(a), letters(b)]
  for (let n = 0; n < Math.min(x.length, y.length); n++) {
    const difference = x[n]!.codePointAt(0)! - y[n]!.codePointAt(0)!
    if (difference !== 0) return Math.sign(difference)
  }
  return Math.sign(x.length - y.length)
}

export function letters(value: string): string[] {
  return Array.from(value)
}

/** What a loop goes over; throws where there is nothing to go over. */
export function iterated(value: Value, line: number): Value[] {
  if (isList(value)) return value
  if (typeof value === 'string') return letters(value)
  if (isMapping(value)) return [...value.keys()]
  if (value instanceof Undefined) return []
  throw new TemplateError(`${typeName(value)} is not a list`, line)
}

export function contains(inside: Value, value: Value, line: number): boolean {
  if (typeof inside === 'string') {
    if (typeof value !== 'string') throw new TemplateError(`"in <string>" needs a text, not ${typeName(value)}`, line)
    return inside.includes(value)
  }
  if (isMapping(inside)) return member(inside, value) !== undefined
  return iterated(inside, line).some((item) => equals(item, value))
}
