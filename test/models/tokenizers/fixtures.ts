import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSentencePiece } from '../../../src/main/models/tokenizers/spiece.ts'

const fixtures = join(import.meta.dirname, 'golden')

export interface Goldens {
  texts: string[]
  long: { text: string; times: number }[]
  pairs: [string, string][]
  /** What the reference's trainer learns from `texts`. */
  merges: [string, string][]
  kinds: Record<string, KindGoldens>
}

export interface KindGoldens {
  ids: number[][]
  plain: number[][]
  decoded: string[]
  decodedSpecial: string[]
  pairs: number[][]
  long: { count: number; sha256: string }[]
  truncated: { text: string; pair: string | null; max: number; ids: number[] }[]
}

export const goldens = JSON.parse(readFileSync(join(fixtures, 'goldens.json'), 'utf8')) as Goldens

/** A copy of a fixture's folder, with SentencePiece's table put back into tokenizer.json; `remove` deletes it. */
export function modelFolder(kind: string, part: 'tokenizer.json' | 'legacy'): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'lab-tokenizer-'))
  const remove = (): void => rmSync(folder, { recursive: true })
  if (part === 'legacy') {
    cpSync(join(fixtures, kind, 'legacy'), folder, { recursive: true })
    return { folder, remove }
  }
  cpSync(join(fixtures, kind, 'tokenizer.json'), join(folder, 'tokenizer.json'))
  withCharsmap(folder)
  return { folder, remove }
}

/** Puts SentencePiece's table back into a folder's tokenizer.json, if it was taken out of it. */
export function withCharsmap(folder: string): void {
  const file = join(folder, 'tokenizer.json')
  if (!existsSync(file)) return
  writeFileSync(file, readFileSync(file, 'utf8').replace('in spiece.model', charsmap))
}

export function hasLegacy(kind: string): boolean {
  return existsSync(join(fixtures, kind, 'legacy'))
}

export const spieceFile = join(fixtures, 'unigram', 'legacy', 'spiece.model')

function charsmap(): string {
  return Buffer.from(readSentencePiece(spieceFile, readFileSync(spieceFile)).charsmap).toString('base64')
}
