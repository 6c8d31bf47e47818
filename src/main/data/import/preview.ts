import type { ColumnMapping, Example, ImportFormat, ImportPreview, RejectedLine } from '../../contract/data.ts'
import { ungrouped } from '../dataset-writer.ts'
import { fileBytes, headOf, type DataFile } from './data-file.ts'
import { detectFormat, holdsQuerySets } from './detect.ts'
import { formats } from './formats.ts'
import { guessMapping } from './guess-mapping.ts'
import { labDatasetMapping } from './read-lab-dataset.ts'
import { parquetColumns } from './read-parquet.ts'
import { headerOf, RowSplitter } from './read-table.ts'
import { taskNameOf } from './task-name.ts'
import { checkRoom } from './room.ts'
import { dataFiles } from './unpack.ts'

const shownRows = 10
const sampledRecords = 1000

/** How a file would be understood: its format, columns, a mapping, the first ten rows, and what is wrong with the head. */
export async function previewImport(
  request: { file: string; format: ImportFormat | null; mapping: ColumnMapping | null },
  scratch: string
): Promise<ImportPreview> {
  for await (const file of dataFiles([request.file], scratch, () => checkRoom(scratch))) {
    if (file.path !== request.file && (await holdsQuerySets(file))) continue
    const format = request.format ?? (await detectFormat(file))
    const columns = await columnsOf(file, format)
    const fixed = formats[format].mapping
    const mapping = fixed === 'asked' ? (request.mapping ?? guessMapping(columns)) : fixed
    const head = await readHead(file, format, mapping)
    return { format, columns, mapping, ...head, bytes: fileBytes(file.path) }
  }
  return {
    format: request.format ?? 'json',
    columns: [],
    mapping: null,
    rows: [],
    problems: [{ file: request.file, line: 0, field: 'file', expected: 'at least one data file', text: '' }],
    bytes: 0,
    estimatedExamples: 0
  }
}

/** Names of a file's columns or fields, from its head. */
export async function columnsOf(file: DataFile, format: ImportFormat): Promise<string[]> {
  if (format === 'line-array') return ['input', 'outputs', 'id']
  if (format === 'natural-instructions') return ['input', 'output', 'id', 'task', 'group']
  if (format === 'lab') return Object.values(labDatasetMapping)
  if (format === 'parquet') return (await parquetColumns(file)).columns
  if (format === 'csv' || format === 'tsv') {
    const delimiter = format === 'csv' ? ',' : '\t'
    const splitter = new RowSplitter(file.name, delimiter)
    const first = splitter.push(Buffer.concat([await headOf(file, 1 << 16), Buffer.from('\n')]))[0]
    return first ? headerOf(first, delimiter, file) : []
  }
  const names = new Set<string>()
  let seen = 0
  for await (const records of formats[format].read(file, { bytes: 0 }, null)) {
    for (const { value } of records) {
      if (typeof value === 'object' && value !== null && !Array.isArray(value))
        for (const name of Object.keys(value).slice(0, 100)) names.add(name)
      if (++seen >= 100) return [...names]
    }
  }
  return [...names]
}

async function readHead(
  file: DataFile,
  format: ImportFormat,
  mapping: ColumnMapping | null
): Promise<{ rows: Example[]; problems: RejectedLine[]; estimatedExamples: number | null }> {
  const rows: Example[] = []
  const problems: RejectedLine[] = []
  const reader = formats[format]
  if (reader.mapping === 'asked' && mapping === null) return { rows, problems, estimatedExamples: null }
  const context = { taskName: taskNameOf(file.name), mapping }
  const read = { bytes: 0 }
  let records = 0
  for await (const batch of reader.read(file, read, mapping)) {
    for (const record of batch) {
      records++
      const { example, problem } = record.problem
        ? { example: null, problem: record.problem }
        : reader.understand(record.value, context)
      if (example && rows.length < shownRows)
        rows.push({
          id: rows.length + 1,
          input: example.input,
          outputs: [...example.outputs],
          task: example.task,
          template: example.template ?? '',
          group: example.group ?? ungrouped,
          sourceId: example.sourceId ?? '',
          sourceItem: rows.length + 1,
          choices: example.choices ? [...example.choices] : null
        })
      if (problem && problems.length < shownRows)
        problems.push({ file: file.name, line: record.line, ...problem, text: record.text })
    }
    if (records >= sampledRecords) break
  }
  const total = fileBytes(file.path)
  const estimate = read.bytes > 0 ? Math.round((records * total) / Math.min(read.bytes, total)) : records
  return { rows, problems, estimatedExamples: Math.max(records, estimate) }
}
