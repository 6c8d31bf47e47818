import type { ColumnMapping } from '../../contract/data.ts'
import { patternColumns, rootOf } from './column-path.ts'

/** All columns that a mapping reads; of paths, the column that they begin in, as far as `columns` says. */
export function mappedColumns(mapping: ColumnMapping, columns: readonly string[] = []): string[] {
  const { taskName: _, answer: __, labels: ___, ...mapped } = mapping
  const named = Object.values(mapped).filter((column): column is string => column !== undefined && column !== '')
  const parts = named.flatMap((column) => patternColumns(column) ?? [column])
  return [...new Set(parts.map((column) => rootOf(column, columns)))]
}
