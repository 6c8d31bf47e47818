import { arg, type Given, whole } from './given.ts'
import { strip } from './methods.ts'
import { isNumber, letters, TemplateError, text, typeName, Undefined, type Value } from './values.ts'

export function toNumber(of: Value, line: number): bigint | number {
  if (typeof of === 'boolean') return of ? 1n : 0n
  if (isNumber(of)) return of
  throw new TemplateError(`expected a number, found ${typeName(of)}`, line)
}

/** Python's round(): half to even, on the number as it is in memory. */
export function round(value: number, digits: number): number {
  if (!Number.isFinite(value) || value === 0) return value
  if (digits > 15) return value
  if (digits >= 0) {
    const fixed = Number(value.toFixed(digits))
    // toFixed is exact but for ties, which it rounds away from zero.
    const scaled = value * 10 ** digits
    if (Math.abs(scaled % 1) === 0.5 && exactly(value, digits)) return (2 * Math.round(scaled / 2)) / 10 ** digits
    return fixed
  }
  const scale = 10 ** -digits
  const scaled = value / scale
  return Math.abs(scaled % 1) === 0.5 ? 2 * Math.round(scaled / 2) * scale : Math.round(scaled) * scale
}

/** Digits after the point as C writes them: half to even, with the sign of zero. */
function fixed(value: number, digits: number): string {
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const size = Math.abs(value)
  return sign + (exactly(size, digits) ? round(size, digits) : size).toFixed(digits)
}

/** Whether a half at this digit is one in binary too: 0.5, 0.25, 0.125. */
function exactly(value: number, digits: number): boolean {
  const parts = value.toFixed(Math.min(100, digits + 30)).split('.')[1] ?? ''
  return /^50*$/.test(parts.slice(digits))
}

export function integer(of: Value, given: Given): Value {
  const otherwise = arg(given, 0, 'default') ?? 0n
  const base = whole(arg(given, 1, 'base'), 10)
  if (of instanceof Undefined) throw new TemplateError(`${of.name} is not there`, given.line)
  if (typeof of === 'boolean') return of ? 1n : 0n
  if (typeof of === 'bigint') return of
  const words = typeof of === 'string' ? strip(of, null).replace(/(?<=\d)_(?=\d)/g, '') : ''
  if (typeof of === 'string' && base === 10 && /^[-+]?\d+$/.test(words)) return BigInt(words.replace(/^\+/, ''))
  if (typeof of === 'string' && base !== 10) {
    const number = Number.parseInt(words.replace(/^0[xob]/i, ''), base)
    return Number.isNaN(number) ? otherwise : BigInt(number)
  }
  const float = typeof of === 'number' ? of : typeof of === 'string' ? floatFrom(words) : Number.NaN
  return Number.isFinite(float) ? BigInt(Math.trunc(float)) : otherwise
}

export function floatFrom(words: string): number {
  return /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(words) ? Number(words) : Number.NaN
}

export function remainder(of: Value, by: Value, line: number): number {
  const [a, b] = [toNumber(of, line), toNumber(by, line)]
  if (Number(b) === 0) throw new TemplateError('division by zero', line)
  if (typeof a === 'bigint' && typeof b === 'bigint') return Number(((a % b) + b) % b)
  const [x, y] = [Number(a), Number(b)]
  return ((x % y) + y) % y
}

/** Python's `%` on texts, with the few letters that templates use. */
export function formatted(pattern: string, args: readonly Value[], line: number): string {
  let at = 0
  const result = pattern.replace(
    /%(?:(%)|(?:\.(\d+))?([sdifr]))|%/g,
    (_, percent?: string, digits?: string, kind?: string) => {
      if (percent !== undefined) return '%'
      if (kind === undefined)
        throw new TemplateError(`the format "${pattern}" is outside of what templates may use here`, line)
      const value = args[at++]
      if (value === undefined) throw new TemplateError('the format asks for more values than there are', line)
      if (kind === 's')
        return digits === undefined ? text(value) : letters(text(value)).slice(0, Number(digits)).join('')
      if (kind === 'r') throw new TemplateError('the format %r is outside of what templates may use here', line)
      const number = toNumber(value, line)
      if (kind === 'f') return fixed(Number(number), digits === undefined ? 6 : Number(digits))
      return String(typeof number === 'bigint' ? number : BigInt(Math.trunc(number)))
    }
  )
  if (at < args.length) throw new TemplateError('the format asks for fewer values than there are', line)
  return result
}
