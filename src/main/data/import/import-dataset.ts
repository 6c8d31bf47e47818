import { dirname, join } from 'node:path'
import type { ColumnMapping, ImportFormat, RejectedLine } from '../../contract/data.ts'
import { LabError } from '../../contract/error.ts'
import type { JobInput, JobOutput } from '../../contract/jobs.ts'
import { removeInsideNow } from '../../files/remove.ts'
import { isAnswered } from '../templates/prompt-templates.ts'
import { DatasetWriter, type NewExample } from '../dataset-writer.ts'
import { fileBytes, type DataFile } from './data-file.ts'
import { detectFormat, holdsQuerySets } from './detect.ts'
import { formats } from './formats.ts'
import { guessMapping, onlyQuestions, settleAnswer, textColumns, withOwnLabels, type Sample } from './guess-mapping.ts'
import { leaveOutQueries } from './leave-out-queries.ts'
import { mappedColumns } from './mapped-columns.ts'
import { parquetColumns } from './read-parquet.ts'
import { readQuerySets, type ImportedQuerySet } from './query-sets.ts'
import type { RawRecord } from './raw-record.ts'
import { checkRoom } from './room.ts'
import { counted, RowCheck } from './row-check.ts'
import { sampleOf } from './sample.ts'
import { readTaskGroups } from './task-groups.ts'
import { placeOfFile, splitOfFile } from './task-name.ts'
import { understandRecord } from './understand-record.ts'
import { dataFiles } from './unpack.ts'

export interface ImportHooks {
  report(progress: { phase: string; done: number; total: number | null; unit: string; fraction: number | null }): void
  log(text: string, level?: 'info' | 'warn'): void
  /** Awaited at safe points; throws when the import was cancelled. */
  paused(): Promise<void>
}

/** Shares of the whole job's time, for progress. */
const readingShare = 0.55
const sourceItemsShare = 0.15
const rejectedInMessage = 5

/**
 * Imports files into one sealed dataset at `<folder>/examples.db`. Bounded memory; a killed import leaves no dataset.
 * Throws too-many-bad-lines where more lines than `skipLimit` are bad, with the first of them in details.
 */
export async function importDataset(
  input: JobInput<'import-dataset'>,
  folder: string,
  hooks: ImportHooks
): Promise<JobOutput<'import-dataset'>> {
  const querySets: ImportedQuerySet[] = input.querySetsFile ? await readQuerySets(input.querySetsFile) : []
  const groups = input.groupsFile ? readTaskGroups(input.groupsFile) : new Map<string, string>()
  const writer = new DatasetWriter(join(folder, 'examples.db'), { name: input.name, kind: input.kind })
  const run = new ImportRun(input, writer, groups, hooks)
  try {
    const scratch = join(folder, 'unpacked')
    const room = () => checkRoom(folder, `${writer.path}.partial`)
    // What was downloaded together holds the query sets of a target beside its test examples.
    const given = input.root === null ? input.files : []
    for await (const file of dataFiles(input.files, scratch, room, input.root))
      if (given.includes(file.path) || !(await holdsQuerySets(file))) await run.readFile(file)
      else if (input.kind === 'target' && input.querySetsFile === null) {
        querySets.push(...(await readQuerySets(file.path)))
        hooks.log(`${file.name}: query sets of the target.`)
      } else hooks.log(`${file.name}: query sets, which were passed over.`)
    removeInsideNow(folder, scratch)
    if (writer.count === 0) throw run.nothingFound()
    hooks.log(`Read ${writer.count} examples, set ${writer.rejectedCount} lines aside.`)
    run.tellOddities()
    const steps = writer.sealInSteps()
    for (;;) {
      const step = steps.next()
      if (step.done) {
        const { sourceItems, duplicates } = step.value
        hooks.log(
          `${sourceItems} source items: rows of one item are prompts of the same text. ${duplicates} duplicates.`
        )
        const { labelled, firstRejected } = run
        if (input.kind !== 'target' || input.sampleQueries === null || querySets.length > 0)
          return { ...step.value, querySets, firstRejected, labelled }
        const { size } = input.sampleQueries
        const { summary, sets, leftOut } = leaveOutQueries(writer.path, input.name, input.sampleQueries)
        hooks.log(
          `Drew ${sets.length} query sets of ${size}. They and their variants, ${leftOut} rows, are left out of the test: ${summary.examples} remain.`
        )
        const drawn = sets.map((queries, round) => ({ size, round, queries }))
        return { ...summary, querySets: drawn, firstRejected, labelled }
      }
      const { phase, done, total } = step.value
      const share = done / Math.max(1, total)
      const fraction =
        phase === 'source items'
          ? readingShare + sourceItemsShare * share
          : phase === 'full text'
            ? readingShare + sourceItemsShare + (0.99 - readingShare - sourceItemsShare) * share
            : 0.99
      hooks.report({ phase, done, total, unit: 'examples', fraction })
      await hooks.paused()
      checkRoom(folder, `${writer.path}.partial`)
    }
  } catch (thrown) {
    writer.discard()
    throw thrown
  }
}

/** The reading half of an import: files in, examples and rejected lines out. */
class ImportRun {
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
    const read = { bytes: 0 }
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
    await checkCounts(file, format, records, counts)
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
        ? 'No data files were found. Readable are .json, .jsonl, .csv, .tsv, .xlsx and .parquet, also packed with gzip or zstd.'
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
    throw new LabError(
      'mapping-needed',
      `${file.name} has the columns ${columns.slice(0, 20).join(', ') || '(none)'}; which is the input and which the ` +
        `output? Choose them in the import step, or name them on the command line with --input and --output.`,
      { details: { file: file.name, columns } }
    )
  }

  #withoutAnswers(mapping: ColumnMapping, file: DataFile): ColumnMapping {
    const answered = mapping.templates ? isAnswered(mapping.templates) : mapping.output !== ''
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

/** Every record of a file was read, set aside or empty; a file that says how many it has must have had so many. */
async function checkCounts(
  file: DataFile,
  format: ImportFormat,
  records: number,
  { read, aside, blank }: { read: number; aside: number; blank: number }
): Promise<void> {
  const own = format === 'parquet' ? (await parquetColumns(file)).rows : records
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
