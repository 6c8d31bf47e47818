import { applyFilter } from './filters.ts'
import type { Given } from './given.ts'
import { equals, isMapping, iterated, Namespace, Range, TemplateError, Tuple, type Value } from './values.ts'

/** What `loop` is: members by name, and the lists that its two methods need. */
export class Loop extends Map<Value, Value> {
  changedValues: Value[] | null = null
}

export function callFunction(name: string, given: Given): Value {
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

export function loopMethod(loop: Loop, name: string, { args, line }: Given): Value {
  if (name === 'cycle') {
    if (args.length === 0) throw new TemplateError('loop.cycle needs values', line)
    return args[Number(loop.get('index0')) % args.length]!
  }
  if (name !== 'changed') throw new TemplateError(`loop has no method "${name}"`, line)
  const before = loop.changedValues
  loop.changedValues = [...args]
  return before === null || !equals(before, [...args])
}
