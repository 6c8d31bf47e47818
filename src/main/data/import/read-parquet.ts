import { parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet'
import type { AsyncBuffer, FileMetaData } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { z } from 'zod'
import type { ColumnMapping } from '../../contract/import.ts'
import { LabError, messageOf } from '../../contract/error.ts'
import type { DataFile } from './data-file.ts'
import { mappedColumns } from './mapped-columns.ts'
import { cellOf, momentText, withoutTimesAndDecimals } from './parquet-cells.ts'
import type { RecordBatches } from './raw-record.ts'

const shownCharacters = 500
/** Rows are read in windows of about this many bytes, so that a file with one huge row group needs little memory. */
const windowBytes = 24 << 20

/** Words for the label numbers of a column. */
export type LabelWordsOfColumns = Record<string, Record<string, string>>

/** Names of the top-level columns, how many rows there are, and the label names that Hugging Face's files bring along. */
export async function parquetColumns(
  file: DataFile
): Promise<{ columns: string[]; rows: number; labels: LabelWordsOfColumns }> {
  return withParquet(file, (_, metadata) =>
    Promise.resolve({
      columns: parquetSchema(metadata).children.map((child) => child.element.name),
      rows: Number(metadata.num_rows),
      labels: classLabels(metadata)
    })
  )
}

/** Rows as objects of the columns that a mapping reads (all where null); `line` is the row number from 1. */
export async function* readParquet(
  file: DataFile,
  mapping: ColumnMapping | null,
  read: { bytes: number }
): RecordBatches {
  const opened = openParquet(file)
  try {
    const metadata = await readMetadata(file, opened.buffer)
    const schema = parquetSchema(metadata).children
    const all = schema.map((child) => child.element.name)
    const columns = mapping === null ? null : mappedColumns(mapping, all).filter((column) => all.includes(column))
    const plain = withoutTimesAndDecimals(metadata)
    const cells = schema.flatMap((child) => {
      const cell = cellOf(child)
      const { name } = child.element
      return cell === null || columns?.includes(name) === false ? [] : [{ name, cell }]
    })
    const total = Number(metadata.num_rows)
    const there = file.pieces?.rows ?? total
    let start = 0
    for (const group of metadata.row_groups) {
      if (start >= there) break
      const groupRows = Number(group.num_rows)
      const groupBytes = Number(group.total_byte_size)
      const windows = Math.max(1, Math.ceil(groupBytes / windowBytes))
      const step = Math.max(1, Math.ceil(groupRows / windows))
      for (let from = start; from < start + groupRows; from += step) {
        const to = Math.min(from + step, start + groupRows)
        const rows = await readRows({ file, buffer: opened.buffer, metadata: plain }, columns, from, to)
        read.bytes = Math.round((opened.buffer.byteLength * to) / Math.max(1, total))
        for (const row of rows) for (const { name, cell } of cells) row[name] = cell(row[name])
        yield rows.map((row, n) => ({ line: from + n + 1, value: row, text: shownRow(row), problem: null }))
      }
      start += groupRows
    }
  } finally {
    opened.close()
  }
}

const featuresSchema = z.object({
  info: z.object({ features: z.record(z.string(), z.object({ names: z.array(z.string()).optional() }).loose()) })
})

/** ClassLabel names, as `datasets` keeps them in the file. */
function classLabels(metadata: FileMetaData): LabelWordsOfColumns {
  const text = metadata.key_value_metadata?.find(({ key }) => key === 'huggingface')?.value
  if (text === undefined) return {}
  try {
    const { info } = featuresSchema.parse(JSON.parse(text))
    return Object.fromEntries(
      Object.entries(info.features).flatMap(([column, { names }]) =>
        names ? [[column, Object.fromEntries(names.map((name, n) => [String(n), name]))]] : []
      )
    )
  } catch {
    // Another program's note under the same name.
    return {}
  }
}

async function readRows(
  { file, buffer, metadata }: { file: DataFile; buffer: AsyncBuffer; metadata: FileMetaData },
  columns: readonly string[] | null,
  rowStart: number,
  rowEnd: number
): Promise<Record<string, unknown>[]> {
  try {
    return await parquetReadObjects({
      file: buffer,
      metadata,
      compressors,
      rowStart,
      rowEnd,
      useOffsetIndex: file.pieces === undefined,
      // Bytes without a name are read here, and times of 96 bits have no type that could be hidden.
      utf8: false,
      parsers: { timestampFromNanoseconds: (nanoseconds: bigint) => momentText(nanoseconds, 9, false) },
      ...(columns ? { columns: [...columns] } : {})
    })
  } catch (thrown) {
    throw damaged(file, thrown)
  }
}

async function withParquet<T>(
  file: DataFile,
  work: (buffer: AsyncBuffer, metadata: FileMetaData) => Promise<T>
): Promise<T> {
  const opened = openParquet(file)
  try {
    return await work(opened.buffer, await readMetadata(file, opened.buffer))
  } finally {
    opened.close()
  }
}

async function readMetadata(file: DataFile, buffer: AsyncBuffer): Promise<FileMetaData> {
  try {
    return await parquetMetadataAsync(buffer)
  } catch (thrown) {
    throw damaged(file, thrown)
  }
}

function openParquet(file: DataFile): { buffer: AsyncBuffer; close: () => void } {
  const handle = openSync(file.path, 'r')
  const byteLength = file.pieces?.size ?? fstatSync(handle).size
  const slice = (start: number, end = byteLength): Promise<ArrayBuffer> => {
    const length = Math.max(0, Math.min(end, byteLength) - start)
    const bytes = new Uint8Array(length)
    const place = placeOf(file, start, length)
    let done = 0
    while (done < length) {
      const count = readSync(handle, bytes, done, length - done, place + done)
      if (count === 0) break
      done += count
    }
    return Promise.resolve(bytes.buffer)
  }
  return { buffer: { byteLength, slice }, close: () => closeSync(handle) }
}

/** Where bytes of the whole file lie in what is there of it. */
function placeOf({ pieces, name }: DataFile, start: number, length: number): number {
  if (pieces === undefined) return start
  const piece = pieces.pieces.find(({ from, length: all }) => start >= from && start + length <= from + all)
  if (piece === undefined) throw new Error(`bytes ${start} to ${start + length} of ${name} were not fetched`)
  return piece.at + start - piece.from
}

function damaged(file: DataFile, thrown: unknown): LabError {
  return new LabError(
    'file-damaged',
    `The Parquet file ${file.name} is damaged or uses something this lab cannot read (${messageOf(thrown)}). ` +
      `Get the file again, or convert it to JSON lines.`,
    { cause: thrown, details: { file: file.name } }
  )
}

function shownRow(row: Record<string, unknown>): string {
  return JSON.stringify(row, (_, value: unknown) =>
    typeof value === 'bigint'
      ? String(value)
      : value instanceof Uint8Array
        ? `(${value.length} bytes)`
        : typeof value === 'string' && value.length > shownCharacters
          ? `${value.slice(0, shownCharacters)}…`
          : value
  ).slice(0, shownCharacters)
}
