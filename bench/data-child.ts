import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import Database from 'better-sqlite3'
import { parse } from 'csv-parse'
import { parquetReadObjects } from 'hyparquet'
import { asyncBufferFromFile } from 'hyparquet/src/node.js'
import { importDataset as asked } from '../src/main/contract/kinds/data.ts'
import { importDataset } from '../src/main/data/import/import-dataset.ts'
import { formats } from '../src/main/data/import/formats.ts'

/**
 * One measurement in a process of its own, so that its memory is its own:
 * `data-child.ts <what> <file> <folder>` prints seconds, rows and the largest resident size.
 */
const [what, file, folder] = process.argv.slice(2) as [string, string, string]

const work: Record<string, () => Promise<number>> = {
  async import() {
    const hooks = { report: () => undefined, log: () => undefined, paused: async () => undefined }
    const input = asked.input.parse({
      ...{ datasetId: 'bench', name: 'bench', kind: 'upstream', files: [file], format: null, mapping: null },
      ...{ groupsFile: null, querySetsFile: null, licence: 'MIT', source: 'bench' }
    })
    return (await importDataset(input, folder, hooks)).examples
  },
  async 'own reader'() {
    let rows = 0
    for await (const records of formats.jsonl.read({ path: file, name: file }, { bytes: 0 }, null, {}))
      rows += records.length
    return rows
  },
  async readline() {
    let rows = 0
    for await (const line of createInterface({ input: createReadStream(file) })) if (JSON.parse(line) !== null) rows++
    return rows
  },
  async sqlite() {
    const db = new Database(`${folder}/raw.db`)
    db.pragma('journal_mode = OFF')
    db.pragma('synchronous = OFF')
    db.exec('CREATE TABLE rows(id INTEGER PRIMARY KEY, input TEXT, output TEXT, task TEXT); BEGIN')
    const insert = db.prepare('INSERT INTO rows(input, output, task) VALUES (?, ?, ?)')
    let rows = 0
    for await (const records of formats.jsonl.read({ path: file, name: file }, { bytes: 0 }, null, {}))
      for (const { value } of records) {
        const { input, output, task } = value as Record<string, string>
        insert.run(input, output, task)
        rows++
      }
    db.exec('COMMIT')
    db.close()
    return rows
  },
  async 'csv-parse'() {
    let rows = 0
    for await (const _ of createReadStream(file).pipe(parse({ columns: true }))) rows++
    return rows
  },
  async 'own csv reader'() {
    let rows = 0
    for await (const records of formats.csv.read({ path: file, name: file }, { bytes: 0 }, null, {}))
      rows += records.length
    return rows
  },
  async hyparquet() {
    return (await parquetReadObjects({ file: await asyncBufferFromFile(file) })).length
  },
  async 'own parquet reader'() {
    let rows = 0
    for await (const records of formats.parquet.read({ path: file, name: file }, { bytes: 0 }, null, {}))
      rows += records.length
    return rows
  }
}

const started = performance.now()
const rows = await work[what]!()
const seconds = (performance.now() - started) / 1000
process.stdout.write(JSON.stringify({ rows, seconds, bytes: process.resourceUsage().maxRSS * 1024 }))
process.exit()
