import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { readQuerySets } from '../../src/main/data/import/query-sets.ts'
import { readTaskGroups } from '../../src/main/data/import/task-groups.ts'
import { previewImport } from '../../src/main/data/import/preview.ts'
import { refuseLfsPointer } from '../../src/main/files/lfs-pointer.ts'
import { readConfig } from '../../src/main/models/config.ts'
import { openWeights } from '../../src/main/models/weights/checkpoint.ts'

const folder = mkdtempSync(join(tmpdir(), 'recross-lfs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const pointer = `version https://git-lfs.github.com/spec/v1
oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
size 12345678
`

/** Every kind of file that a user gives the lab, with what opens it. */
const doors: Record<string, (path: string) => unknown> = {
  'test-1000.json': (path) => previewImport({ file: path, format: null, mapping: null }, folder),
  'upstream.jsonl.gz': (path) => previewImport({ file: path, format: null, mapping: null }, folder),
  'fewshot.json': (path) => readQuerySets(path),
  'groups.json': async (path) => readTaskGroups(path),
  'config.json': () => readConfig(folder),
  'model.safetensors': (path) => openWeights(path),
  'pytorch_model.bin': (path) => openWeights(path)
}

it.each(Object.keys(doors))('a Git LFS pointer in the place of %s is named, with the way out', async (name) => {
  const path = join(folder, name)
  writeFileSync(path, pointer)
  await expect(doors[name]!(path)).rejects.toMatchObject({
    code: 'git-lfs-pointer',
    message: expect.stringContaining('git lfs pull') as string
  })
})

it('says what the pointer stands for, and leaves other files alone', () => {
  const path = join(folder, 'large.json')
  writeFileSync(path, pointer)
  expect(() => refuseLfsPointer(path)).toThrow('12,345,678 bytes')
  writeFileSync(path, 'version 2')
  expect(() => refuseLfsPointer(path)).not.toThrow()
  expect(() => refuseLfsPointer(join(folder, 'nowhere.json'))).not.toThrow()
})
