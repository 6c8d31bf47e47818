import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { Store } from '../../src/main/store/store.ts'

test('another version of the lab copies the database before it changes anything, and keeps two such copies', () => {
  const folder = mkdtempSync(join(tmpdir(), 'recross-versions-'))
  const path = join(folder, 'lab.db')
  const copies = () => readdirSync(folder).filter((name) => name.includes('.before-'))
  const open = (version: string, threads: number) => {
    const store = new Store(path, version)
    const before = store.settings.get().threads
    store.settings.save({ threads })
    store.close()
    return before
  }
  open('0.1.0', 1)
  expect(copies(), 'a new home has nothing to keep').toEqual([])
  open('0.1.0', 2)
  expect(copies(), 'the same version').toEqual([])
  expect(open('0.2.0', 3)).toBe(2)
  expect(copies()).toEqual(['lab.db.before-v0.2.0'])
  const copy = new Sqlite(join(folder, 'lab.db.before-v0.2.0'), { readonly: true })
  const row = copy.prepare("select value from settings where key = 'threads'").get()
  copy.close()
  expect(row, 'as it was').toEqual({ value: '2' })
  open('0.3.0', 4)
  open('0.4.0', 5)
  expect(copies().sort()).toEqual(['lab.db.before-v0.3.0', 'lab.db.before-v0.4.0'])
})
