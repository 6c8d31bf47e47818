import { createReadStream, readFileSync } from 'node:fs'
import { readFile, truncate } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import type { Prediction } from '../contract/runs.ts'
import { appendDurably, writeWhole } from '../files/durable.ts'
import { answerLine } from './files.ts'
import { missing, parse } from './parse.ts'

/**
 * The answers of a run to the test rows of a target, from their file.
 * @throws LabError `run-files-missing`, `run-damaged`
 */
export async function readAnswers(path: string): Promise<Prediction[]> {
  const answers = await readAnswersIfThere(path)
  if (answers === null) throw missing(path, answerLine.wayOut)
  return answers
}

/**
 * As `readAnswers`; null where there is no such file.
 * @throws LabError `run-damaged`
 */
export async function readAnswersIfThere(path: string): Promise<Prediction[] | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  return text === null ? null : answersIn(text, path)
}

/**
 * As `readAnswers`, for the few places that cannot wait.
 * @throws LabError `run-files-missing`, `run-damaged`
 */
export function readAnswersNow(path: string): Prediction[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw missing(path, answerLine.wayOut, cause)
  }
  return answersIn(text, path)
}

/** As a whole file. */
export async function writeAnswers(path: string, answers: readonly Prediction[]): Promise<void> {
  await writeWhole(path, linesOf(answers))
}

/** Adds answers to an unfinished file. */
export async function appendAnswers(path: string, answers: readonly Prediction[]): Promise<void> {
  await appendDurably(path, linesOf(answers))
}

/**
 * What an unfinished file holds in whole chunks, given how many rows each chunk has; the rest of the file is cut off.
 * @throws LabError `run-damaged`
 */
export async function readWholeChunks(
  path: string,
  chunkSizes: readonly number[]
): Promise<{ chunks: number; answers: Prediction[] }> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const lines = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1)
  let chunks = 0
  let rows = 0
  for (const size of chunkSizes) {
    if (rows + size > lines.length) break
    rows += size
    chunks++
  }
  const kept = lines.slice(0, rows)
  if (text !== '') await truncate(path, Buffer.byteLength(kept.map((line) => `${line}\n`).join('')))
  return { chunks, answers: kept.map((line, at) => parse(answerLine, line, path, at + 1)) }
}

/**
 * Reads a file of answers line by line and keeps nothing of it.
 * @throws LabError `run-damaged`
 */
export async function checkAnswers(path: string): Promise<void> {
  let line = 0
  for await (const text of createInterface({ input: createReadStream(path) })) parse(answerLine, text, path, ++line)
}

function linesOf(answers: readonly Prediction[]): string {
  return answers.map((answer) => `${JSON.stringify(answer)}\n`).join('')
}

function answersIn(text: string, path: string): Prediction[] {
  const lines = text.split('\n')
  // What stands behind the last line end is nothing, unless the file was cut off.
  if (lines.at(-1) === '') lines.pop()
  return lines.map((line, at) => parse(answerLine, line, path, at + 1))
}
