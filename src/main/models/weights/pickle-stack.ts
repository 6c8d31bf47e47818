import { isList, PickleError, type PickleValue } from './pickle-values.ts'

/** The stack of the machine. Each function throws PickleError where the stack does not hold what it takes. */
export const mark = Symbol('mark')
export type Entry = PickleValue | typeof mark

export function only(stack: Entry[]): PickleValue {
  const value = pop(stack)
  if (stack.length > 0) throw new PickleError('it ends with values left over')
  return value
}

export function pop(stack: Entry[]): PickleValue {
  const value = peek(stack)
  stack.pop()
  return value
}

export function peek(stack: readonly Entry[]): PickleValue {
  const value = stack.at(-1)
  if (value === undefined || value === mark) throw new PickleError('it takes a value from an empty stack')
  return value
}

export function popMany(stack: Entry[], count: number): PickleValue[] {
  const values: PickleValue[] = []
  for (let i = 0; i < count; i++) values.unshift(pop(stack))
  return values
}

export function popToMark(stack: Entry[]): PickleValue[] {
  const at = stack.lastIndexOf(mark)
  if (at < 0) throw new PickleError('it looks for a mark that is not there')
  const values = stack.splice(at)
  return values.slice(1) as PickleValue[]
}

export function append(stack: Entry[], values: readonly PickleValue[]): void {
  const list = peek(stack)
  if (!isList(list)) throw new PickleError('it appends to something that is no list')
  for (const value of values) (list as PickleValue[]).push(value)
}

export function setItems(stack: Entry[], values: readonly PickleValue[]): void {
  const map = peek(stack)
  if (!(map instanceof Map) || values.length % 2 !== 0) throw new PickleError('it sets items of something else')
  for (let i = 0; i < values.length; i += 2) {
    const key = values[i]!
    if (map.has(key)) throw new PickleError(`the name ${nameOf(key)} comes twice`)
    map.set(key, values[i + 1]!)
  }
}

function nameOf(key: PickleValue): string {
  return typeof key === 'string' ? JSON.stringify(key) : 'of an entry'
}
