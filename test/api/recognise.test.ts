import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { recognise } from '../../src/main/features/datasets/recognise.ts'

const folder = mkdtempSync(join(tmpdir(), 'recross-recognise-'))

test.each([
  ['questions.csv', 'question,answer\n1,2\n', 'data'],
  ['rows.jsonl', '{"input":"a","output":"b"}\n', 'data'],
  ['rows.json', '[{"input":"a"}]', 'data'],
  ['task.json', '{"examples":[{"input":"a","target":"b"}]}', 'data'],
  ['broken.json', '{"models":', 'data'],
  ['study.yaml', 'name: x\n', 'study'],
  ['Study.YML', 'name: x\n', 'study'],
  ['study.json', '{"study":1,"name":"x"}', 'study'],
  ['plain.json', '{"name":"x","models":{"base":"b"},"targets":["t"]}', 'study'],
  ['carried.zip', 'PK\u0003\u0004…ro-crate-metadata.json…', 'archive'],
  ['rows.zip', 'PK\u0003\u0004…rows.csv…', 'data'],
  ['questions.txt', 'What is it?\n', 'data'],
  ['ümläut & "quoted".xlsx', 'PK', 'data']
])('%s is told by what is in it', async (name, text, what) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  expect(await recognise(path)).toEqual({ what, path })
})

test.each([
  ['config.json', 'model'],
  ['modules.json', 'model'],
  ['part-0.jsonl', 'data']
])('a folder with %s', async (name, what) => {
  const path = mkdtempSync(join(tmpdir(), 'recross-folder-'))
  writeFileSync(join(path, name), '{}')
  expect((await recognise(path)).what).toBe(what)
})

test('the list of files of an archive lies at its end', async () => {
  const path = join(folder, 'large.zip')
  writeFileSync(path, `${'x'.repeat(400_000)}ro-crate-metadata.json`)
  expect((await recognise(path)).what).toBe('archive')
})

test('what is not there is said', async () => {
  await expect(recognise(join(folder, 'gone.csv'))).rejects.toMatchObject({ code: 'file-missing' })
  mkdirSync(join(folder, 'empty'))
  expect((await recognise(join(folder, 'empty'))).what).toBe('data')
})

test.each(['model.safetensors', 'pytorch_model.bin', 'modules.json'])(
  'whoever brings %s out of the folder of a model means the model',
  async (name) => {
    const model = mkdtempSync(join(folder, 'model-'))
    writeFileSync(join(model, 'config.json'), '{}')
    writeFileSync(join(model, name), '{}')
    expect(await recognise(join(model, name))).toEqual({ what: 'model', path: model })
    const alone = mkdtempSync(join(folder, 'alone-'))
    writeFileSync(join(alone, name), '{}')
    if (name !== 'modules.json') expect((await recognise(join(alone, name))).what).toBe('data')
  }
)
