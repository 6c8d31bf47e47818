import type { ImportFormat, Reading } from '../../contract/import.ts'
import { LabError } from '../../contract/error.ts'
import { isObject } from './column-path.ts'
import type { DataFile } from './data-file.ts'
import { formats } from './formats.ts'
import type { Sample } from './guess-mapping.ts'
import type { RawRecord } from './raw-record.ts'
import { labDatasetMapping } from './read-lab-dataset.ts'
import { parquetColumns } from './read-parquet.ts'
import { tableColumns } from './read-table.ts'
import { workbookColumns } from './read-xlsx.ts'
import { dialectOf } from './table-dialect.ts'

const sampledRows = 500

/** The columns of a file and its first rows: what a mapping is guessed from, before an import as in it. */
export async function sampleOf(file: DataFile, format: ImportFormat, reading: Reading): Promise<Sample> {
  const fixed = fixedColumns[format]
  if (fixed) return { columns: fixed, rows: [], labels: {} }
  const rows: Record<string, unknown>[] = []
  let broken: RawRecord | null = null
  for await (const records of formats[format].read(file, { bytes: 0 }, null, reading)) {
    for (const record of records)
      if (isObject(record.value)) rows.push(record.value)
      else broken ??= record
    if (rows.length >= sampledRows) break
  }
  const first = rows.slice(0, sampledRows)
  if (format === 'parquet') {
    const { columns, labels } = await parquetColumns(file)
    return { columns, labels, rows: first }
  }
  const columns =
    format === 'csv' || format === 'tsv'
      ? await tableColumns(file, await dialectOf(file, reading, format === 'tsv' ? '\t' : undefined))
      : format === 'xlsx'
        ? (await workbookColumns(file, reading)).columns
        : format === 'text'
          ? ['text']
          : [...new Set(first.flatMap((row) => Object.keys(row).slice(0, 200)))]
  if (broken !== null && columns.length === 0) throw nothingNamed(file, broken)
  return { columns, rows: first, labels: {} }
}

/** No record has names: the first of them says why. */
function nothingNamed(file: DataFile, { line, problem, text }: RawRecord): LabError {
  const { field, expected } = problem ?? { field: 'record', expected: 'an object with named fields' }
  return new LabError(
    'json-broken',
    `${file.name}, line ${line}, ${field}: expected ${expected}; found ${text.slice(0, 60)}. No record of the file can be read.`,
    { details: { file: file.name, line, field } }
  )
}

const fixedColumns: Partial<Record<ImportFormat, string[]>> = {
  'line-array': ['input', 'outputs', 'id'],
  'recross-jsonl': ['input_text', 'output_text', 'id', 'task'],
  'natural-instructions': ['input', 'output', 'id', 'task', 'group'],
  lab: Object.values(labDatasetMapping)
}
