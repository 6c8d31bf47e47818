import { isUtf8 } from 'node:buffer'
import type { ImportFormat } from '../../contract/data.ts'
import { LabError } from '../../contract/error.ts'
import { headOf, packingOf, type DataFile } from './data-file.ts'
import { startsWithRow } from './formats.ts'

const headBytes = 1 << 18
const querySetsHead = /^\{\s*"\d+"\s*:\s*\{\s*"round#?\d+"/

/** Tells the format from the file's first bytes. Throws format-unknown, or query-sets-file for a file of query sets. */
export async function detectFormat(file: DataFile): Promise<ImportFormat> {
  const packing = packingOf(file.path)
  if (packing === 'parquet') return 'parquet'
  if (packing === 'sqlite') return 'lab'
  const head = await headOf(file, headBytes)
  const text = head.toString('utf8').trimStart()
  if (text === '') throw unknown(file, 'the file is empty')
  if (text.startsWith('[')) return detectArray(head, text, file)
  if (text.startsWith('{')) return detectObject(text, file)
  if (text.includes('\u0000')) throw unknown(file, 'it holds binary data')
  return detectTable(head, text, file)
}

/** Whether a file that came with others, in a folder or an archive, holds query sets: the original keeps them there. */
export async function holdsQuerySets(file: DataFile): Promise<boolean> {
  if (['parquet', 'sqlite'].includes(packingOf(file.path))) return false
  return querySetsHead.test((await headOf(file, headBytes)).toString('utf8').trimStart())
}

function detectArray(head: Buffer, text: string, file: DataFile): ImportFormat {
  if (startsWithRow(head) || /^\[\s*\[/.test(text)) return 'line-array'
  if (/^\[\s*(\{|\]|$)/.test(text)) return 'json'
  throw unknown(file, 'it is a JSON list, but not of objects or of [input, [outputs…], id] rows')
}

function detectObject(text: string, file: DataFile): ImportFormat {
  if (querySetsHead.test(text))
    throw new LabError(
      'query-sets-file',
      `${file.name} is a file of query sets, not of examples. Give it as the query sets of a target task's test data.`,
      { details: { file: file.name } }
    )
  const firstLine = text.slice(0, text.indexOf('\n') < 0 ? undefined : text.indexOf('\n'))
  const lineKeys = keysOf(firstLine)
  if (lineKeys) {
    if (lineKeys.includes('Instances')) return 'natural-instructions'
    if (/^\{\s*("[^"]*"\s*:\s*("[^"]*"|[\d.]+)\s*,\s*)*"[^"]*"\s*:\s*\[\s*\{/.test(firstLine)) return 'json'
    return lineKeys.includes('input_text') && lineKeys.includes('output_text') ? 'recross-jsonl' : 'jsonl'
  }
  if (/"(Instances|Definition)"\s*:\s*[["]/.test(text)) return 'natural-instructions'
  // A first line that is longer than the head, or one bad line at the start of JSON lines.
  if (/\n\s*\{/.test(text.replace(/^\{\s*/, '')) && !/^\{\s*\n/.test(text)) return 'jsonl'
  return 'json'
}

function keysOf(line: string): string[] | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? Object.keys(value) : null
  } catch {
    return null
  }
}

function detectTable(head: Buffer, text: string, file: DataFile): ImportFormat {
  const header = text.slice(0, text.search(/\r?\n|$/))
  const tabs = header.split('\t').length
  const commas = header.split(',').length
  if (tabs < 2 && commas < 2) {
    const reason = isUtf8(head.subarray(0, -4)) ? 'its first line has neither commas nor tabs' : 'it is not text'
    throw unknown(file, reason)
  }
  return tabs >= commas ? 'tsv' : 'csv'
}

function unknown(file: DataFile, reason: string): LabError {
  return new LabError(
    'format-unknown',
    `The format of ${file.name} was not recognised: ${reason}. Readable are line files, JSON, JSON lines, CSV, TSV, ` +
      `Parquet, Super-NaturalInstructions tasks and the examples.db of another lab, plain or packed with gzip or zstd, also inside zip or tar archives.`,
    { details: { file: file.name, reason } }
  )
}
