/**
 * Counts a file's records once more, in another way than they are read. What was read, set aside and empty must come to the same number:
 * otherwise nothing is imported.
 */
import type { ImportFormat, Reading } from '../../contract/import.ts'
import { type DataFile, headOf } from './data-file.ts'
import { startsWithRow } from './formats.ts'
import { JsonCount } from './json-count.ts'
import { jsonLayout, type JsonLayout } from './json-layout.ts'
import { LineCount } from './line-count.ts'
import { SheetCount } from './sheet-count.ts'
import { dialectOf } from './table-dialect.ts'
import { TableCount } from './table-count.ts'

interface Recount {
  /** Is shown everything that the reader reads: text as UTF-8, of a workbook the chosen sheet. */
  push(chunk: Buffer): void
  records(): number
}

/** @returns null for Parquet files and data sets of other labs, which say themselves how many rows they have */
export async function recountOf(file: DataFile, format: ImportFormat, reading: Reading): Promise<Recount | null> {
  switch (format) {
    case 'jsonl':
    case 'recross-jsonl':
    case 'text':
      return new LineCount({ ends: [newline, carriageReturn], nothing: [0x20, 0x09], before: 0 })
    case 'csv':
    case 'tsv':
      return tableCount(file, reading, format === 'tsv' ? '\t' : undefined)
    case 'json':
      return jsonCount(inLayout(await jsonLayout(file), reading))
    case 'natural-instructions':
      return jsonCount((count) => count.sum(pieces, 'Instances'))
    case 'line-array': {
      const rows = startsWithRow(await headOf(file, 4096))
      return jsonCount((count) => (rows ? count.values : count.elements + count.sum(({ elements }) => elements)))
    }
    case 'xlsx':
      return new SheetCount()
    case 'parquet':
    case 'lab':
      return null
  }
}

const newline = 0x0a
const carriageReturn = 0x0d

async function tableCount(file: DataFile, reading: Reading, usual: string | undefined): Promise<Recount> {
  const dialect = await dialectOf(file, reading, usual)
  const { quote, escape, rowEnd, header, separatorLine } = dialect
  if (quote !== '' || escape !== '') return new TableCount(dialect)
  return new LineCount({
    ends: [rowEnd === 'cr' ? carriageReturn : newline],
    nothing: [rowEnd === 'cr' ? newline : carriageReturn],
    before: Number(header) + Number(separatorLine)
  })
}

function jsonCount(records: (count: JsonCount) => number): Recount {
  const count = new JsonCount()
  return { push: (chunk) => count.push(chunk), records: () => records(count) }
}

type MemberOfRoot = JsonCount['members'] extends ReadonlyMap<string, infer Member> ? Member : never

/** What is read one by one: elements of lists, and everything else whole. */
const pieces = ({ elements, objects, scalars }: MemberOfRoot): number => elements + objects + scalars

function inLayout(layout: JsonLayout, { part }: Reading): (count: JsonCount) => number {
  switch (layout.kind) {
    case 'list':
      return (count) => count.elements
    case 'members': {
      const wanted = part ?? layout.parts[0]?.name
      if (part === '*') return (count) => count.sum(({ records }) => records)
      return (count) => (wanted === undefined ? 0 : count.sum(({ elements }) => elements, wanted))
    }
    case 'columns':
      return (count) =>
        Math.max(
          0,
          ...[...count.members.values()].map(({ elements, entries, scalars }) => elements + entries + scalars)
        )
    case 'split':
      return (count) => count.sum(({ elements }) => elements, 'data')
    case 'keyed':
      return (count) => count.sum(pieces)
    case 'record':
      return (count) => count.values
  }
}
