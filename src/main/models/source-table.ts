import type { Dim } from '../graph/index.ts'

/** An input of an architecture's own that depends on nothing but how long the sequences are. */
export interface SourceTable {
  /** Of the input. */
  readonly name: string
  readonly dtype: 'float32' | 'int64'
  /** Over N tokens in B sequences, the longest of T. */
  readonly dims: readonly Dim[]
  /** Its numbers, row by row, for sequences of these lengths. */
  fill: (lengths: readonly number[]) => ArrayLike<number>
}
