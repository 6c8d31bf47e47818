import type { NewExample } from '../dataset-writer.ts'
import { compilePrompts, prompted } from '../templates/prompt-templates.ts'
import { valueAt } from './column-path.ts'
import { asText, type RecordContext } from './fields.ts'
import type { Format } from './formats.ts'
import type { Problem, RawRecord } from './raw-record.ts'

/** A record's examples: one, or one for each prompt that is put over it; none where no prompt is for it. */
export type UnderstoodRecord = { examples: NewExample[]; problem: null } | { examples: null; problem: Problem }

/** Understands the `number`th record of a file (from 0). */
export function understandRecord(
  format: Format,
  record: RawRecord,
  context: RecordContext & { split?: string },
  number: number
): UnderstoodRecord {
  if (record.problem) return { examples: null, problem: record.problem }
  const { mapping } = context
  if (!mapping?.templates) {
    const { example, problem } = format.understand(record.value, context)
    return example ? { examples: [example], problem: null } : { examples: null, problem }
  }
  const { value } = record
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { examples: null, problem: { field: 'record', expected: 'an object with named fields' } }
  const row = value as Record<string, unknown>
  const own = (column: string | undefined): string => (column === undefined ? '' : (asText(valueAt(row, column)) ?? ''))
  return prompted(compilePrompts(mapping.templates), row, {
    taskName: mapping.taskName ?? context.taskName,
    group: own(mapping.group) || (context.group ?? ''),
    split: context.split ?? 'train',
    number,
    task: own(mapping.task),
    id: own(mapping.id)
  })
}
