import { remainder } from './numbers.ts'
import { compare, contains, equals, isList, isMapping, isNumber, text, Undefined, type Value } from './values.ts'

export type Test = (of: Value, args: readonly Value[], line: number) => boolean

const order =
  (test: (found: number) => boolean): Test =>
  (of, args, line) =>
    test(compare(of, args[0] ?? null, line))

export const tests: Record<string, Test> = {
  boolean: (of) => typeof of === 'boolean',
  defined: (of) => !(of instanceof Undefined),
  divisibleby: (of, args, line) => remainder(of, args[0] ?? null, line) === 0,
  even: (of, _, line) => remainder(of, 2n, line) === 0,
  odd: (of, _, line) => remainder(of, 2n, line) === 1,
  eq: (of, args) => equals(of, args[0] ?? null),
  ne: (of, args) => !equals(of, args[0] ?? null),
  gt: order((found) => found > 0),
  ge: order((found) => found >= 0),
  lt: order((found) => found < 0),
  le: order((found) => found <= 0),
  false: (of) => of === false,
  float: (of) => typeof of === 'number',
  in: (of, args, line) => contains(args[0] ?? null, of, line),
  integer: (of) => typeof of === 'bigint',
  iterable: (of) => typeof of === 'string' || isList(of) || isMapping(of) || of instanceof Undefined,
  lower: (of) => text(of) !== text(of).toUpperCase() && text(of) === text(of).toLowerCase(),
  mapping: (of) => isMapping(of),
  none: (of) => of === null,
  number: (of) => isNumber(of),
  sequence: (of) => typeof of === 'string' || isList(of) || isMapping(of) || of instanceof Undefined,
  string: (of) => typeof of === 'string',
  true: (of) => of === true,
  undefined: (of) => of instanceof Undefined,
  upper: (of) => text(of) !== text(of).toLowerCase() && text(of) === text(of).toUpperCase()
}
const otherNames = {
  equalto: 'eq',
  '==': 'eq',
  '!=': 'ne',
  greaterthan: 'gt',
  '>': 'gt',
  '>=': 'ge',
  lessthan: 'lt',
  '<': 'lt',
  '<=': 'le'
}
for (const [other, name] of Object.entries(otherNames)) tests[other] = tests[name]!
export const testNames: readonly string[] = Object.keys(tests)

export function applyTest(name: string, of: Value, args: readonly Value[], line: number): boolean {
  return tests[name]!(of, args, line)
}
