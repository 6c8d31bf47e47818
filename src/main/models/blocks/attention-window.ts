/** Attention that looks no further than a window. */
import type { SourceTable } from '../source-table.ts'

/** Name of the table of {@link outsideWindow}. */
export const outside = 'source_outside_window'

/** 0 where two tokens are at most a window apart, -1e9 elsewhere, `[T, T]`. */
export function outsideWindow(window: number): SourceTable {
  return {
    name: outside,
    dtype: 'float32',
    dims: ['T', 'T'],
    fill: (lengths) => {
      const length = Math.max(...lengths)
      const values = new Float32Array(length * length)
      for (let query = 0; query < length; query++) {
        values.fill(-1e9, query * length, query * length + Math.max(0, query - window))
        values.fill(-1e9, query * length + Math.min(length, query + window + 1), (query + 1) * length)
      }
      return values
    }
  }
}
