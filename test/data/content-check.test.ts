import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, test } from 'vitest'
import { checkContent } from '../../src/main/data/content-check.ts'
import { DatasetWriter } from '../../src/main/data/dataset-writer.ts'
import { readLabDataset } from '../../src/main/data/import/read-lab-dataset.ts'

const folder = mkdtempSync(join(tmpdir(), 'recross-content-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Rows of tasks whose groups come late or differ from row to row: the file keeps one group a task. */
function sealed(name: string): string {
  const path = join(folder, `${name}.db`)
  const writer = new DatasetWriter(path, { name, kind: 'upstream' })
  for (let at = 0; at < 300; at++) {
    const group = at % 7 === 0 ? {} : { group: `group ${at % 2}` }
    const choices = at % 5 === 0 ? { choices: ['yes', 'no'] } : {}
    const example = {
      input: `Question ${at}? ${'word '.repeat(at % 40)}`,
      outputs: [`Answer ${at}`],
      task: `task ${at % 3}`
    }
    writer.add({ ...example, ...group, ...choices, sourceId: `row-${at}`, template: `template ${at % 2}` })
  }
  writer.seal()
  return path
}

const original = sealed('original')

function changed(name: string, change: (path: string) => void): string {
  const path = join(folder, `${name}.db`)
  copyFileSync(original, path)
  change(path)
  return path
}

function edit(sql: string): (path: string) => void {
  return (path) => {
    const db = new Database(path)
    db.exec(sql)
    db.close()
  }
}

describe('a sealed data set', () => {
  test('is whole as it was written', () => {
    expect(checkContent(original)).toEqual({ state: 'whole', problem: null })
  })

  test.each([
    ['a text', "UPDATE examples SET input = input || '.' WHERE id = 150"],
    ['an answer', `UPDATE examples SET outputs = '["x"]' WHERE id = 1`],
    ['the choices', `UPDATE examples SET choices = '["a","b"]' WHERE id = 6`],
    ['a task', 'UPDATE examples SET task = 1 WHERE id = 1'],
    ['a template', 'UPDATE examples SET template = 1 WHERE id = 1'],
    ['where a row came from', "UPDATE examples SET source_id = 'x' WHERE id = 9"],
    ['a row that is gone', 'DELETE FROM examples WHERE id = 300'],
    [
      'two rows that changed places',
      'UPDATE examples SET id = 1000 WHERE id = 1; UPDATE examples SET id = 1 WHERE id = 2'
    ],
    ['the name of a task', "UPDATE tasks SET name = 'other' WHERE id = 0"]
  ])('is damaged with a change of %s', (name, sql) => {
    expect(checkContent(changed(name, edit(sql)))).toMatchObject({ state: 'damaged' })
  })

  test('is never called whole after a byte of its texts has changed, wherever it is', () => {
    const bytes = readFileSync(original)
    // Every 97th byte behind the schema; what is no text may rightly change nothing.
    const wrong: number[] = []
    for (let at = 16_384; at < bytes.length; at += 997) {
      const path = join(folder, 'flipped.db')
      const flipped = Buffer.from(bytes)
      flipped[at] = flipped[at]! ^ 0x20
      writeFileSync(path, flipped)
      const texts = (file: string) => {
        const db = new Database(file, { readonly: true })
        try {
          return JSON.stringify(
            db.prepare('SELECT id, input, outputs, choices, source_id FROM examples ORDER BY id').all()
          )
        } catch {
          return 'damaged'
        } finally {
          db.close()
        }
      }
      if (checkContent(path).state === 'whole' && texts(path) !== texts(original)) wrong.push(at)
    }
    expect(wrong).toEqual([])
  })

  test('of an earlier version, without the hash of its rows, is compared by its content hash', () => {
    const path = changed('earlier', edit("DELETE FROM meta WHERE key = 'rowsHash'"))
    expect(checkContent(path)).toMatchObject({ state: 'unknown' })
  })

  test('is refused at the import when its texts are not those of its hash', async () => {
    const path = changed('foreign', edit("UPDATE examples SET input = 'other' WHERE id = 10"))
    const read = async (file: string) => {
      let rows = 0
      for await (const batch of readLabDataset({ path: file, name: 'examples.db' }, { bytes: 0 })) rows += batch.length
      return rows
    }
    expect(await read(original)).toBe(300)
    await expect(read(path)).rejects.toMatchObject({ code: 'file-damaged' })
  })
})
