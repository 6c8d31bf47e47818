import { arg, flag, type Given, whole } from './given.ts'
import { capitalized, replaced, strip } from './methods.ts'
import { floatFrom, formatted, integer, round, toNumber } from './numbers.ts'
import { type Test, tests } from './template-tests.ts'
import { pythonSpace } from './tokens.ts'
import {
  compare,
  equals,
  isList,
  isMapping,
  isNumber,
  isTrue,
  iterated,
  letters,
  member,
  TemplateError,
  text,
  Tuple,
  typeName,
  Undefined,
  type Value
} from './values.ts'

type Filter = (of: Value, given: Given) => Value

function lengthOf(value: Value, line: number): bigint {
  if (typeof value === 'string') return BigInt(letters(value).length)
  if (isList(value)) return BigInt(value.length)
  if (isMapping(value)) return BigInt(value.size)
  if (value instanceof Undefined) return 0n
  throw new TemplateError(`${typeName(value)} has no length`, line)
}

/** A member by the dotted name of `map(attribute='a.b')`. */
function attributeOf(value: Value, path: Value): Value {
  let found = value
  for (const part of typeof path === 'string' ? path.split('.') : [path]) {
    const key = typeof part === 'string' && /^\d+$/.test(part) ? BigInt(part) : part
    if (isMapping(found)) found = member(found, part) ?? new Undefined(text(part))
    else if (isList(found) && typeof key === 'bigint') found = found[Number(key)] ?? new Undefined(text(part))
    else found = new Undefined(text(part))
  }
  return found
}

const folded = (value: Value, caseful: boolean): Value =>
  typeof value === 'string' && !caseful ? value.toLowerCase() : value

function sorted(
  items: readonly Value[],
  given: Given,
  keyOf: (item: Value) => Value,
  { caseful, reverse }: { caseful: boolean; reverse: boolean }
): Value[] {
  const keyed = items.map((item) => ({ item, key: folded(keyOf(item), caseful) }))
  keyed.sort((a, b) => compare(a.key, b.key, given.line) * (reverse ? -1 : 1))
  return keyed.map(({ item }) => item)
}

function best(of: Value, given: Given, sign: number): Value {
  const caseful = flag(arg(given, 0, 'case_sensitive'))
  const path = arg(given, 1, 'attribute')
  const keyOf = (item: Value): Value => folded(path === undefined ? item : attributeOf(item, path), caseful)
  const items = iterated(of, given.line)
  if (items.length === 0) return new Undefined('No aggregated item, sequence was empty.')
  return items.reduce((found, item) => (compare(keyOf(item), keyOf(found), given.line) * sign > 0 ? item : found))
}

function chosen(of: Value, { args, line }: Given, attribute: boolean, wanted: boolean): Value {
  const path = attribute ? args[0] : undefined
  const rest = attribute ? args.slice(1) : args
  const [name, ...more] = rest
  if (name !== undefined && (typeof name !== 'string' || !Object.hasOwn(tests, name)))
    throw new TemplateError(`the test "${text(name)}" is outside of what templates may use here`, line)
  const test: Test = name === undefined ? (item) => isTrue(item) : tests[name]!
  return iterated(of, line).filter(
    (item) => test(path === undefined ? item : attributeOf(item, path), more, line) === wanted
  )
}

const special: Record<string, string> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026', "'": '\\u0027' }

function json(value: Value): string {
  if (typeof value === 'string')
    return JSON.stringify(value).replace(
      /[\u007f-\uffff]/g,
      (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
    )
  if (isList(value)) return `[${value.map(json).join(', ')}]`
  if (isMapping(value))
    return `{${[...value]
      .sort(([a], [b]) => (text(a) < text(b) ? -1 : 1))
      .map(([key, item]) => `${json(text(key))}: ${json(item)}`)
      .join(', ')}}`
  if (value === null) return 'null'
  return typeof value === 'boolean' ? String(value) : text(value)
}

/** The items that come most often, as PromptSource's own filter gives them. */
function mostFrequent(items: readonly Value[]): Value {
  const counted: { item: Value; times: number }[] = []
  for (const item of items) {
    const known = counted.find((one) => equals(one.item, item))
    if (known) known.times++
    else counted.push({ item, times: 1 })
  }
  const most = Math.max(0, ...counted.map(({ times }) => times))
  return most === 0 ? null : counted.filter(({ times }) => times === most).map(({ item }) => item)
}

const filters: Record<string, Filter> = {
  abs: (of, { line }) => {
    const number = toNumber(of, line)
    return typeof number === 'bigint' ? (number < 0n ? -number : number) : Math.abs(number)
  },
  capitalize: (of) => capitalized(text(of)),
  center: (of, given) => {
    const value = text(of)
    const room = whole(arg(given, 0, 'width'), 80) - letters(value).length
    if (room <= 0) return value
    const width = room + letters(value).length
    const left = Math.floor(room / 2) + (room & width & 1)
    return ' '.repeat(left) + value + ' '.repeat(room - left)
  },
  choice: (of, { line, pick }) => {
    const items = iterated(of, line)
    if (items.length === 0) throw new TemplateError('there is nothing to choose from', line)
    return items[pick(items.length)]!
  },
  default: (of, given) => {
    const otherwise = arg(given, 0, 'default_value') ?? ''
    return of instanceof Undefined || (flag(arg(given, 1, 'boolean')) && !isTrue(of)) ? otherwise : of
  },
  dictsort: (of, given) => {
    if (!isMapping(of)) throw new TemplateError(`${typeName(of)} is not a dict`, given.line)
    const at = text(arg(given, 1, 'by') ?? 'key') === 'value' ? 1 : 0
    const pairs: Value[] = [...of].map((pair) => Tuple.of2(pair))
    return sorted(pairs, given, (pair) => (pair as Value[])[at]!, {
      caseful: flag(arg(given, 0, 'case_sensitive')),
      reverse: flag(arg(given, 2, 'reverse'))
    })
  },
  first: (of, { line }) => iterated(of, line)[0] ?? new Undefined('No first item, sequence was empty.'),
  float: (of, given) => {
    if (of instanceof Undefined) throw new TemplateError(`${of.name} is not there`, given.line)
    const otherwise = arg(given, 0, 'default') ?? 0
    if (isNumber(of)) return Number(of)
    const float = typeof of === 'string' ? floatFrom(strip(of, null)) : Number.NaN
    return Number.isNaN(float) ? otherwise : float
  },
  format: (of, given) => formatted(text(of), given.args, given.line),
  int: integer,
  items: (of, { line }) => {
    if (of instanceof Undefined) return []
    if (!isMapping(of)) throw new TemplateError(`${typeName(of)} is not a dict`, line)
    return [...of].map((pair) => Tuple.of2(pair))
  },
  join: (of, given) => {
    const path = arg(given, 1, 'attribute')
    const by = text(arg(given, 0, 'd') ?? '')
    return iterated(of, given.line)
      .map((item) => text(path === undefined ? item : attributeOf(item, path)))
      .join(by)
  },
  last: (of, { line }) => iterated(of, line).at(-1) ?? new Undefined('No last item, sequence was empty.'),
  length: (of, { line }) => lengthOf(of, line),
  list: (of, { line }) => [...iterated(of, line)],
  lower: (of) => text(of).toLowerCase(),
  map: (of, given) => {
    const { line, named, args } = given
    const items = iterated(of, line)
    const path = named.get('attribute')
    if (path !== undefined) {
      const otherwise = named.get('default')
      return items.map((item) => {
        const found = attributeOf(item, path)
        return found instanceof Undefined && otherwise !== undefined ? otherwise : found
      })
    }
    const [name, ...rest] = args
    const filter = typeof name === 'string' && Object.hasOwn(filters, name) ? filters[name] : undefined
    if (!filter)
      throw new TemplateError(`the filter "${text(name ?? null)}" is outside of what templates may use here`, line)
    return items.map((item) => filter(item, { ...given, args: rest }))
  },
  max: (of, given) => best(of, given, 1),
  min: (of, given) => best(of, given, -1),
  most_frequent: (of, { line }) => mostFrequent(iterated(of, line)),
  reject: (of, given) => chosen(of, given, false, false),
  rejectattr: (of, given) => chosen(of, given, true, false),
  replace: (of, given) => {
    const most = arg(given, 2, 'count')
    return replaced(
      text(of),
      text(arg(given, 0, 'old') ?? ''),
      text(arg(given, 1, 'new') ?? ''),
      whole(most === null ? undefined : most, -1)
    )
  },
  reverse: (of, { line }) =>
    typeof of === 'string' ? letters(of).reverse().join('') : [...iterated(of, line)].reverse(),
  round: (of, given) => {
    const number = toNumber(of, given.line)
    const digits = whole(arg(given, 0, 'precision'), 0)
    const method = text(arg(given, 1, 'method') ?? 'common')
    if (method === 'common')
      return typeof number === 'bigint'
        ? digits >= 0
          ? number
          : BigInt(round(Number(number), digits))
        : round(number, digits)
    if (method !== 'ceil' && method !== 'floor') throw new TemplateError(`round has no method "${method}"`, given.line)
    return (Math[method](Number(number) * 10 ** digits) + 0) / 10 ** digits
  },
  select: (of, given) => chosen(of, given, false, true),
  selectattr: (of, given) => chosen(of, given, true, true),
  sort: (of, given) => {
    const path = arg(given, 2, 'attribute')
    const keyOf = (item: Value): Value => (path === undefined || path === null ? item : attributeOf(item, path))
    return sorted(iterated(of, given.line), given, keyOf, {
      caseful: flag(arg(given, 1, 'case_sensitive')),
      reverse: flag(arg(given, 0, 'reverse'))
    })
  },
  string: (of) => text(of),
  sum: (of, given) => {
    const path = arg(given, 0, 'attribute')
    const start = arg(given, 1, 'start') ?? 0n
    return iterated(of, given.line).reduce<Value>((sum, item) => {
      const [a, b] = [
        toNumber(sum, given.line),
        toNumber(path === undefined || path === null ? item : attributeOf(item, path), given.line)
      ]
      return typeof a === 'bigint' && typeof b === 'bigint' ? a + b : Number(a) + Number(b)
    }, start)
  },
  title: (of) =>
    text(of)
      .split(new RegExp(`([-(\\{\\[<${pythonSpace}]+)`))
      .filter((part) => part !== '')
      .map(capitalized)
      .join(''),
  tojson: (of) => json(of).replace(/[<>&']/g, (letter) => special[letter]!),
  trim: (of, given) => strip(text(of), arg(given, 0, 'chars')),
  truncate: (of, given) => {
    const length = whole(arg(given, 0, 'length'), 255)
    // What is short enough stays what it is, also where it is no text.
    if (Number(lengthOf(of, given.line)) <= length + whole(arg(given, 3, 'leeway'), 5)) return of
    const value = letters(text(of))
    const end = text(arg(given, 2, 'end') ?? '...')
    const head = value.slice(0, Math.max(0, length - letters(end).length)).join('')
    if (flag(arg(given, 1, 'killwords'))) return head + end
    const at = head.lastIndexOf(' ')
    return (at < 0 ? head : head.slice(0, at)) + end
  },
  unique: (of, given) => {
    const caseful = flag(arg(given, 0, 'case_sensitive'))
    const path = arg(given, 1, 'attribute')
    const keyOf = (item: Value): Value =>
      folded(path === undefined || path === null ? item : attributeOf(item, path), caseful)
    const kept: Value[] = []
    for (const item of iterated(of, given.line))
      if (!kept.some((one) => equals(keyOf(one), keyOf(item)))) kept.push(item)
    return kept
  },
  upper: (of) => text(of).toUpperCase(),
  wordcount: (of) => BigInt(text(of).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0)
}
filters['d'] = filters['default']!
filters['count'] = filters['length']!

export const filterNames: readonly string[] = Object.keys(filters)

export function applyFilter(name: string, of: Value, given: Given): Value {
  return filters[name]!(of, given)
}
