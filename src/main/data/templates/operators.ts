import { formatted } from './numbers.ts'
import {
  compare,
  contains,
  equals,
  isList,
  isNumber,
  isTrue,
  letters,
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

const mostNumber = 2n ** 4096n

/** Whether a comparison holds. */
export function holds(sign: string, left: Value, right: Value, line: number): boolean {
  if (sign === '==') return equals(left, right)
  if (sign === '!=') return !equals(left, right)
  if (sign === 'in') return contains(right, left, line)
  if (sign === 'not in') return !contains(right, left, line)
  const order = compare(left, right, line)
  return sign === '<' ? order < 0 : sign === '<=' ? order <= 0 : sign === '>' ? order > 0 : order >= 0
}

export function unary(sign: '-' | '+' | 'not', of: Value, line: number): Value {
  if (sign === 'not') return !isTrue(of)
  if (!isNumber(of)) throw new TemplateError(`${typeName(of)} has no sign`, line)
  const number = typeof of === 'boolean' ? BigInt(of) : of
  return sign === '+' ? number : -number
}

export function binary(sign: string, left: Value, right: Value, line: number): Value {
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

export function slice(of: Value, bounds: readonly (Value | null)[], line: number): Value {
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
export const mostText = 4 << 20
