import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { Random } from '../src/main/random/random.ts'
import { openDataset } from '../src/main/data/dataset.ts'
import { anyOf, searchTerms } from '../src/main/data/full-text.ts'
import { workerFlags } from '../src/main/hosts/fork-starter.ts'
import { sized } from './size.ts'
import { type BenchSuite } from './suite.ts'
import { median } from '../src/main/sums/sums.ts'

/** LAB_BENCH_ROWS for a quicker look; the figures in the documents are of a million. */
const rows = Number(process.env['LAB_BENCH_ROWS'] ?? sized(1_000_000, 2000))
const repeats = sized(3, 1)

/** Import of a million examples: its rate beside those of readers alone and of SQLite alone, and its memory. */
export const suite: BenchSuite = {
  name: 'data',
  async run(report) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-data-'))
    try {
      const jsonl = join(folder, 'rows.jsonl')
      await writeRows(jsonl)
      report({ name: 'size of the file', value: statSync(jsonl).size / 1e6, unit: 'MB', aim: null, holds: null })
      const timed: Record<string, Measured[]> = {}
      for (let repeat = 0; repeat < repeats; repeat++)
        for (const what of ['readline', 'own reader', 'sqlite', 'import'])
          (timed[what] ??= []).push(measure(what, jsonl, join(folder, `out-${repeat}-${what.replace(' ', '-')}`)))
      const rate = (what: string): number => median(timed[what]!.map((m) => m.rows / m.seconds))
      const names = {
        readline: 'node:readline and JSON.parse',
        'own reader': 'own reader',
        sqlite: 'own reader and bare SQLite'
      }
      for (const [what, name] of Object.entries(names))
        report({ name, value: rate(what), unit: 'rows/s', aim: null, holds: null })
      const share = (rate('import') / rate('sqlite')) * 100
      const detail = `${share.toFixed(0)} % of bare SQLite; with hashes, source items and full-text search`
      report({ name: 'import', value: rate('import'), unit: 'rows/s', aim: null, holds: null, detail })
      const memory = Math.max(...timed['import']!.map((m) => m.bytes)) / 1e6
      report({
        name: 'largest memory of the import',
        value: memory,
        unit: 'MB',
        aim: 'under 500 MB',
        holds: memory < 500
      })
      search(join(folder, 'out-0-import', 'examples.db'), report)
      rank(join(folder, 'out-0-import', 'examples.db'), report)
      tables(folder, report)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

interface Measured {
  rows: number
  seconds: number
  bytes: number
}

/** In a process like those of the lab's workers. */
function measure(what: string, file: string, folder: string): Measured {
  mkdirSync(folder, { recursive: true })
  const child = join(import.meta.dirname, 'data-child.ts')
  return JSON.parse(
    execFileSync(process.execPath, [...workerFlags, child, what, file, folder], { encoding: 'utf8' })
  ) as Measured
}

/** Words whose frequencies fall off as in a language. */
function makeWords(): () => string {
  const random = new Random(1)
  const words = Array.from({ length: 30_000 }, () =>
    Array.from({ length: random.between(2, 9) }, () => 'abcdefghijklmnopqrstuvwxyz'[random.below(26)]).join('')
  )
  return () => words[Math.floor(random.uniform() ** 3 * words.length)]!
}

async function writeRows(path: string): Promise<void> {
  const word = makeWords()
  const random = new Random(2)
  const stream = createWriteStream(path)
  for (let n = 0; n < rows; n++) {
    const input = Array.from({ length: random.between(40, 139) }, word).join(' ')
    const line = `${JSON.stringify({ input, output: word(), task: `task${n % 40}` })}\n`
    if (!stream.write(line)) await once(stream, 'drain')
  }
  stream.end()
  await once(stream, 'finish')
}

function search(path: string, report: Parameters<BenchSuite['run']>[0]): void {
  const dataset = openDataset(path)
  const milliseconds: number[] = []
  for (let n = 1; n <= 15; n++) {
    const text = dataset
      .get(Math.floor((dataset.count * n) / 16))
      .input.split(' ')
      .slice(0, 2)
      .join(' ')
    const started = performance.now()
    dataset.search(text, { limit: 50, offset: 0 })
    milliseconds.push(performance.now() - started)
  }
  dataset.close()
  report({ name: 'full-text search for two words', value: median(milliseconds), unit: 'ms', aim: null, holds: null })
}

/** The lexical retriever with whole inputs as queries, beside FTS5's own ranking, which gives the same. */
function rank(path: string, report: Parameters<BenchSuite['run']>[0]): void {
  const dataset = openDataset(path)
  const db = new Database(path, { readonly: true })
  const fullText = db.prepare<[string], { id: number; score: number }>(
    `SELECT rowid AS id, -bm25(examples_fts, 1.0, 0.0, 0.0) AS score FROM examples_fts
     WHERE examples_fts MATCH ? ORDER BY bm25(examples_fts, 1.0, 0.0, 0.0), rowid LIMIT 32`
  )
  const times: Record<'own' | 'fts5', number[]> = { own: [], fts5: [] }
  // Once for what is read at the first query only.
  dataset.bm25('x', 32)
  let same = 0
  for (let n = 1; n <= 7; n++) {
    const text = dataset.get(Math.floor((dataset.count * n) / 8)).input
    const own = timed(times.own, () => dataset.bm25(text, 32))
    const other = timed(times.fts5, () => fullText.all(`input : (${anyOf(searchTerms(text))})`))
    const worst = other.at(-1)!.score
    same += own.filter(({ score }) => score >= worst * (1 - 1e-12)).length / other.length / 7
  }
  dataset.close()
  db.close()
  const query = 'BM25 of a query of some 90 words'
  report({ name: `${query}, FTS5`, value: median(times.fts5), unit: 'ms', aim: null, holds: null })
  const detail = `${(same * 100).toFixed(0)} % of FTS5's best 32`
  report({ name: query, value: median(times.own), unit: 'ms', aim: null, holds: null, detail })
}

function timed<T>(into: number[], work: () => T): T {
  const started = performance.now()
  const result = work()
  into.push(performance.now() - started)
  return result
}

/** Tables beside the libraries that the field uses, a tenth of the rows. */
function tables(folder: string, report: Parameters<BenchSuite['run']>[0]): void {
  const word = makeWords()
  const count = Math.ceil(rows / 10)
  const inputs = Array.from({ length: count }, () => Array.from({ length: 90 }, word).join(' '))
  const csv = join(folder, 'rows.csv')
  writeFileSync(csv, `input,output\n${inputs.map((input) => `"${input}",x`).join('\n')}\n`)
  const parquet = join(folder, 'rows.parquet')
  const column = { name: 'input', data: inputs, type: 'STRING' as const }
  writeFileSync(parquet, Buffer.from(parquetWriteBuffer({ columnData: [column], rowGroupSize: 10_000 })))
  for (const [own, peer, file] of [
    ['own csv reader', 'csv-parse', csv],
    ['own parquet reader', 'hyparquet', parquet]
  ] as const) {
    const rates: Record<string, number[]> = {}
    for (let repeat = 0; repeat < repeats; repeat++)
      for (const what of [own, peer]) {
        const { rows, seconds } = measure(what, file, folder)
        ;(rates[what] ??= []).push(rows / seconds)
      }
    for (const what of [peer, own])
      report({ name: what, value: median(rates[what]!), unit: 'rows/s', aim: null, holds: null })
  }
}
