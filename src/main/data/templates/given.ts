import { isTrue, type Value } from './values.ts'

/** Arguments of a filter, by place or name. */
export interface Given {
  args: readonly Value[]
  named: ReadonlyMap<string, Value>
  line: number
  /** A whole number in [0, end), from the row's seed. */
  pick: (end: number) => number
}

export const arg = ({ args, named }: Given, at: number, name: string): Value | undefined => args[at] ?? named.get(name)
export const whole = (value: Value | undefined, otherwise: number): number =>
  value === undefined ? otherwise : Number(value)
export const flag = (value: Value | undefined): boolean => value !== undefined && isTrue(value)
