import type { ColumnMapping, ImportFormat, Reading } from '../../contract/import.ts'
import { readText, type ByteCount, type DataFile } from './data-file.ts'
import { understandLine, understandRow, type RecordContext, type Understood } from './fields.ts'
import { readRecords } from './json-layout.ts'
import { naturalInstructionsMapping, readNaturalInstructions } from './natural-instructions.ts'
import { brokenBytes, jsonRecord, shown, type Piece, type RecordBatches } from './raw-record.ts'
import { labDatasetMapping, readLabDataset } from './read-lab-dataset.ts'
import { readParquet } from './read-parquet.ts'
import { readTable } from './read-table.ts'
import { readWorkbook } from './read-xlsx.ts'
import { JsonSplitter } from './split-json.ts'
import { LineSplitter } from './split-lines.ts'

/** How a format is read and understood. */
export interface Format {
  /** What the user sees it called. */
  title: string
  /** Whether columns must be mapped; formats with fixed fields bring their own mapping, or none. */
  mapping: ColumnMapping | 'asked' | null
  read(file: DataFile, read: ByteCount, mapping: ColumnMapping | null, reading: Reading): RecordBatches
  understand(value: unknown, context: RecordContext): Understood
}

/** One row per format: a forgotten one does not compile. */
export const formats: Record<ImportFormat, Format> = {
  'line-array': {
    title: 'rows of [input, [outputs…], id]',
    mapping: null,
    read: (file, read) => readLineArray(file, read),
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
    title: 'JSON',
    mapping: 'asked',
    read: (file, read, _, reading) => readRecords(file, reading, read),
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
    read: (file, read, _, reading) => readTable(file, reading, undefined, read),
    understand: understandRow
  },
  tsv: {
    title: 'TSV table',
    mapping: 'asked',
    read: (file, read, _, reading) => readTable(file, reading, '\t', read),
    understand: understandRow
  },
  xlsx: {
    title: 'Excel workbook',
    mapping: 'asked',
    read: (file, read, _, reading) => readWorkbook(file, reading, read),
    understand: understandRow
  },
  text: {
    title: 'plain text, a question a line',
    mapping: 'asked',
    read: (file, read) => readLines(file, read),
    understand: understandRow
  },
  parquet: {
    title: 'Parquet table',
    mapping: 'asked',
    read: (file, read, mapping) => readParquet(file, mapping, read),
    understand: understandRow
  },
  lab: {
    title: 'data set of another lab',
    mapping: labDatasetMapping,
    read: (file, read) => readLabDataset(file, read),
    understand: understandRow
  }
}

async function* readLineArray(file: DataFile, read: ByteCount): RecordBatches {
  // Line files come as one array of rows, or as rows one after the other.
  const chunks = readText(file, read)
  const first = await chunks.next()
  if (first.done) return
  const values = startsWithRow(first.value)
  const splitter = new JsonSplitter(file.name, values ? 'values' : 'elements')
  const records = (pieces: Piece[]) => pieces.filter((piece) => !piece.whole).map(jsonRecord)
  yield records(splitter.push(first.value))
  for await (const chunk of chunks) yield records(splitter.push(chunk))
  yield records(splitter.end())
}

async function* readLines(file: DataFile, read: ByteCount): RecordBatches {
  const splitter = new LineSplitter()
  const records = (pieces: Piece[]) =>
    pieces.map((piece) => {
      const problem = brokenBytes(piece)
      const text = piece.bytes.toString('utf8').trim()
      return { line: piece.line, value: problem ? null : { text }, text: shown(piece.bytes), problem }
    })
  for await (const chunk of readText(file, read)) yield records(splitter.push(chunk))
  yield records(splitter.end())
}

/** `["input", …` at the very start: the rows are not in an array. */
export function startsWithRow(head: Buffer): boolean {
  return /^\s*\[\s*"/.test(head.subarray(0, 4096).toString('latin1'))
}

async function* readSplit(
  file: DataFile,
  read: ByteCount,
  splitter: { push(chunk: Buffer): Piece[]; end(): Piece[] }
): RecordBatches {
  for await (const chunk of readText(file, read)) yield splitter.push(chunk).map(jsonRecord)
  yield splitter.end().map(jsonRecord)
}
