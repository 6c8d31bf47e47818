import { cpSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digestOf, fingerprintModel } from '../../src/main/models/fingerprint.ts'

const weights = join(import.meta.dirname, 'weights', 'golden')
let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lab-fingerprint-'))
})
afterAll(() => rmSync(root, { recursive: true }))

/** A model folder made of a checkpoint, a config and a tokenizer. */
function modelFolder(name: string, layout = 'safetensors'): string {
  const folder = join(root, name)
  cpSync(join(weights, layout), folder, { recursive: true })
  writeFileSync(join(folder, 'config.json'), '{"model_type":"bart"}')
  writeFileSync(join(folder, 'tokenizer.json'), '{}')
  return folder
}

describe('fingerprintModel', () => {
  it('is the same for the same files in another folder', async () => {
    const one = await fingerprintModel(modelFolder('one'))
    expect(one).toMatch(/^[0-9a-f]{64}$/)
    expect(await fingerprintModel(modelFolder('two'))).toBe(one)
  })

  it.each([
    'config.json',
    'tokenizer.json',
    'generation_config.json',
    '1_Pooling/config.json',
    'config_sentence_transformers.json',
    'spiece.model'
  ])('changes with %s', async (file) => {
    const folder = modelFolder(`changed-${file.replaceAll(/\W/g, '-')}`)
    writeFileSync(join(folder, 'modules.json'), '[{"path":"1_Pooling","type":"sentence_transformers.models.Pooling"}]')
    const before = await fingerprintModel(folder)
    cpSync(join(weights, 'expected.json'), join(folder, file))
    expect(await fingerprintModel(folder)).not.toBe(before)
  })

  it('changes with the weights, whole or in shards', async () => {
    const layouts = ['safetensors', 'zip', 'sharded-safetensors', 'sharded-bin']
    const found = await Promise.all(layouts.map((layout) => fingerprintModel(modelFolder(`layout-${layout}`, layout))))
    expect(new Set(found).size).toBe(layouts.length)
  })

  it('does not change with files that the lab does not read', async () => {
    const folder = modelFolder('others')
    const before = await fingerprintModel(folder)
    writeFileSync(join(folder, 'README.md'), 'changed')
    writeFileSync(join(folder, 'pytorch_model.bin'), 'another format of the same weights')
    expect(await fingerprintModel(folder)).toBe(before)
  })
})

describe('digestOf', () => {
  it('reads a file again when its size or its time of change differ', async () => {
    const file = join(root, 'file')
    writeFileSync(file, 'one')
    utimesSync(file, 1000, 1000)
    const one = await digestOf(file)
    expect(one).toBe('7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed')
    writeFileSync(file, 'two')
    utimesSync(file, 1000, 1000)
    expect(await digestOf(file), 'as long as neither changed').toBe(one)
    utimesSync(file, 2000, 2000)
    expect(await digestOf(file)).not.toBe(one)
  })

  it('stops when it is told to', async () => {
    const file = join(root, 'aborted')
    writeFileSync(file, 'x')
    await expect(digestOf(file, AbortSignal.abort())).rejects.toThrow(/abort/i)
  })
})
