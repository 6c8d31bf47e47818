import type { DatasetKind, Example } from '../../contract/data.ts'
import type {
  ColumnMapping,
  Finding,
  ImportFormat,
  ImportPreview,
  Reading,
  RejectedLine
} from '../../contract/import.ts'
import { LabError } from '../../contract/error.ts'
import { ungrouped } from '../dataset-tables.ts'
import type { NewExample } from '../dataset-writer.ts'
import { compilePrompts } from '../templates/prompt-templates.ts'
import { type DataFile, encodingOf, lettersOfOthers, type FetchedPieces, fileBytes } from './data-file.ts'
import { valueAt } from './column-path.ts'
import { detectFormat, holdsQuerySets } from './detect.ts'
import { formats } from './formats.ts'
import { allColumns, guessMapping, onlyQuestions, type Sample, withOwnLabels } from './guess-mapping.ts'
import { jsonLayout, partsOf } from './json-layout.ts'
import { badLines, encodingFindings, findingOf, leftOut, mappingFindings, note, stop } from './preview-findings.ts'
import type { LabelWordsOfColumns } from './read-parquet.ts'
import { sheetsOf, workbookColumns } from './read-xlsx.ts'
import { checkRoom } from './room.ts'
import { counted, RowCheck } from './row-check.ts'
import { sampleOf } from './sample.ts'
import { dialectOf } from './table-dialect.ts'
import { placeOfFile, splitOfFile } from './task-name.ts'
import { understandRecord } from './understand-record.ts'
import { dataFiles } from './unpack.ts'

const shownRows = 10
/** Rows that are shown as they are, and characters of each of their cells. */
const shownCells = 3
const mostOfCell = 200
/** So many rows are looked at; of smaller files all. */
const lookedRows = 20_000

export interface PreviewRequest {
  file: string
  /** What the file is called, where its own name does not say. */
  name?: string
  /** What tells the task where the name does not. */
  place?: string | undefined
  /** Where only parts of the file are there. */
  pieces?: FetchedPieces | null
  format: ImportFormat | null
  reading?: Reading
  mapping: ColumnMapping | null
  kind?: DatasetKind
  /** Words for label numbers that the source names beside the file. */
  labels?: LabelWordsOfColumns
}

/**
 * How a file would be understood: format, dialect, columns, a mapping, the first ten rows; and what was found, each with
 * what can be done about it. What the user can mend is a finding, not an error.
 */
export async function previewImport(request: PreviewRequest, scratch: string): Promise<ImportPreview> {
  for await (const found of dataFiles([request.file], scratch, () => checkRoom(scratch))) {
    if (found.path !== request.file && (await holdsQuerySets(found))) continue
    const encoding = request.reading?.encoding
    return look(
      {
        ...found,
        ...(request.name && found.path === request.file ? { name: request.name } : {}),
        ...(request.place && found.path === request.file ? { place: request.place } : {}),
        ...(request.pieces ? { pieces: request.pieces } : {}),
        ...(encoding ? { encoding } : {})
      },
      request
    )
  }
  return {
    ...nothing(request.format ?? 'json', request.reading ?? {}),
    findings: [stop('no-data', `${request.file} holds no data file that the lab can read.`)]
  }
}

async function look(file: DataFile, request: PreviewRequest): Promise<ImportPreview> {
  const format = request.format ?? (await detectFormat(file))
  const reading = request.reading ?? {}
  const told = await toldReading(file, format, reading)
  const bytes = fileBytes(file.path)
  const parts = await partNames(file, format)
  let sample: Sample
  try {
    sample = await sampleOf(file, format, reading)
  } catch (thrown) {
    const finding = findingOf(thrown, reading)
    if (finding === null) throw thrown
    return { ...nothing(format, told), parts, bytes, findings: [finding] }
  }
  const fixed = formats[format].mapping
  const labels = { ...request.labels, ...sample.labels }
  const guess = guessMapping({ ...sample, labels })
  const given = request.mapping && withOwnLabels(request.mapping, labels)
  const mapping =
    fixed === 'asked' ? (given ?? guess.mapping ?? onlyQuestions(sample.columns, request.kind ?? 'upstream')) : fixed
  // A mapping that is the layout's own is still the layout.
  const known = fixed === 'asked' && JSON.stringify(mapping) === JSON.stringify(guess.mapping)
  try {
    if (mapping?.templates) compilePrompts(mapping.templates)
  } catch (thrown) {
    if (!(thrown instanceof LabError)) throw thrown
    const columns = allColumns(sample.columns, sample.rows)
    const cells = cellsOf(sample)
    return {
      ...nothing(format, told),
      mapping,
      columns,
      cells,
      parts,
      bytes,
      findings: [stop('template', thrown.message)]
    }
  }
  const head = await readHead(file, format, reading, mapping)
  const asked = fixed === 'asked'
  return {
    format,
    reading: told,
    columns: allColumns(sample.columns, sample.rows),
    cells: cellsOf(sample),
    layout: known ? guess.layout : null,
    mapping,
    rows: head.rows,
    problems: head.problems,
    parts,
    bytes,
    estimatedExamples: head.estimated,
    findings: [
      ...head.findings,
      ...(asked ? mappingFindings(mapping, sample, request.kind ?? 'upstream') : []),
      ...(asked && mapping ? leftOut(mapping, sample, guess.leaves) : []),
      ...encodingFindings(told, reading, told.encoding !== 'windows-1252' || !(await lettersOfOthers(file)))
    ]
  }
}

function nothing(format: ImportFormat, reading: Reading): ImportPreview {
  return {
    format,
    reading,
    columns: [],
    cells: [],
    layout: null,
    mapping: null,
    rows: [],
    problems: [],
    findings: [],
    parts: [],
    bytes: 0,
    estimatedExamples: null
  }
}

/** What stands in each column at the beginning. */
function cellsOf({ columns, rows }: Sample): ImportPreview['cells'] {
  return allColumns(columns, rows).map((column) => ({
    column,
    texts: rows.slice(0, shownCells).map((row) => cellText(valueAt(row, column)).slice(0, mostOfCell))
  }))
}

function cellText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The reading in full, as far as it matters for the format. */
async function toldReading(file: DataFile, format: ImportFormat, given: Reading): Promise<Reading> {
  if (format === 'parquet' || format === 'lab') return {}
  if (format === 'xlsx') {
    const part = given.sheet === undefined ? {} : { sheet: given.sheet }
    try {
      return { ...part, header: (await workbookColumns(file, given)).header }
    } catch (thrown) {
      if (findingOf(thrown, given) === null) throw thrown
      return part
    }
  }
  const encoding = await encodingOf(file)
  if (format !== 'csv' && format !== 'tsv')
    return { encoding, ...(given.part === undefined ? {} : { part: given.part }) }
  const { delimiter, quote, escape, header } = await dialectOf(file, given, format === 'tsv' ? '\t' : undefined)
  return { encoding, delimiter, header, quote: quote as '"', escape: escape as '' }
}

async function partNames(file: DataFile, format: ImportFormat): Promise<string[]> {
  if (format === 'json') return partsOf(await jsonLayout(file))
  if (format !== 'xlsx') return []
  const sheets = await sheetsOf(file)
  return sheets.length > 1 ? sheets : []
}

interface Head {
  rows: Example[]
  problems: RejectedLine[]
  estimated: number | null
  findings: Finding[]
}

async function readHead(
  file: DataFile,
  format: ImportFormat,
  reading: Reading,
  mapping: ColumnMapping | null
): Promise<Head> {
  const rows: Example[] = []
  const problems: RejectedLine[] = []
  const reader = formats[format]
  if (reader.mapping === 'asked' && mapping === null) return { rows, problems, estimated: null, findings: [] }
  const context = { ...placeOfFile(file.place ?? file.name), split: splitOfFile(file.name), mapping }
  const read = { bytes: 0 }
  const check = new RowCheck()
  let records = 0
  let bad = 0
  let ragged = 0
  let blank = 0
  let passed = 0
  let made = 0
  let complete = true
  try {
    for await (const batch of reader.read(file, read, mapping, reading)) {
      for (const record of batch) {
        records++
        if (record.ragged) ragged++
        if (record.blank) {
          blank++
          continue
        }
        const { examples, problem } = understandRecord(reader, record, context, records - 1)
        if (problem === null) {
          if (examples.length === 0) passed++
          for (const example of examples) {
            check.add(example)
            if (rows.length < shownRows) rows.push(asExample(example, rows.length + 1))
          }
          made += examples.length
        } else {
          bad++
          if (problems.length < shownRows)
            problems.push({ file: file.name, line: record.line, ...problem, text: record.text })
        }
      }
      if (records >= lookedRows) {
        complete = false
        break
      }
    }
  } catch (thrown) {
    const finding = findingOf(thrown, reading)
    if (finding === null) throw thrown
    return { rows, problems, estimated: null, findings: [finding] }
  }
  const total = fileBytes(file.path)
  const estimate = read.bytes > 0 && !complete ? Math.round((records * total) / Math.min(read.bytes, total)) : records
  const of = complete ? `all ${records.toLocaleString('en')} rows` : `the first ${records.toLocaleString('en')} rows`
  const findings = check.findings(mapping, of)
  if (records - blank === 0) findings.unshift(stop('no-rows', `${file.name} holds no rows below its column names.`))
  if (bad > 0) findings.unshift(badLines(bad, of, complete, problems))
  if (ragged > 0)
    findings.push(
      note(
        'ragged-rows',
        `${counted(ragged, 'row has', 'rows have')} fewer or more cells than there are columns (${of}). Cells that are missing count as empty; rows with text beyond the last column are set aside.`
      )
    )
  if (blank > 0)
    findings.push(note('blank-rows', `${counted(blank, 'row is', 'rows are')} empty and passed over (${of}).`))
  if (passed > 0)
    findings.push(
      note(
        'rows-passed',
        `No template is for ${counted(passed, 'row', 'rows')} (${of}); they are passed over, as PromptSource does.`
      )
    )
  // With templates a row is as many examples as templates are for it.
  const perRecord = mapping?.templates ? made / Math.max(1, records - blank) : 1
  return { rows, problems, findings, estimated: Math.round(Math.max(records - blank, estimate) * perRecord) }
}

function asExample(example: NewExample, id: number): Example {
  return {
    id,
    input: example.input,
    outputs: [...example.outputs],
    task: example.task,
    template: example.template ?? '',
    group: example.group ?? ungrouped,
    sourceId: example.sourceId ?? '',
    sourceItem: id,
    choices: example.choices ? [...example.choices] : null
  }
}
