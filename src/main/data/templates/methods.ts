import { pythonSpace } from './tokens.ts'
import {
  equals,
  isList,
  isMapping,
  iterated,
  letters,
  member,
  TemplateError,
  text,
  Tuple,
  typeName,
  type Value
} from './values.ts'

type Method<Of> = (of: Of, args: readonly Value[], line: number) => Value

const spaces = { start: new RegExp(`^[${pythonSpace}]+`), end: new RegExp(`[${pythonSpace}]+$`) }

/** Takes white space, or letters of a set, from the ends. */
export function strip(value: string, letters: Value | undefined, where: 'both' | 'start' | 'end' = 'both'): string {
  let result = value
  if (letters === undefined || letters === null) {
    if (where !== 'end') result = result.replace(spaces.start, '')
    if (where !== 'start') result = result.replace(spaces.end, '')
    return result
  }
  const set = new Set(text(letters))
  const all = Array.from(value)
  let [from, to] = [0, all.length]
  if (where !== 'end') while (from < to && set.has(all[from]!)) from++
  if (where !== 'start') while (to > from && set.has(all[to - 1]!)) to--
  return all.slice(from, to).join('')
}

export function capitalized(value: string): string {
  const [first = '', ...rest] = Array.from(value)
  return first.toUpperCase() + rest.join('').toLowerCase()
}

function texts(args: readonly Value[], line: number): string[] {
  return args.map((arg) => {
    if (typeof arg !== 'string') throw new TemplateError(`expected a text, found ${typeName(arg)}`, line)
    return arg
  })
}

function split(value: string, args: readonly Value[], line: number, fromEnd: boolean): Value[] {
  const [by, most] = args
  const limit = most === undefined || most === null ? -1 : Number(most)
  let parts: string[]
  if (by === undefined || by === null) {
    const words = strip(value, null)
    if (words === '') return []
    const gap = new RegExp(`[${pythonSpace}]+`, 'g')
    const gaps = [...words.matchAll(gap)]
    const used = limit < 0 ? gaps : fromEnd ? gaps.slice(Math.max(0, gaps.length - limit)) : gaps.slice(0, limit)
    parts = []
    let at = 0
    for (const { index, 0: space } of used) {
      parts.push(words.slice(at, index))
      at = index + space.length
    }
    parts.push(words.slice(at))
    return parts
  }
  const [separator] = texts([by], line)
  if (separator === '') throw new TemplateError('a text cannot be split by nothing', line)
  parts = value.split(separator!)
  if (limit >= 0 && parts.length > limit + 1)
    parts = fromEnd
      ? [parts.slice(0, parts.length - limit).join(separator), ...(limit > 0 ? parts.slice(-limit) : [])]
      : [...parts.slice(0, limit), parts.slice(limit).join(separator)]
  return parts
}

export function replaced(value: string, from: string, to: string, most: number): string {
  if (most < 0)
    return from === ''
      ? to +
          Array.from(value)
            .map((letter) => letter + to)
            .join('')
      : value.replaceAll(from, () => to)
  if (from === '') {
    const all = Array.from(value)
    return all.map((letter, n) => (n < most ? to + letter : letter)).join('') + (most > all.length ? to : '')
  }
  const parts = value.split(from)
  return parts.slice(0, most + 1).join(to) + (parts.length > most + 1 ? from + parts.slice(most + 1).join(from) : '')
}

/** Whether an end is one of those that an argument names: a text, or a tuple of texts. */
const affix = (arg: Value | undefined, test: (part: string) => boolean, line: number): boolean =>
  texts(arg instanceof Tuple ? arg : [arg ?? null], line).some(test)

/** What Python's splitlines takes for the end of a line. */
const lineEnds = new RegExp(`\\r\\n|[\\n\\r\\v\\f${String.fromCharCode(0x1c, 0x1d, 0x1e, 0x85)}\\u2028\\u2029]`)
const isLetter = /\p{L}/u

/** Methods of Python's texts, by its names. */
const ofTexts: Record<string, Method<string>> = {
  lower: (of) => of.toLowerCase(),
  upper: (of) => of.toUpperCase(),
  strip: (of, [set]) => strip(of, set),
  lstrip: (of, [set]) => strip(of, set, 'start'),
  rstrip: (of, [set]) => strip(of, set, 'end'),
  capitalize: capitalized,
  title: (of) => {
    let inside = false
    return letters(of)
      .map((letter) => {
        const changed = isLetter.test(letter) ? (inside ? letter.toLowerCase() : letter.toUpperCase()) : letter
        inside = isLetter.test(letter)
        return changed
      })
      .join('')
  },
  swapcase: (of) =>
    letters(of)
      .map((letter) => (letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase()))
      .join(''),
  split: (of, args, line) => split(of, args, line, false),
  rsplit: (of, args, line) => split(of, args, line, true),
  splitlines: (of) => {
    const parts = of.split(lineEnds)
    return parts.at(-1) === '' ? parts.slice(0, -1) : parts
  },
  join: (of, [parts], line) => texts(iterated(parts ?? null, line), line).join(of),
  replace: (of, args, line) => {
    const [from, to] = texts(args.slice(0, 2), line)
    return replaced(of, from ?? '', to ?? '', args[2] === undefined ? -1 : Number(args[2]))
  },
  startswith: (of, [arg], line) => affix(arg, (part) => of.startsWith(part), line),
  endswith: (of, [arg], line) => affix(arg, (part) => of.endsWith(part), line),
  find: (of, args, line) => {
    const at = of.indexOf(texts(args.slice(0, 1), line)[0] ?? '')
    return BigInt(at < 0 ? -1 : letters(of.slice(0, at)).length)
  },
  count: (of, args, line) => {
    const part = texts(args.slice(0, 1), line)[0] ?? ''
    return BigInt(part === '' ? letters(of).length + 1 : of.split(part).length - 1)
  },
  isdigit: (of) => /^\p{Nd}+$/u.test(of),
  isalpha: (of) => /^\p{L}+$/u.test(of),
  isupper: (of) => of !== of.toLowerCase() && of === of.toUpperCase(),
  islower: (of) => of !== of.toUpperCase() && of === of.toLowerCase(),
  removeprefix: (of, args, line) => {
    const [part = ''] = texts(args, line)
    return of.startsWith(part) ? of.slice(part.length) : of
  },
  removesuffix: (of, args, line) => {
    const [part = ''] = texts(args, line)
    return part !== '' && of.endsWith(part) ? of.slice(0, -part.length) : of
  }
}

const ofLists: Record<string, Method<Value[]>> = {
  index: (of, [wanted], line) => {
    const at = of.findIndex((item) => equals(item, wanted ?? null))
    if (at < 0) throw new TemplateError(`${text(wanted ?? null)} is not in the list`, line)
    return BigInt(at)
  },
  count: (of, [wanted]) => BigInt(of.filter((item) => equals(item, wanted ?? null)).length),
  append: (of, [item], line) => {
    if (of instanceof Tuple) throw new TemplateError('a tuple cannot be appended to', line)
    of.push(item ?? null)
    return null
  }
}

const ofDicts: Record<string, Method<Map<Value, Value>>> = {
  items: (of) => [...of].map((pair) => Tuple.of2(pair)),
  keys: (of) => [...of.keys()],
  values: (of) => [...of.values()],
  get: (of, [key, otherwise]) => member(of, key ?? null) ?? otherwise ?? null
}

const tables = [ofTexts, ofLists, ofDicts]

/** Names of all methods that a template may call. */
export const methodNames: readonly string[] = [
  ...new Set(tables.flatMap((table) => Object.keys(table))),
  'cycle',
  'changed'
]

/** Calls a method of a value; throws where the value has none of that name. */
export function callMethod(of: Value, name: string, args: readonly Value[], line: number): Value {
  if (typeof of === 'string' && Object.hasOwn(ofTexts, name)) return ofTexts[name]!(of, args, line)
  if (isList(of) && Object.hasOwn(ofLists, name)) return ofLists[name]!(of, args, line)
  if (isMapping(of) && Object.hasOwn(ofDicts, name)) return ofDicts[name]!(of, args, line)
  throw new TemplateError(`${typeName(of)} has no method "${name}"`, line)
}
