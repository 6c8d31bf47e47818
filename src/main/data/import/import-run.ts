import { dirname } from 'node:path'
import type { ColumnMapping, RejectedLine } from '../../contract/import.ts'
import { LabError } from '../../contract/error.ts'
import type { JobInput } from '../../contract/jobs.ts'
import { DatasetWriter, type NewExample } from '../dataset-writer.ts'
import { isAnswered } from '../templates/prompt-templates.ts'
import { type ByteCount, type DataFile, fileBytes } from './data-file.ts'
import { detectFormat } from './detect.ts'
import { formats } from './formats.ts'
import { guessMapping, onlyQuestions, type Sample, settleAnswer, textColumns, withOwnLabels } from './guess-mapping.ts'
import { mappedColumns } from './mapped-columns.ts'
import type { RawRecord } from './raw-record.ts'
import { parquetColumns } from './read-parquet.ts'
import { recountOf } from './recount.ts'
import { checkRoom } from './room.ts'
import { counted, RowCheck } from './row-check.ts'
import { sampleOf } from './sample.ts'
import { placeOfFile, splitOfFile } from './task-name.ts'
import { understandRecord } from './understand-record.ts'

/** How an import tells what it does. */
export interface ImportHooks {
  report(progress: { phase: string; done: number; total: number | null; unit: string; fraction: number | null }): void
  log(text: string, level?: 'info' | 'warn'): void
  /** Awaited at safe points; throws when the import was cancelled. */
  paused(): Promise<void>
}

/** Shares of the whole job's time, for progress. */
export const readingShare = 0.22
const rejectedInMessage = 5

/** The reading half of an import: files in, examples and rejected lines out. */
export class ImportRun {
  readonly firstRejected: RejectedLine[] = []
  /** Whether any row has a right answer. */
  labelled = false
  readonly #input: JobInput<'import-dataset'>
  readonly #writer: DatasetWriter
  readonly #groups: ReadonlyMap<string, string>
  readonly #hooks: ImportHooks
  readonly #totalBytes: number
  /** Targets are small, and what is odd about their answers spoils every score. */
  readonly #check: RowCheck | null
  #bytesBefore = 0
  #files = 0

  constructor(
    input: JobInput<'import-dataset'>,
    writer: DatasetWriter,
    groups: ReadonlyMap<string, string>,
    hooks: ImportHooks
  ) {
    this.#input = input
    this.#writer = writer
    this.#groups = groups
    this.#hooks = hooks
    this.#check = input.kind === 'target' ? new RowCheck() : null
    this.#totalBytes = input.files.length === 1 ? sizeOrZero(input.files[0]!) : 0
  }

  async readFile(found: DataFile): Promise<void> {
    this.#files++
    const { reading } = this.#input
    const file = reading.encoding === undefined ? found : { ...found, encoding: reading.encoding }
    const format = this.#input.format ?? (await detectFormat(file))
    const reader = formats[format]
    const mapping = await this.#mapping(file, format)
    const context = { ...placeOfFile(file.place ?? file.name), split: splitOfFile(file.name), mapping }
    const recount = await recountOf(file, format, reading)
    const read: ByteCount = { bytes: 0, ...(recount ? { watch: (chunk: Buffer) => recount.push(chunk) } : {}) }
    const before = { aside: this.#writer.rejectedCount }
    let batches = 0
    let records = 0
    let blank = 0
    let readRecords = 0
    // No template is for them.
    let passed = 0
    for await (const batch of reader.read(file, read, mapping, reading)) {
      for (const record of batch) {
        records++
        if (record.blank) {
          blank++
          continue
        }
        const understood = understandRecord(reader, record, context, records - 1)
        if (understood.problem) this.#reject(file, record, understood.problem)
        else if (understood.examples.length === 0) passed++
        else {
          readRecords++
          for (const example of understood.examples) this.#add(example)
        }
      }
      this.#report(read.bytes)
      if (++batches % 16 === 0) checkRoom(dirname(this.#writer.path), `${this.#writer.path}.partial`)
      await this.#hooks.paused()
    }
    this.#bytesBefore += read.bytes
    const aside = this.#writer.rejectedCount - before.aside
    const counts = { read: readRecords, aside, blank: blank + passed }
    const own = format === 'parquet' ? (await parquetColumns(file)).rows : (recount?.records() ?? null)
    checkCounts(file, own === null ? null : own - (read.passed ?? 0), records, counts)
    this.#hooks.log(
      `${file.name}: ${reader.title}, ${counted(records, 'record', 'records')}: ${counts.read} read, ` +
        `${counts.aside} set aside${blank > 0 ? `, ${blank} empty` : ''}${passed > 0 ? `, ${passed} that no template is for` : ''}. ${this.#writer.count} examples so far.`
    )
  }

  /** Says what a look at all answers has shown. */
  tellOddities(): void {
    const all = `all ${this.#writer.count.toLocaleString('en')} rows`
    for (const { message } of this.#check?.findings(null, all) ?? []) this.#hooks.log(message, 'warn')
  }

  nothingFound(): LabError {
    const rejected = this.firstRejected[0]
    const why =
      this.#files === 0
        ? 'No data files were found. Readable are .json, .jsonl, .csv, .tsv, .xlsx and .parquet, also packed with gzip or zstd. Save other tables and documents, such as .ods or .docx, as .xlsx, CSV or plain text.'
        : rejected
          ? `The first of ${this.#writer.rejectedCount} bad lines: ${describe(rejected)}.`
          : 'The files hold no examples.'
    return new LabError('no-examples', `Nothing was imported. ${why}`, { details: { rejected: this.firstRejected } })
  }

  async #mapping(file: DataFile, format: keyof typeof formats) {
    const fixed = formats[format].mapping
    if (fixed !== 'asked') return fixed
    const sample = await sampleOf(file, format, this.#input.reading)
    const { columns, rows } = sample
    const labels = { ...this.#input.labels, ...sample.labels }
    if (this.#input.mapping) {
      if (this.#input.mapping.input === null && !this.#input.mapping.templates) throw noInput(file, columns)
      const missing = mappedColumns(this.#input.mapping, columns).filter((column) => !columns.includes(column))
      // JSON objects may leave a member out; the columns of a table are all in its head.
      if (missing.length > 0 && format !== 'json' && format !== 'jsonl') throw noColumn(file, missing, columns)
      return this.#withoutAnswers(withOwnLabels(settleAnswer(this.#input.mapping, rows), labels), file)
    }
    const guess = guessMapping({ ...sample, labels })
    if (guess.mapping) {
      this.#tellLeftOut(file, guess.mapping, sample, guess.leaves)
      return guess.mapping
    }
    const questions = onlyQuestions(columns, this.#input.kind)
    if (questions) return questions
    throw noInput(file, columns)
  }

  #withoutAnswers(mapping: ColumnMapping, file: DataFile): ColumnMapping {
    const answered = mapping.templates ? isAnswered(mapping.templates) : mapping.output !== null
    if (answered || this.#input.kind === 'target') return mapping
    throw new LabError(
      'mapping-needed',
      `${file.name}: upstream data is tuned on, so it needs answers. Say which column holds them, or import it as a target task.`,
      { details: { file: file.name } }
    )
  }

  #tellLeftOut(file: DataFile, mapping: ColumnMapping, { rows, columns }: Sample, leaves: readonly string[]): void {
    const taken = mappedColumns(mapping, columns)
    const left = textColumns(rows, columns).filter((column) => !taken.includes(column) && !leaves.includes(column))
    if (left.length > 0)
      this.#hooks.log(
        `${file.name}: texts of the columns ${left.join(', ')} are not used by the guessed mapping.`,
        'warn'
      )
  }

  #add(example: NewExample): void {
    const group = this.#groups.get(example.task)
    if (group !== undefined) example.group = group
    if (example.outputs.length > 0) this.labelled = true
    this.#check?.add(example)
    this.#writer.add(example)
  }

  #reject(file: DataFile, record: RawRecord, problem: { field: string; expected: string }): void {
    const line = { file: file.name, line: record.line, ...problem, text: record.text }
    this.#writer.reject(line)
    if (this.firstRejected.length < 100) this.firstRejected.push(line)
    if (this.#writer.rejectedCount <= this.#input.skipLimit) return
    const shown = this.firstRejected.slice(0, rejectedInMessage).map(describe).join('; ')
    const limit = this.#input.skipLimit
    throw new LabError(
      'too-many-bad-lines',
      limit === 0
        ? `A line could not be read: ${shown}. Correct the file, or allow some bad lines to be skipped.`
        : `More than ${limit} lines could not be read. The first: ${shown}. Correct the file, or allow more.`,
      { details: { rejected: this.firstRejected, skipLimit: limit } }
    )
  }

  #report(bytes: number): void {
    const share = this.#totalBytes > 0 ? Math.min(1, (this.#bytesBefore + bytes) / this.#totalBytes) : null
    const fraction = share === null ? null : readingShare * share
    this.#hooks.report({ phase: 'reading', done: this.#writer.count, total: null, unit: 'examples', fraction })
  }
}

/**
 * Every record of a file was read, set aside or empty.
 * @param told how many the file itself says that it has, or how many were counted apart from reading them; null: neither tells
 */
function checkCounts(
  file: DataFile,
  told: number | null,
  records: number,
  { read, aside, blank }: { read: number; aside: number; blank: number }
): void {
  const own = told ?? records
  if (read + aside + blank === records && own === records) return
  throw new LabError(
    'records-lost',
    `${file.name} has ${own} records, but ${read} were read and ${aside} set aside. Nothing was imported; this is a fault of the lab: please report it.`,
    { details: { file: file.name, own, records, read, aside, blank } }
  )
}

function noColumn(file: DataFile, missing: readonly string[], columns: readonly string[]): LabError {
  return new LabError(
    'no-such-column',
    `${file.name} has no column ${missing.map((name) => `"${name}"`).join(', ')}. Its columns are: ${columns.join(', ')}.`,
    { details: { file: file.name, missing, columns } }
  )
}

function noInput(file: DataFile, columns: readonly string[]): LabError {
  return new LabError(
    'mapping-needed',
    `${file.name} has the columns ${columns.slice(0, 20).join(', ') || '(none)'}; which is the input and which the ` +
      `output? Choose them in the import step, or name them on the command line with --input and --output.`,
    { details: { file: file.name, columns } }
  )
}

function describe(line: RejectedLine): string {
  return `${line.file}, line ${line.line}, ${line.field}: expected ${line.expected}`
}

function sizeOrZero(path: string): number {
  try {
    return fileBytes(path)
  } catch {
    return 0
  }
}
