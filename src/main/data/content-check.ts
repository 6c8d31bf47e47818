import { createHash, hash as hashOnce, type Hash } from 'node:crypto'
import Database from 'better-sqlite3'
import { messageOf } from '../contract/error.ts'
import { ungrouped } from './dataset-tables.ts'

/** What a hash over all rows is made of, row by row and in their order; groups belong to tasks and are not in it. */
export class RowsHash {
  readonly #hash: Hash = createHash('sha256')

  /** `digest` is that of the texts, `textsDigest`. */
  add(digest: Buffer, rest: readonly [task: string, template: string, sourceId: string, choices: string]): void {
    this.#hash.update(digest).update(JSON.stringify(rest))
  }

  hex(): string {
    return this.#hash.digest('hex')
  }
}

/** SHA-256 of the texts of a row; `outputs` is the JSON list. */
export function textsDigest(input: string, outputs: string): Buffer {
  return hashOnce('sha256', `${outputs}\n${input}`, 'buffer')
}

export interface ContentCheck {
  state: 'whole' | 'damaged' | 'unknown'
  /** What is wrong, or why it cannot be told; null: all is well. */
  problem: string | null
}

/** A row as it is kept, with the names that go with it. */
export interface StoredRow {
  id: number
  input: string
  outputs: string
  choices: string | null
  sourceId: string
  task: string
  template: string
  grp: string
}

/** The row's texts and names, as they were hashed when the file was sealed. */
const hashedColumns = `e.id, e.input, e.outputs, e.choices, e.source_id AS sourceId, t.name AS task, m.name AS template, g.name AS grp
  FROM examples e JOIN tasks t ON t.id = e.task JOIN groups g ON g.id = t.grp JOIN templates m ON m.id = e.template`

/**
 * Reads a sealed dataset file from end to end and compares it with the hashes that it carries. Files that were sealed before
 * there was a hash over stored rows are compared with their content hash, which also knows the group that each row came with.
 */
export function checkContent(path: string): ContentCheck {
  let db: Database.Database | null = null
  try {
    db = new Database(path, { readonly: true, fileMustExist: true })
    const [structure] = db.pragma('quick_check(1)') as { quick_check: string }[]
    if (structure?.quick_check !== 'ok') return { state: 'damaged', problem: structure?.quick_check ?? 'not readable' }
    const meta = new Map(
      db
        .prepare<[], { key: string; value: string }>('SELECT key, value FROM meta')
        .all()
        .map(({ key, value }) => [key, value])
    )
    return compare(db.prepare<[], StoredRow>(`SELECT ${hashedColumns} ORDER BY e.id`).iterate(), meta)
  } catch (thrown) {
    return { state: 'damaged', problem: messageOf(thrown) }
  } finally {
    db?.close()
  }
}

function compare(rows: Iterable<StoredRow>, meta: ReadonlyMap<string, string>): ContentCheck {
  const rowsHash = new RowsHash()
  const contentHash = createHash('sha256')
  let count = 0
  for (const { input, outputs, choices, sourceId, task, template, grp } of rows) {
    count++
    const digest = textsDigest(input, outputs)
    rowsHash.add(digest, [task, template, sourceId, choices ?? ''])
    const group = grp === ungrouped ? '' : grp
    contentHash.update(digest).update(JSON.stringify([task, template, group, sourceId, choices ?? '']))
  }
  const expected = Number(meta.get('examples') ?? NaN)
  if (count !== expected) return { state: 'damaged', problem: `it holds ${count} of ${expected} rows` }
  const stored = meta.get('rowsHash')
  if (stored !== undefined)
    return stored === rowsHash.hex() ? whole : { state: 'damaged', problem: 'texts are not those that were imported' }
  if (contentHash.digest('hex') === meta.get('contentHash')) return whole
  return {
    state: 'unknown',
    problem: 'it was imported by an earlier version, whose hash cannot be worked out again from this file'
  }
}

const whole: ContentCheck = { state: 'whole', problem: null }
