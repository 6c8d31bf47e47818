import Database from 'better-sqlite3'
import fc from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Random } from '../../src/main/random/random.ts'
import { Bm25, type Ranked } from '../../src/main/data/bm25.ts'
import { datasetTables } from '../../src/main/data/dataset-tables.ts'
import { anyOf, buildFullText, searchTerms } from '../../src/main/data/full-text.ts'
import { segmentsOf } from '../../src/main/data/postings.ts'
import { makeDataset } from './make-dataset.ts'

const folder = mkdtempSync(join(tmpdir(), 'bm25-'))
afterAll(() => rmSync(folder, { recursive: true }))

type Row = readonly [input: string, outputs: string]

/** A full-text table with these rows. With `segments`, its index is in many parts, as after the import of a large file. */
function fullText(rows: readonly Row[], segments = false): Database.Database {
  const db = new Database(':memory:')
  db.exec(datasetTables)
  if (segments) db.exec("INSERT INTO examples_fts(examples_fts, rank) VALUES('hashsize', 4096)")
  const insert = db.prepare("INSERT INTO examples_fts(rowid, input, outputs, label) VALUES (?, ?, ?, 't0 g0')")
  db.transaction(() => rows.forEach(([input, outputs], n) => insert.run(n + 1, input, outputs)))()
  return db
}

/** What FTS5 itself makes of it. */
function reference(db: Database.Database, text: string, where: 'inputs' | 'texts', limit: number): Ranked[] {
  const score = `bm25(examples_fts, 1.0, ${where === 'texts' ? '1.0' : '0.0'}, 0.0)`
  const column = where === 'texts' ? '{input outputs}' : 'input'
  return db
    .prepare<[string, number], Ranked>(
      `SELECT rowid AS id, -${score} AS score FROM examples_fts WHERE examples_fts MATCH ? ORDER BY ${score}, rowid LIMIT ?`
    )
    .all(`${column} : (${anyOf(searchTerms(text))})`, limit)
}

function expectSame(db: Database.Database, rows: number, text: string, limit = 32): void {
  const ranking = new Bm25(db, rows)
  for (const where of ['inputs', 'texts'] as const) {
    const wanted = reference(db, text, where, limit)
    const got = ranking.rank(text, limit, where)
    expect(got).toHaveLength(wanted.length)
    got.forEach(({ score }, place) => expect(score / wanted[place]!.score).toBeCloseTo(1, 12))
    // Rows whose scores differ in the last digit may change places.
    const scores = new Map(reference(db, text, where, rows).map(({ id, score }) => [id, score]))
    for (const { id, score } of got) expect(score / scores.get(id)!).toBeCloseTo(1, 12)
  }
}

const random = new Random('bm25')
const words = Array.from({ length: 2000 }, (_, n) => `w${n.toString(36)}`)
const common = (): string => words[Math.floor(random.uniform() ** 4 * words.length)]!
const text = (length: number): string => Array.from({ length }, common).join(' ')

describe('BM25 ranks as FTS5 does', () => {
  it.each([
    ['in one part', false],
    ['in many parts', true]
  ])('long queries over an index %s', (_, segments) => {
    const rows = Array.from({ length: 4000 }, (): Row => [text(random.between(5, 90)), text(random.below(4))])
    const db = fullText(rows, segments)
    const parts = db.prepare('SELECT count(DISTINCT segid) FROM examples_fts_idx').pluck().get() as number
    expect(parts > 1).toBe(segments)
    for (const length of [1, 3, 30, 150]) expectSame(db, rows.length, text(length))
  })

  it('where the positions of one row fill pages, in both columns', () => {
    const rows: Row[] = Array.from({ length: 300 }, () => [text(20), text(3)])
    rows[50] = [text(40_000), text(30_000)]
    rows[51] = ['', text(20_000)]
    rows[299] = [text(30_000), '']
    const db = fullText(rows)
    for (const length of [1, 10, 60]) expectSame(db, rows.length, text(length))
    for (const word of words.slice(0, 40)) expectSame(db, rows.length, word)
  })

  it('any texts', () => {
    const word = fc.oneof(
      fc.constantFrom('a', 'b', 'the', 'of', 'Café', 'über', '한국', 'ế'),
      fc.string({ unit: 'grapheme' })
    )
    const some = fc.array(word, { maxLength: 12 }).map((list) => list.join(' ').replaceAll('\0', ''))
    fc.assert(
      fc.property(fc.array(fc.tuple(some, some), { minLength: 1, maxLength: 12 }), some, (rows, query) => {
        if (searchTerms(query).length > 0) expectSame(fullText(rows), rows.length, query)
      }),
      { numRuns: 100 }
    )
  })

  it('words that are nowhere, and no words', () => {
    const ranking = new Bm25(fullText([['one two', 'three']]), 1)
    expect(ranking.rank('three four', 10, 'inputs')).toEqual([])
    expect(ranking.rank('three', 10, 'texts')).toHaveLength(1)
    expect(ranking.rank('?!', 10, 'texts')).toEqual([])
    expect(ranking.rank('one', 0, 'texts')).toEqual([])
  })
})

describe('of a dataset', () => {
  const rows = Array.from({ length: 500 }, (_, n) => ({
    input: `the ${n % 2 ? 'odd' : 'even'} row ${text(8)}`,
    outputs: [n % 5 ? 'yes' : 'no'],
    task: `task${n % 4}`,
    group: `group${n % 2}`
  }))

  it('only what is allowed is ranked, and all of it where the limit is larger', () => {
    const dataset = makeDataset(join(folder, '1', 'examples.db'), rows)
    const allowed = new Uint8Array(500)
    for (let id = 3; id <= 500; id += 7) allowed[id - 1] = 1
    const all = dataset.bm25('the odd row', 500)
    const some = dataset.bm25('the odd row', 500, allowed)
    expect(all).toHaveLength(500)
    expect(some).toEqual(all.filter(({ id }) => allowed[id - 1] === 1))
    expect(dataset.bm25('the odd row', 5, allowed)).toEqual(some.slice(0, 5))
    dataset.close()
  })

  it('searching for a word that nearly all rows have: filters, and pages without gap or repetition', () => {
    const dataset = makeDataset(join(folder, '2', 'examples.db'), rows)
    const pages = [0, 40, 80, 120].flatMap(
      (offset) => dataset.search('the yes', { task: 'task1', limit: 40, offset }).examples
    )
    expect(pages.map(({ id }) => id).sort((a, b) => a - b)).toEqual(Array.from({ length: 125 }, (_, n) => 4 * n + 2))
    const found = dataset.search('row', { group: 'group1', limit: 10, offset: 0 })
    expect(found.total).toBe(250)
    expect(found.examples.every(({ group }) => group === 'group1')).toBe(true)
    dataset.close()
  })
})

it('words are what the tokenizer makes of them, letter by letter', () => {
  const db = new Database(':memory:')
  db.exec(`CREATE VIRTUAL TABLE t USING fts5(x, tokenize='unicode61');
    CREATE VIRTUAL TABLE v USING fts5vocab('t', 'instance')`)
  const insert = db.prepare('INSERT INTO t(rowid, x) VALUES (?, ?)')
  // Latin, Greek, Cyrillic, Hebrew, Arabic, Devanagari, Thai, Vietnamese, Japanese, Chinese, Korean; and marks alone.
  const scripts = [
    [0x20, 0x344],
    [0x384, 0x527],
    [0x591, 0x5f4],
    [0x610, 0x6ff],
    [0x901, 0x97f],
    [0xe01, 0xe5b],
    [0x1e00, 0x1eff],
    [0x3041, 0x30ff],
    [0x4e00, 0x4eff],
    [0xac00, 0xacff]
  ] as const
  const letters = scripts.flatMap(([from, to]) =>
    Array.from({ length: to - from + 1 }, (_, n) => String.fromCodePoint(from + n)).filter((letter) =>
      /[\p{L}\p{N}\p{M}\p{ASCII}]/u.test(letter)
    )
  )
  db.transaction(() => letters.forEach((letter, n) => insert.run(n + 1, `x${letter}y`)))()
  const rows = db.prepare<[], { doc: number; term: string }>('SELECT doc, term FROM v ORDER BY doc, offset').all()
  const tokens = letters.map(() => new Set<string>())
  for (const { doc, term } of rows) tokens[doc - 1]!.add(term)
  const wrong = letters.filter((letter, n) => searchTerms(`x${letter}y`).join() !== [...tokens[n]!].join())
  expect(wrong).toEqual([])
  db.close()
})

it.each([
  ['few', 130, 10],
  ['more than FTS5 leaves alone', 900, 10]
])(
  'a table that was filled in %s steps is one segment in the end, and steps tell how far they are',
  (_, rows, step) => {
    const db = new Database(':memory:')
    db.exec(datasetTables)
    const insert = db.prepare("INSERT INTO examples VALUES (?, ?, 0, '', ?, NULL, ?)")
    const outputs = [['one'], ['two words', 'and "quoted"'], ['back\\slash', 'a\nnew line'], ['[bracket], "comma"'], []]
    const written: Row[] = []
    for (let id = 1; id <= rows; id++) {
      const input = `${text(40)} ${id}`
      insert.run(id, id % 3, JSON.stringify(outputs[id % outputs.length]), input)
      written.push([input, outputs[id % outputs.length]!.join(' ')])
    }
    const steps = [...buildFullText(db, rows, [0, 0, 1], step)]
    expect(segmentsOf(db)).toHaveLength(1)
    const merging = steps.filter(({ phase }) => phase === 'merging full text')
    expect(merging.length).toBeGreaterThan(0)
    for (const { done, total } of steps) expect(done).toBeLessThanOrEqual(total)
    // The same as a table that was given its texts one by one.
    const plain = fullText(written)
    const all = 'SELECT rowid, rank FROM examples_fts WHERE examples_fts MATCH ? ORDER BY rank, rowid'
    for (const word of [words[0]!, words[7]!, 'quoted', 'slash', 'nnew', 'new', 'line', 'comma', '17'])
      expect(db.prepare(all).all(`"${word}"`), word).toEqual(plain.prepare(all).all(`"${word}"`))
    expect(db.prepare(`SELECT rowid FROM examples_fts WHERE examples_fts MATCH 'label : "g1"'`).all()).toHaveLength(
      Math.ceil((rows - 1) / 3)
    )
    expectSame(db, rows, text(30))
  }
)
