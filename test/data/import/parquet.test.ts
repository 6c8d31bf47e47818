import { parquetWriteBuffer } from 'hyparquet-writer'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { previewImport } from '../../../src/main/data/import/preview.ts'
import { importFiles, newFolder } from './run-import.ts'

const count = 2500
const numbers = Array.from({ length: count }, (_, n) => n)
const file = Buffer.from(
  parquetWriteBuffer({
    columnData: [
      { name: 'inputs', data: numbers.map((n) => [n, n + 1]) },
      { name: 'inputs_pretokenized', data: numbers.map((n) => `Frage ${n}: wie spät ist es? 夏`), type: 'STRING' },
      { name: 'targets_pretokenized', data: numbers.map((n) => `${n} Uhr`), type: 'STRING' },
      { name: 'idx', data: numbers, type: 'INT32' }
    ],
    rowGroupSize: 700
  })
)

it('Parquet with several row groups is read in order, without the columns of token ids', async () => {
  const { examples } = await importFiles({ 'train-00000-of-00001.parquet': file })
  expect(examples).toHaveLength(count)
  expect(examples[2499]).toMatchObject({
    input: 'Frage 2499: wie spät ist es? 夏',
    outputs: ['2499 Uhr'],
    sourceId: '2499'
  })
})

it('cut Parquet is told', async () => {
  for (const cut of [file.subarray(0, 5000), Buffer.concat([file.subarray(0, 3000), file.subarray(6000)])])
    await expect(importFiles({ 'x.parquet': cut })).rejects.toMatchObject({ code: 'file-damaged' })
})

it('a preview shows ten rows, the columns and a mapping; and what is wrong', async () => {
  const folder = newFolder()
  const parquet = join(folder, 'x.parquet')
  writeFileSync(parquet, file)
  const preview = await previewImport({ file: parquet, format: null, mapping: null }, folder)
  expect(preview).toMatchObject({
    format: 'parquet',
    columns: ['inputs', 'inputs_pretokenized', 'targets_pretokenized', 'idx'],
    mapping: { input: 'inputs_pretokenized', output: 'targets_pretokenized', id: 'idx' },
    estimatedExamples: count
  })
  expect(preview.rows).toHaveLength(10)
  const csv = join(folder, 'x.csv')
  writeFileSync(csv, 'left,right\na,b\nc\nd,e\n')
  expect(await previewImport({ file: csv, format: null, mapping: null }, folder)).toMatchObject({
    mapping: null,
    columns: ['left', 'right'],
    rows: []
  })
  const mapped = await previewImport({ file: csv, format: null, mapping: { input: 'left', output: 'right' } }, folder)
  expect(mapped.rows.map(({ input, outputs }) => [input, ...outputs])).toEqual([
    ['a', 'b'],
    ['d', 'e']
  ])
  expect(mapped.problems).toMatchObject([{ line: 3, field: 'right' }])
})
