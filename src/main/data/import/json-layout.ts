import { LabError } from '../../contract/error.ts'
import type { Reading } from '../../contract/import.ts'
import { type ByteCount, readText, type DataFile } from './data-file.ts'
import { isObject } from './column-path.ts'
import { openArray, openObject } from './json-bytes.ts'
import { isHead } from './known-names.ts'
import { jsonRecord, maxRecordBytes, type Piece, type RawRecord, type RecordBatches } from './raw-record.ts'
import { JsonSplitter } from './split-json.ts'

/** How a JSON file holds its records. */
export type JsonLayout =
  /** A list of records. */
  | { kind: 'list' }
  /** An object with one or more lists of records, by name. */
  | { kind: 'members'; parts: { name: string; records: number }[] }
  /** An object with one list a column, or one object from row to value a column (as pandas writes). */
  | { kind: 'columns' }
  /** `columns` and `data` (pandas, orient="split"). */
  | { kind: 'split' }
  /** An object from key to record (pandas, orient="index"). */
  | { kind: 'keyed' }
  /** The object is one record itself. */
  | { kind: 'record' }

interface Member {
  list: boolean
  count: number
  objects: number
  arrays: number
  /** Of an object: its first key, and whether its values are objects or lists. */
  firstKey: string | null
  nested: boolean
}

/** So much of a file tells its layout; a list that begins later is found when it is read. */
const lookedBytes = 64 << 20
/** Columns are kept in memory until all are there. */
const largestColumns = 512 << 20

export async function jsonLayout(file: DataFile): Promise<JsonLayout> {
  const splitter = new JsonSplitter(file.name)
  const members = new Map<string, Member>()
  let bytes = 0
  for await (const chunk of readText(file)) {
    for (const piece of splitter.push(chunk)) {
      if (piece.key === null || piece.key === undefined) return { kind: 'list' }
      note(members, piece.key, piece)
    }
    bytes += chunk.length
    if (bytes > lookedBytes) break
  }
  return layoutOf(members)
}

function note(members: Map<string, Member>, key: string, piece: Piece): void {
  const fresh: Member = { list: piece.whole !== true, count: 0, objects: 0, arrays: 0, firstKey: null, nested: false }
  const member = members.get(key) ?? fresh
  members.set(key, member)
  member.count++
  const first = piece.bytes[0]
  if (first === openObject) member.objects++
  if (first === openArray) member.arrays++
  if (piece.whole && first === openObject) {
    const [, firstKey, next] =
      /^\{\s*"((?:[^"\\]|\\.)*)"\s*:\s*(.)/s.exec(piece.bytes.subarray(0, 4096).toString('utf8')) ?? []
    member.firstKey = firstKey ?? null
    member.nested = next === '{' || next === '['
  }
}

function layoutOf(members: ReadonlyMap<string, Member>): JsonLayout {
  const all = [...members.values()]
  const names = [...members.keys()]
  if (names.includes('columns') && members.get('data')?.list && members.get('data')!.arrays > 0)
    return { kind: 'split' }
  const lists = all.filter(({ list }) => list)
  // Where they differ in length, that is said when they are read.
  if (
    lists.length === all.length &&
    lists.length >= 2 &&
    lists.some((member) => member.objects === 0 && member.count > 0)
  ) {
    const even = lists.every((member) => member.count === lists[0]!.count)
    if (even || lists.every((member) => member.objects === 0)) return { kind: 'columns' }
  }
  const objects = all.filter(({ list, firstKey }) => !list && firstKey !== null)
  if (objects.length === all.length && all.length >= 1) {
    if (all.length >= 2 && objects.every(({ firstKey }) => /^\d+$/.test(firstKey!))) return { kind: 'columns' }
    // An index of names: the outer names are those of columns.
    if (all.length >= 2 && isHead(names) && !objects.some(({ nested }) => nested)) return { kind: 'columns' }
    if (all.length >= 2 && objects.every(({ firstKey }) => firstKey === objects[0]!.firstKey)) return { kind: 'keyed' }
  }
  const parts = [...members]
    .filter(([, member]) => member.list && member.objects > 0)
    .map(([name, { count }]) => ({ name, records: count }))
  return parts.length === 0 && all.length > 0 ? { kind: 'record' } : { kind: 'members', parts }
}

/** The lists to choose from; none where there is nothing to choose. */
export function partsOf(layout: JsonLayout): string[] {
  return layout.kind === 'members' && layout.parts.length > 1 ? layout.parts.map(({ name }) => name) : []
}

/**
 * Records of a JSON file, whatever its layout. Throws part-needed where it holds several lists of records and none was
 * chosen, part-missing where the chosen one is not there.
 */
export async function* readRecords(file: DataFile, reading: Reading, read: ByteCount): RecordBatches {
  const layout = await jsonLayout(file)
  if (layout.kind === 'list') yield* pieces(file, read, () => true)
  else if (layout.kind === 'keyed') yield* pieces(file, read, () => true, withKey)
  else if (layout.kind === 'record') yield* readOne(file, read)
  else if (layout.kind === 'members') yield* readMembers(file, layout, reading, read)
  else yield* readColumns(file, layout.kind, read)
}

async function* readMembers(
  file: DataFile,
  layout: Extract<JsonLayout, { kind: 'members' }>,
  { part }: Reading,
  read: ByteCount
): RecordBatches {
  const names = layout.parts.map(({ name }) => name)
  if (part === undefined && names.length > 1) throw partNeeded(file, layout.parts)
  if (part !== undefined && part !== '*' && !names.includes(part))
    throw new LabError(
      'part-missing',
      `${file.name} has no list of records called "${part}". It has: ${names.join(', ') || 'none'}.`,
      { details: { file: file.name, parts: names } }
    )
  const wanted = part ?? names[0]
  const takes = (key: string): boolean => (part === '*' ? true : key === wanted)
  const late = (piece: Piece): void => {
    if (part === undefined && piece.bytes[0] === openObject && piece.key !== wanted)
      throw partNeeded(file, [...layout.parts, { name: piece.key!, records: 1 }])
  }
  yield* pieces(file, read, (piece) => {
    if (piece.whole === true) return false
    if (takes(piece.key!)) return piece.bytes[0] === openObject || piece.key === wanted
    late(piece)
    return false
  })
}

function partNeeded(file: DataFile, parts: readonly { name: string; records: number }[]): LabError {
  const list = parts.map(({ name, records }) => `${name} (${records.toLocaleString('en')} records)`).join(', ')
  return new LabError(
    'part-needed',
    `${file.name} holds several lists of records: ${list}. Say which to read (in the check step, or --part ${parts[0]!.name}); ` +
      `--part "*" takes all of them together.`,
    { details: { file: file.name, parts: parts.map(({ name }) => name) } }
  )
}

async function* pieces(
  file: DataFile,
  read: ByteCount,
  takes: (piece: Piece) => boolean,
  turn: (record: RawRecord, key: string | null) => RawRecord = (record) => record
): RecordBatches {
  const splitter = new JsonSplitter(file.name)
  const records = (found: Piece[]): RawRecord[] =>
    found.filter(takes).flatMap((piece) => {
      const made = questionsOf(turn(jsonRecord(piece), piece.key ?? null))
      read.passed = (read.passed ?? 0) + 1 - made.length
      return made
    })
  for await (const chunk of readText(file, read)) yield records(splitter.push(chunk))
  yield records(splitter.end())
}

/** A record that stands under its own name: the name is its id, unless it has one. */
function withKey(record: RawRecord, key: string | null): RawRecord {
  return isObject(record.value) && key !== null ? { ...record, value: { id: key, ...record.value } } : record
}

/** An article of SQuAD's own files holds paragraphs, and each of these its questions: one record a question. */
function questionsOf(record: RawRecord): RawRecord[] {
  if (!isObject(record.value) || !Array.isArray(record.value['paragraphs'])) return [record]
  const { paragraphs, ...article } = record.value
  const rows: RawRecord[] = []
  for (const paragraph of paragraphs as unknown[]) {
    if (!isObject(paragraph) || !Array.isArray(paragraph['qas'])) return [record]
    const { qas, ...about } = paragraph
    for (const question of qas as unknown[])
      rows.push({ ...record, value: { ...article, ...about, ...(isObject(question) ? question : {}) } })
  }
  return rows
}

/** A file that is one record, over as many lines as it likes. */
async function* readOne(file: DataFile, read: ByteCount): RecordBatches {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of readText(file, read)) {
    length += chunk.length
    // What is beyond the largest record is not needed to say that it is too long.
    if (length <= 2 * maxRecordBytes) chunks.push(chunk)
  }
  const splitter = new JsonSplitter(file.name, 'values')
  const bytes = Buffer.concat(chunks)
  yield (
    length > maxRecordBytes ? [{ line: 1, bytes: bytes.subarray(0, 1024), tooLong: true }] : splitter.push(bytes)
  ).map(jsonRecord)
}

async function* readColumns(file: DataFile, kind: 'columns' | 'split', read: ByteCount): RecordBatches {
  const columns = new Map<string, unknown[]>()
  const keys = new Map<string, string[]>()
  const splitter = new JsonSplitter(file.name)
  let bytes = 0
  for await (const chunk of readText(file, read)) {
    bytes += chunk.length
    if (bytes > largestColumns)
      throw new LabError(
        'json-columns-large',
        `${file.name} lists its values by column and is larger than ${largestColumns >> 20} MB. Save it as JSON lines ` +
          `(pandas: to_json(orient="records", lines=True)).`,
        { details: { file: file.name } }
      )
    for (const piece of splitter.push(chunk)) {
      const { value, problem } = jsonRecord(piece)
      if (problem)
        throw new LabError('json-columns', `${file.name}, line ${piece.line}: expected ${problem.expected}.`, {
          details: { file: file.name, line: piece.line }
        })
      const column = columns.get(piece.key!) ?? []
      columns.set(piece.key!, column)
      if (piece.whole && isObject(value)) {
        column.push(...Object.values(value))
        keys.set(piece.key!, Object.keys(value))
      } else column.push(value)
    }
  }
  splitter.end()
  const rows = kind === 'split' ? splitRows(columns) : columnRows(columns, keys, file)
  for (let from = 0; from < rows.length; from += 1000)
    yield rows.slice(from, from + 1000).map((value, n) => ({
      line: from + n + 1,
      value: value instanceof UnevenRow ? undefined : value,
      text: JSON.stringify(value instanceof UnevenRow ? value.row : value).slice(0, 500),
      problem: value instanceof UnevenRow ? { field: 'record', expected: value.expected } : null
    }))
}

/** A row of `data` that has not one value for each column. */
class UnevenRow {
  readonly row: unknown
  readonly expected: string

  constructor(row: unknown, columns: number) {
    this.row = row
    this.expected = `a list of ${columns} values, one for each column; found ${Array.isArray(row) ? `${row.length}` : 'none'}`
  }
}

/** Rows by the place of their values, or, where the columns are objects, by their keys. */
function columnRows(
  columns: ReadonlyMap<string, unknown[]>,
  keys: ReadonlyMap<string, string[]>,
  file: DataFile
): Record<string, unknown>[] {
  const lengths = new Set([...columns.values()].map((column) => column.length))
  if (lengths.size > 1)
    throw new LabError(
      'json-columns',
      `${file.name} lists its values by column, but the columns differ in length: ` +
        `${[...columns].map(([name, column]) => `${name} has ${column.length}`).join(', ')}. Get the file again.`,
      { details: { file: file.name } }
    )
  const names = [...columns.keys()]
  const index = keys.get(names[0] ?? '') ?? []
  const places = new Map([...keys].map(([name, own]) => [name, new Map(own.map((key, n) => [key, n]))]))
  for (const [name, own] of places) {
    const missing = index.find((key) => !own.has(key))
    if (missing !== undefined)
      throw new LabError(
        'json-columns',
        `${file.name} lists its values by column, but the row "${missing}" of ${names[0]} is none of ${name}. Get the file again.`,
        { details: { file: file.name } }
      )
  }
  // Rows that are called something are known by it.
  const named = !names.includes('id') && index.some((key) => !/^\d+$/.test(key))
  return Array.from({ length: [...lengths][0] ?? 0 }, (_, n) => ({
    ...(named ? { id: index[n] } : {}),
    ...Object.fromEntries(names.map((name) => [name, columns.get(name)![places.get(name)?.get(index[n]!) ?? n]]))
  }))
}

function splitRows(columns: ReadonlyMap<string, unknown[]>): (Record<string, unknown> | UnevenRow)[] {
  const names = (columns.get('columns') ?? []).map(String)
  return (columns.get('data') ?? []).map((row) =>
    Array.isArray(row) && row.length === names.length
      ? Object.fromEntries(names.map((name, n) => [name, row[n] as unknown]))
      : new UnevenRow(row, names.length)
  )
}
