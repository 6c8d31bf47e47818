import Database from 'better-sqlite3'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { previewImport } from '../../../src/main/data/import/preview.ts'
import { importFiles, importPaths, newFolder } from './run-import.ts'

const rows = [
  { input: 'Is it warm?', output: ['yes', 'indeed'], task: 'weather', group: 'small talk', choices: ['yes', 'no'] },
  { input: 'Name a fruit.', output: 'pear', task: 'fruit', group: 'small talk', template: 'short' },
  { input: '["a", "b"] — which?', output: '["a"]', task: 'lists' }
]
const mapping = {
  input: 'input',
  output: 'output',
  task: 'task',
  group: 'group',
  template: 'template',
  choices: 'choices'
}
const made = () => importFiles({ 'x.jsonl': rows.map((row) => JSON.stringify(row)).join('\n') }, { mapping })

it('the data set of another lab is the same data set here, found in its folder too', async () => {
  const first = await made()
  for (const path of [join(first.folder, 'examples.db'), first.folder]) {
    const again = await importPaths([path], {}, newFolder())
    if (path === first.folder) {
      // The folder also holds the file that the data set was made from.
      expect(again.output).toMatchObject({ examples: 6, duplicates: 3 })
      continue
    }
    expect(again.output.contentHash).toBe(first.output.contentHash)
    expect(again.examples).toEqual(first.examples)
  }
})

it('its preview shows the rows', async () => {
  const { folder } = await made()
  const preview = await previewImport({ file: join(folder, 'examples.db'), format: null, mapping: null }, newFolder())
  expect(preview).toMatchObject({ format: 'lab', estimatedExamples: 3, problems: [] })
  expect(preview.rows.map((row) => row.input)).toEqual(rows.map((row) => row.input))
})

const spoiled: [string, string, string][] = [
  [
    'a view in the place of the examples',
    'ALTER TABLE examples RENAME TO e; CREATE VIEW examples AS SELECT * FROM e',
    'file-damaged'
  ],
  ['tables that are missing', 'DROP TABLE templates', 'file-damaged'],
  ['a newer format', "UPDATE meta SET value = '99' WHERE key = 'format'", 'dataset-newer'],
  ['answers that are not those of the hash', "UPDATE examples SET outputs = '{' WHERE id = 2", 'file-damaged'],
  [
    'answers that are no list, in a file from before there was such a hash',
    "UPDATE examples SET outputs = '{' WHERE id = 2; DELETE FROM meta WHERE key = 'rowsHash'",
    'too-many-bad-lines'
  ]
]
it.each(spoiled)('%s is told', async (_, sql, code) => {
  const path = join((await made()).folder, 'examples.db')
  const db = new Database(path)
  db.exec(sql)
  db.close()
  await expect(importPaths([path], {}, newFolder())).rejects.toMatchObject({ code })
})
