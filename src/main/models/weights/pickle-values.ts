/** A class or function that the pickle names. */
export class PickleGlobal {
  readonly module: string
  readonly name: string

  constructor(module: string, name: string) {
    this.module = module
    this.name = name
  }
}

/** Python's dict and OrderedDict; lists and tuples are arrays. Whole numbers beyond 2^53 stay bigint. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleGlobal
  | readonly PickleValue[]
  | Map<PickleValue, PickleValue>
  | object

/** Something that was saved beside the weights and that nobody needs: its name is known to be harmless, and nothing of it is made. */
export class PickleOther {
  readonly of: PickleGlobal

  constructor(of: PickleGlobal) {
    this.of = of
  }
}

/** The pickle is not one that the reader accepts. */
export class PickleError extends Error {}

/** The bytes ended before the pickle did. */
export class PickleEnded extends PickleError {}

export function isList(value: PickleValue): value is readonly PickleValue[] {
  return Array.isArray(value)
}
