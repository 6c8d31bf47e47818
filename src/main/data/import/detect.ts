import { isUtf8 } from 'node:buffer'
import type { ImportFormat } from '../../contract/import.ts'
import { LabError } from '../../contract/error.ts'
import { headOf, packingOf, type DataFile } from './data-file.ts'
import { isObject, valueAt } from './column-path.ts'
import { startsWithRow } from './formats.ts'
import { parseJson } from './json-text.ts'
import { namesExample } from './known-names.ts'
import { looksLikeTable } from './table-dialect.ts'

const headBytes = 1 << 18
const querySetsHead = /^\{\s*"\d+"\s*:\s*\{\s*"round#?\d+"/

/** Tells the format from the file's first bytes. Throws format-unknown, or query-sets-file for a file of query sets. */
export async function detectFormat(file: DataFile): Promise<ImportFormat> {
  const packing = packingOf(file.path)
  if (packing === 'parquet') return 'parquet'
  if (packing === 'sqlite') return 'lab'
  if (packing === 'zip') return 'xlsx'
  if (packing === 'ole')
    throw unknown(file, 'it is an old Excel file (.xls), or one with a password. Save it as .xlsx without a password')
  const head = await headOf(file, headBytes)
  const text = head.toString('utf8').trimStart()
  if (text === '') throw unknown(file, 'the file is empty')
  const foreign = foreignTexts.find(({ begins }) => begins.test(text))
  if (foreign) throw unknown(file, foreign.reason)
  if (text.startsWith('[')) return detectArray(head, text, file)
  if (text.startsWith('{')) return detectObject(text, file)
  if (text.includes('\u0000')) throw unknown(file, 'it holds binary data, or text in UTF-32. Save a text as UTF-8')
  return detectTable(head, text, file)
}

/** Whether a file that came with others, in a folder or an archive, holds query sets: the original keeps them there. */
export async function holdsQuerySets(file: DataFile): Promise<boolean> {
  if (['parquet', 'sqlite', 'zip', 'ole'].includes(packingOf(file.path))) return false
  return querySetsHead.test((await headOf(file, headBytes)).toString('utf8').trimStart())
}

/** Texts that are no data, and what to do with them. */
const foreignTexts: readonly { begins: RegExp; reason: string }[] = [
  {
    // `ds_from_*.json`, `query_retrieved_*.json`, `better_tuple.json`, `{all,dev,train}_tuples.json`
    begins: /^(\[\s*)?\{\s*"(query|positive|negative)_examples"\s*:\s*\[|^(\[\s*)?\{\s*"retrieved_candidates"\s*:\s*\[/,
    reason:
      "it holds tuples for the original's reranker (queries with useful and other examples), not rows to retrieve. Import the upstream data themselves; then bring these labels in with `reranker mine --tuples`, or mine pairs with your own base model (Models → Mine pairs)"
  },
  { begins: /^(\/\/|\/\*)[^\n]*\n\s*[[{/*]/, reason: 'it is JSON behind a comment. Take the comment out' },
  { begins: /^%PDF-/, reason: 'it is a PDF. Copy its questions into a table or a plain text file' },
  { begins: /^\{\\rtf/, reason: 'it is a document (.rtf). Save its text as plain text (.txt)' },
  {
    begins: /^<(!doctype html|html|table|head|body|meta)\b/i,
    reason:
      'it is a web page (some programs call such a table .xls). Open it in a spreadsheet and save it as .xlsx or CSV'
  },
  { begins: /^<\?xml\b/i, reason: 'it is XML. Save its records as a table or as JSON lines' },
  { begins: /^(%YAML|---\s*\n|- [\w"' ]+:\s)/, reason: 'it is YAML. Save its records as JSON lines' },
  {
    begins: /^[^\n|]*\|[^\n]*\n[ \t]*(\|[ \t]*)?:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)+(\|[ \t]*)?\r?(\n|$)/,
    reason: 'it is a table in Markdown. Paste it into a spreadsheet and save it as .xlsx or CSV'
  }
]

function detectArray(head: Buffer, text: string, file: DataFile): ImportFormat {
  if (startsWithRow(head) && isListOfTexts(text))
    throw unknown(file, 'it is one JSON list of texts. Save them as plain text, one a line')
  if (startsWithRow(head) || /^\[\s*\[/.test(text)) return 'line-array'
  if (/^\[\s*(\{|\]|$)/.test(text)) return 'json'
  throw unknown(file, 'it is a JSON list, but not of objects or of [input, [outputs…], id] rows')
}

/** A list of nothing but texts that is all there is: no row `[input, [outputs…], id]`, though it begins like one. */
function isListOfTexts(text: string): boolean {
  const start = /^\[(\s*"(?:[^"\\]|\\.)*"\s*(,|\]|$))+/.exec(text)?.[0]
  if (start === undefined) return false
  const rest = text.slice(start.length).trim()
  return start.endsWith(']') ? rest === '' : start.split('"').length > 8 && rest.startsWith('"')
}

function detectObject(text: string, file: DataFile): ImportFormat {
  if (querySetsHead.test(text))
    throw new LabError(
      'query-sets-file',
      `${file.name} is a file of query sets, not of examples. Give it as the query sets of a target task's test data.`,
      { details: { file: file.name } }
    )
  const [firstLine = '', ...rest] = text.split(/\r\n?|\n/)
  const record = recordOf(firstLine)
  if (record) {
    const keys = Object.keys(record)
    if (keys.includes('Instances')) return 'natural-instructions'
    if (rest.some((line) => line.trimStart().startsWith('{')) || !holdsRecords(record))
      return keys.includes('input_text') && keys.includes('output_text') ? 'recross-jsonl' : 'jsonl'
    return 'json'
  }
  if (/"(Instances|Definition)"\s*:\s*[["]/.test(text)) return 'natural-instructions'
  // A first line that is longer than the head, or one bad line at the start of JSON lines.
  // Line by line: a pattern that skips blanks would begin anew at each of a million empty lines.
  const more = rest.some((line) => line.trimStart().startsWith('{'))
  if (more && firstLine.trim() !== '{') return 'jsonl'
  return 'json'
}

function recordOf(line: string): Record<string, unknown> | null {
  try {
    const value = parseJson(line)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

/** Whether an object that is alone in its file holds records, by list or by column, rather than being one. */
function holdsRecords(record: Record<string, unknown>): boolean {
  const values = Object.values(record)
  if (namesExample(record)) return false
  if (valueAt(record, 'messages.@answer') !== undefined || valueAt(record, 'conversations.@answer') !== undefined)
    return false
  if (values.some((value) => Array.isArray(value) && value.length > 0 && value.every(isObject))) return true
  const lists = values.filter((value) => Array.isArray(value))
  if (values.length >= 2 && lists.length === values.length) return true
  return values.length >= 2 && values.every((value) => isObject(value) && Object.keys(value).length > 0)
}

function detectTable(head: Buffer, text: string, file: DataFile): ImportFormat {
  if (text.includes('\ufffd') && !isUtf8(head.subarray(0, -4))) {
    const broken = [...text.slice(0, 4096)].filter((character) => character === '\ufffd').length
    if (broken > 40) throw unknown(file, 'it is not text')
  }
  if (/^sep=[\t -~][\r\n]/i.test(text)) return 'csv'
  const prose = /\.(txt|text|md)(\.(gz|zst))?$/i.test(file.name)
  const delimiter = looksLikeTable(head, prose)
  if (delimiter !== null) return delimiter === '\t' ? 'tsv' : 'csv'
  return /\.csv(\.(gz|zst))?$/i.test(file.name) ? 'csv' : /\.tsv(\.(gz|zst))?$/i.test(file.name) ? 'tsv' : 'text'
}

function unknown(file: DataFile, reason: string): LabError {
  return new LabError(
    'format-unknown',
    `The format of ${file.name} was not recognised: ${reason}. Readable are line files, JSON, JSON lines, CSV, TSV, ` +
      `Excel (.xlsx), plain text, Parquet, Super-NaturalInstructions tasks and the examples.db of another lab, plain or packed with gzip or zstd, also inside zip or tar archives.`,
    { details: { file: file.name, reason } }
  )
}
