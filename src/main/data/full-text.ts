import type Database from 'better-sqlite3'
import { segmentsOf } from './postings.ts'
import type { SealProgress } from './seal-progress.ts'

/**
 * FTS5 writes what it has gathered, as one segment, at the end of each statement that fills several rows: steps of so many rows make
 * segments of about 7 MB, whose words are still gathered within a processor's caches.
 */
const usualRowsPerStep = 20_000
/**
 * Segments are not merged while the table is filled: with FTS5's own four at a time a million rows would be written three times over,
 * a third of an import. Merged once at the end they are written once more, a twelfth of it, and a search looks into one segment instead
 * of fifty: BM25 over a million rows takes a third of the time. Beyond so many segments FTS5 merges on its own.
 */
const mostSegments = 64
/** A tenth of a second at most. */
const pagesPerMerge = 1000

/** Fills the full-text table from the examples, some thousands of rows a step, and merges it; `groupOf` is the group of each task. */
export function* buildFullText(
  db: Database.Database,
  count: number,
  groupOf: readonly number[],
  rowsPerStep = usualRowsPerStep
): Generator<SealProgress, void> {
  // Where rows are long, fewer of them: about 16 MB of terms are gathered in memory at most.
  set(db, 'hashsize', 16 << 20)
  set(db, 'automerge', 0)
  set(db, 'crisismerge', mostSegments)
  db.exec('CREATE TEMP TABLE label_of(task INTEGER PRIMARY KEY, label TEXT)')
  const insertLabel = db.prepare('INSERT INTO label_of VALUES (?, ?)')
  groupOf.forEach((group, task) => insertLabel.run(task, `${taskTerm(task)} ${groupTerm(group)}`))
  // What a JSON list has around its texts parts words as blanks do, unless something in a text is written otherwise.
  const fill = db.prepare(
    `INSERT INTO examples_fts(rowid, input, outputs, label)
     SELECT e.id, e.input,
       CASE instr(e.outputs, '\\') WHEN 0 THEN e.outputs ELSE (SELECT group_concat(value, ' ') FROM json_each(e.outputs)) END,
       l.label
     FROM examples e JOIN label_of l ON l.task = e.task WHERE e.id BETWEEN ? AND ?`
  )
  db.exec('BEGIN')
  for (let from = 1; from <= count; from += rowsPerStep) {
    fill.run(from, from + rowsPerStep - 1)
    yield { phase: 'full text', done: Math.min(count, from + rowsPerStep - 1), total: count }
  }
  db.exec('COMMIT; DROP TABLE label_of')
  yield* mergeSegments(db)
}

/** Merges all segments of the full-text table into one, some pages a step. Pages that were read are free for those that come. */
function* mergeSegments(db: Database.Database): Generator<SealProgress, void> {
  const segments = segmentsOf(db)
  if (segments.length < 2) return
  const total = segments.reduce((sum, { first, last }) => sum + last - first + 1, 0)
  const changes = db.prepare<[], number>('SELECT total_changes()').pluck()
  db.exec('BEGIN')
  // A negative number begins a merge of all there are; the others go on with it until one changes nothing more.
  for (let pages = -pagesPerMerge, done = 0; ; pages = pagesPerMerge) {
    const before = changes.get()!
    set(db, 'merge', pages)
    if (changes.get()! - before < 2) break
    done = Math.min(total, done + pagesPerMerge)
    yield { phase: 'merging full text', done, total }
  }
  db.exec('COMMIT')
}

function set(db: Database.Database, name: string, value: number): void {
  // A bound number would be a float, which it does not take.
  db.exec(`INSERT INTO examples_fts(examples_fts, rank) VALUES('${name}', ${value})`)
}

export const taskTerm = (task: number): string => `t${task}`
export const groupTerm = (group: number): string => `g${group}`

/**
 * The words of a text, each once, as the tokenizer `unicode61` makes them: in lower case, Latin letters without their one
 * accent. Other marks, such as the vowel signs of Devanagari, part words.
 */
export function searchTerms(text: string): string[] {
  const folded = text.toLowerCase().replace(/[\u0080-\uffff]/g, fold)
  return [...new Set(folded.match(/[\p{L}\p{N}\p{Co}]+/gu) ?? [])]
}

/** Accents of Latin letters that stand alone, as in decomposed text. */
const accent = /[\u0300-\u0304\u0306-\u030c\u030f\u0311\u031b\u0323-\u0328\u032d\u032e\u0330\u0331]/

function fold(letter: string): string {
  if (accent.test(letter)) return ''
  // By way of the capital, a final sigma and a long s become the usual ones. The dotless i stays what it is.
  const capital = letter.toUpperCase()
  const small = capital.length === 1 && letter !== 'ı' ? capital.toLowerCase() : letter
  const [base, mark, more] = small.normalize('NFD')
  return mark !== undefined && more === undefined && base! >= 'a' && base! <= 'z' ? base! : small
}

/** A full-text query for any of the words. Quoting keeps AND, OR and NEAR plain words. */
export function anyOf(terms: readonly string[]): string {
  return terms.map((term) => `"${term}"`).join(' OR ')
}
