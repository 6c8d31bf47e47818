import Database from 'better-sqlite3'
import { LabError, messageOf } from '../../contract/error.ts'
import { checkContent, type StoredRow } from '../content-check.ts'
import { datasetFormat, ungrouped } from '../dataset-tables.ts'
import type { DataFile } from './data-file.ts'
import { maxRecordBytes, type RawRecord, type RecordBatches } from './raw-record.ts'

const rowsPerRead = 1000
const shownCharacters = 500

export const labDatasetMapping = {
  input: 'input',
  output: 'outputs',
  task: 'task',
  template: 'template',
  group: 'group',
  id: 'id',
  choices: 'choices'
}

/**
 * The examples of another lab's data set (its `examples.db`), with all that makes up its content hash. The file is not
 * trusted: it is only read, by plain queries on plain tables, and row by row like any other file. Throws file-damaged,
 * or dataset-newer.
 */
export async function* readLabDataset(file: DataFile, read: { bytes: number }): RecordBatches {
  const db = open(file)
  try {
    const content = checkContent(file.path)
    if (content.state === 'damaged')
      throw damaged(file, new Error(content.problem ?? 'its content is not what it was sealed with'))
    const total = db.prepare<[], number>('SELECT count(*) FROM examples').pluck().get() ?? 0
    const size = db.prepare<[], number>('SELECT page_count * page_size FROM pragma_page_count, pragma_page_size')
    const bytes = size.pluck().get() ?? 0
    const rows = db.prepare<[number, number], StoredRow>(
      `SELECT e.id, e.outputs, e.choices, e.source_id AS sourceId, t.name AS task, g.name AS grp, m.name AS template,
         CASE WHEN octet_length(e.input) <= ${maxRecordBytes} THEN e.input END AS input
       FROM examples e JOIN tasks t ON t.id = e.task JOIN groups g ON g.id = t.grp JOIN templates m ON m.id = e.template
       WHERE e.id > ? ORDER BY e.id LIMIT ?`
    )
    let done = 0
    for (let last = 0, batch = rows.all(last, rowsPerRead); batch.length > 0; batch = rows.all(last, rowsPerRead)) {
      const next = batch.at(-1)!.id
      // A number beyond what JavaScript can count is rounded down, and the same rows would come again for ever.
      if (!Number.isSafeInteger(next) || next <= last)
        throw damaged(file, new Error(`The row ${next} has no usable number.`))
      last = next
      done += batch.length
      read.bytes = Math.round((bytes * done) / Math.max(total, 1))
      yield batch.map(record)
    }
  } catch (thrown) {
    throw thrown instanceof LabError ? thrown : damaged(file, thrown)
  } finally {
    db.close()
  }
}

function record(row: StoredRow): RawRecord {
  const { id, input, sourceId, task, template, grp } = row
  const about = { line: id, text: String(input).slice(0, shownCharacters) }
  try {
    const outputs: unknown = JSON.parse(row.outputs)
    const choices: unknown = row.choices === null ? null : JSON.parse(row.choices)
    const group = grp === ungrouped ? '' : grp
    return { ...about, value: { input, outputs, choices, task, template, group, id: sourceId }, problem: null }
  } catch {
    return { ...about, value: null, problem: { field: 'outputs', expected: 'a JSON list of texts' } }
  }
}

function open(file: DataFile): Database.Database {
  let db: Database.Database | null = null
  try {
    db = new Database(file.path, { readonly: true, fileMustExist: true })
    db.pragma('trusted_schema = off')
    db.pragma('cell_size_check = on')
    const plain = db.prepare<[], number>(
      `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'create virtual%'
         AND name IN ('examples', 'tasks', 'groups', 'templates', 'meta')`
    )
    if (plain.pluck().get() !== 5) throw new Error('it holds no data set of a lab')
    const format = Number(db.prepare("SELECT value FROM meta WHERE key = 'format'").pluck().get())
    if (!Number.isInteger(format)) throw new Error('it was never finished')
    if (format > datasetFormat)
      throw new LabError(
        'dataset-newer',
        `${file.name} was written by a newer lab (file format ${format}, this one reads up to ${datasetFormat}). ` +
          `Update this lab.`,
        { details: { file: file.name } }
      )
    return db
  } catch (thrown) {
    db?.close()
    throw thrown instanceof LabError ? thrown : damaged(file, thrown)
  }
}

function damaged(file: DataFile, thrown: unknown): LabError {
  return new LabError(
    'file-damaged',
    `${file.name} is a SQLite file, but not a data set that this lab can read (${messageOf(thrown)}). ` +
      `Give the examples.db of another lab's data folder, or the file that it was made from.`,
    { cause: thrown, details: { file: file.name } }
  )
}
