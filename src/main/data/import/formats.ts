import type { ColumnMapping, ImportFormat } from '../../contract/data.ts'
import { readText, type DataFile } from './data-file.ts'
import { patternColumns, understandLine, understandRow, type RecordContext, type Understood } from './fields.ts'
import { naturalInstructionsMapping, readNaturalInstructions } from './natural-instructions.ts'
import { jsonRecord, type Piece, type RecordBatches } from './raw-record.ts'
import { labDatasetMapping, readLabDataset } from './read-lab-dataset.ts'
import { readParquet } from './read-parquet.ts'
import { readTable } from './read-table.ts'
import { JsonSplitter } from './split-json.ts'
import { LineSplitter } from './split-lines.ts'

/** How a format is read and understood. */
export interface Format {
  /** What the user sees it called. */
  title: string
  /** Whether columns must be mapped; formats with fixed fields bring their own mapping, or none. */
  mapping: ColumnMapping | 'asked' | null
  read(file: DataFile, read: { bytes: number }, mapping: ColumnMapping | null): RecordBatches
  understand(value: unknown, context: RecordContext): Understood
}

/** One row per format: a forgotten one does not compile. */
export const formats: Record<ImportFormat, Format> = {
  'line-array': {
    title: 'rows of [input, [outputs…], id]',
    mapping: null,
    read: (file, read) => readJson(file, read),
    understand: understandLine
  },
  'recross-jsonl': {
    title: 'JSON lines with input_text and output_text',
    mapping: { input: 'input_text', output: 'output_text', id: 'id', task: 'task' },
    read: (file, read) => readSplit(file, read, new LineSplitter()),
    understand: understandRow
  },
  'natural-instructions': {
    title: 'Super-NaturalInstructions task file',
    mapping: naturalInstructionsMapping,
    read: (file, read) => readNaturalInstructions(file, read),
    understand: understandRow
  },
  json: {
    title: 'JSON list of objects',
    mapping: 'asked',
    read: (file, read) => readJson(file, read),
    understand: understandRow
  },
  jsonl: {
    title: 'JSON lines',
    mapping: 'asked',
    read: (file, read) => readSplit(file, read, new LineSplitter()),
    understand: understandRow
  },
  csv: {
    title: 'CSV table',
    mapping: 'asked',
    read: (file, read) => readTable(file, ',', read),
    understand: understandRow
  },
  tsv: {
    title: 'TSV table',
    mapping: 'asked',
    read: (file, read) => readTable(file, '\t', read),
    understand: understandRow
  },
  parquet: {
    title: 'Parquet table',
    mapping: 'asked',
    read: (file, read, mapping) => readParquet(file, mapping ? mappedColumns(mapping) : null, read),
    understand: understandRow
  },
  lab: {
    title: 'data set of another lab',
    mapping: labDatasetMapping,
    read: (file, read) => readLabDataset(file, read),
    understand: understandRow
  }
}

/** All columns that a mapping reads. */
export function mappedColumns(mapping: ColumnMapping): string[] {
  const { taskName: _, ...columns } = mapping
  return [...new Set(Object.values(columns).flatMap((column) => patternColumns(column) ?? [column]))]
}

async function* readJson(file: DataFile, read: { bytes: number }): RecordBatches {
  // Line files come as one array of rows, or as rows one after the other.
  const chunks = readText(file, read)
  const first = await chunks.next()
  if (first.done) return
  const values = startsWithRow(first.value)
  const splitter = new JsonSplitter(file.name, values ? 'values' : 'elements')
  // Of a root object the lists are read; a member such as "version" is no record.
  const records = (pieces: Piece[]) => pieces.filter((piece) => !piece.whole).map(jsonRecord)
  yield records(splitter.push(first.value))
  for await (const chunk of chunks) yield records(splitter.push(chunk))
  yield records(splitter.end())
}

/** `["input", …` at the very start: the rows are not in an array. */
export function startsWithRow(head: Buffer): boolean {
  return /^\s*\[\s*"/.test(head.subarray(0, 4096).toString('latin1'))
}

async function* readSplit(
  file: DataFile,
  read: { bytes: number },
  splitter: { push(chunk: Buffer): Piece[]; end(): Piece[] }
): RecordBatches {
  for await (const chunk of readText(file, read)) yield splitter.push(chunk).map(jsonRecord)
  yield splitter.end().map(jsonRecord)
}
