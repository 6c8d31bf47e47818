import { basename } from 'node:path'
import { LabError } from '../../contract/error.ts'
import { readText } from '../import/data-file.ts'

/** One answer of another program to one question. */
export interface ForeignAnswer {
  /** Which of the file's entries it is, from 1. */
  entry: number
  input: string
  output: string
  /** What that program took for right; null where it does not say. */
  references: readonly string[] | null
}

const largestBytes = 512 << 20
const outputNames = ['prediction', 'output', 'answer'] as const
const referenceNames = ['truth', 'references', 'targets'] as const

/**
 * Answers as the original's scripts write them, a JSON array of `{ input, prediction, truth: […] }`, or the same objects one a
 * line. `output` or `answer` may stand for `prediction`, `references` or `targets` for `truth`; other fields are not looked at.
 * @throws LabError `wrong-format`, `file-large`, `git-lfs-pointer`, `file-damaged`, `file-unreadable`
 */
export async function readForeignAnswers(path: string): Promise<ForeignAnswer[]> {
  const name = basename(path)
  return (await readEntries(path)).map((value, at) => answerOf(value, at + 1, name))
}

/** One upstream row of a retrieved set. */
export interface ForeignRow {
  input: string
  outputs: readonly string[]
}

/**
 * Retrieved sets as the original keeps them: upstream rows `[input, [outputs…], id]` in the order in which they were chosen; a
 * JSON array, or one a line.
 * @throws LabError as `readForeignAnswers`
 */
export async function readForeignRows(path: string): Promise<ForeignRow[]> {
  const name = basename(path)
  return (await readEntries(path)).map((value, at) => {
    const [input, outputs] = Array.isArray(value) ? (value as unknown[]) : []
    if (typeof input === 'string' && Array.isArray(outputs) && outputs.every((one) => typeof one === 'string'))
      return { input, outputs }
    throw wrong(name, `entry ${at + 1} is no row [input, [outputs…], id]`)
  })
}

function answerOf(value: unknown, entry: number, name: string): ForeignAnswer {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(name, `entry ${entry} is no object with "input" and "prediction"`)
  const fields = value as Record<string, unknown>
  const input = textOf(fields['input'])
  if (input === null) throw wrong(name, `entry ${entry} has no text in "input"`)
  const output = outputNames.map((one) => textOf(fields[one])).find((one) => one !== null)
  if (output === undefined) throw wrong(name, `entry ${entry} has no text in "prediction", "output" or "answer"`)
  const given = referenceNames.map((one) => fields[one]).find((one) => one !== undefined)
  const references = typeof given === 'string' ? [given] : given
  if (references === undefined || references === null) return { entry, input, output, references: null }
  if (!Array.isArray(references) || !references.every((one) => typeof one === 'string'))
    throw wrong(name, `entry ${entry} has right answers that are no list of texts`)
  return { entry, input, output, references }
}

/** Some programs keep each text as a list of one. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  return Array.isArray(value) && value.length === 1 && typeof value[0] === 'string' ? value[0] : null
}

/** The entries of a JSON array, or of a file with one JSON value a line. */
async function readEntries(path: string): Promise<unknown[]> {
  const name = basename(path)
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of readText({ path, name })) {
    bytes += chunk.length
    if (bytes > largestBytes)
      throw new LabError(
        'file-large',
        `${name} has more than ${largestBytes >> 20} MiB of text. Answers to one target are a few MiB: is it the right file?`,
        { details: { file: name } }
      )
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString('utf8').trim()
  if (text === '') throw wrong(name, 'it is empty')
  if (!text.startsWith('[') || text.startsWith('["')) {
    return text
      .split('\n')
      .map((line) => line.trim())
      .flatMap((line, at) => (line === '' ? [] : [parsed(line, name, `line ${at + 1}`)]))
  }
  const value = parsed(text, name, 'it')
  if (Array.isArray(value)) return value as unknown[]
  throw wrong(name, 'it is no list')
}

function parsed(text: string, name: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw wrong(name, `${what} is no JSON`, cause)
  }
}

function wrong(name: string, what: string, cause?: unknown): LabError {
  return new LabError(
    'wrong-format',
    `${name} cannot be taken in: ${what}. Answers are a JSON list of {"input", "prediction", "truth"}, retrieved rows one of [input, [outputs…], id]; both may stand one a line.`,
    { cause, details: { file: name } }
  )
}
