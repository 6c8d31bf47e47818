import type { ColumnMapping } from '../../contract/import.ts'
import { compilePrompts } from '../templates/prompt-templates.ts'
import { patternColumns, rootOf } from './column-path.ts'

/** All columns that a mapping reads; of paths, the column that they begin in, as far as `columns` says. */
export function mappedColumns(mapping: ColumnMapping, columns: readonly string[] = []): string[] {
  const { taskName: _, answer: __, labels: ___, templates, ...mapped } = mapping
  const own = Object.values(mapped).filter((column) => typeof column === 'string')
  const parts = own.flatMap((column) => patternColumns(column) ?? [column])
  const named = templates ? compilePrompts(templates).names.filter((name) => columns.includes(name)) : []
  return [...new Set([...parts.map((column) => rootOf(column, columns)), ...named])]
}
