import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parametersOf } from '../../src/main/models/architectures/index.ts'
import { readConfig, type ModelConfig } from '../../src/main/models/config.ts'
import { createModelFolder, type ConfigFields } from '../../src/main/models/create.ts'
import { locateParameters, savedName, type TensorSource } from '../../src/main/models/locate.ts'
import { openCheckpoint } from '../../src/main/models/weights/checkpoint.ts'
import { readCase } from '../oracle/golden.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'locate-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A checkpoint that holds the model's tensors under other names. */
function sourceOf(config: ModelConfig, rename: (name: string) => string | null): TensorSource {
  const tensors = new Map<string, readonly number[]>()
  for (const { name, dims } of parametersOf(config)) {
    const other = rename(name)
    if (other !== null) tensors.set(other, dims)
  }
  return {
    files: ['model.safetensors'],
    names: () => [...tensors.keys()],
    has: (name) => tensors.has(name),
    info: (name) => ({ shape: tensors.get(name)! })
  }
}

const renamings: [string, string, (name: string) => string | null][] = [
  ['bart saved as its bare model', 'bart', (name) => name.replace(/^model\./, '')],
  ['bart without its logit bias', 'bart', (name) => (name === 'final_logits_bias' ? null : name)],
  ['bart with the table under the encoder', 'bart', (name) => name.replace('shared', 'encoder.embed_tokens')],
  ['bart with the table as head', 'bart', (name) => name.replace('model.shared.weight', 'lm_head.weight')],
  ['t5 with the table under the decoder', 't5', (name) => name.replace('shared', 'decoder.embed_tokens')],
  ['bert under a prefix', 'bert', (name) => `bert.${name}`],
  [
    'bert with the names of TensorFlow',
    'bert',
    (name) => `bert.${name}`.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta')
  ],
  ['roberta under a prefix', 'roberta', (name) => `roberta.${name}`],
  ['mpnet under a prefix', 'mpnet', (name) => `mpnet.${name}`],
  ['distilbert under a prefix', 'distilbert', (name) => `distilbert.${name}`],
  ['bart from DataParallel', 'bart', (name) => `module.${name}`],
  ['t5 from DataParallel inside Lightning', 't5', (name) => `model.module.${name}`],
  ['bert from torch.compile', 'bert', (name) => `_orig_mod.bert.${name}`],
  ['mpnet as a module of sentence-transformers', 'mpnet', (name) => `0.auto_model.${name}`],
  ['roberta under a name that its author chose', 'roberta', (name) => `text_encoder.backbone.${name}`]
]

describe('a checkpoint is found under any of its names', () => {
  test.each(renamings)('%s', async (_, name, rename) => {
    const { config } = await readCase(name)
    const located = locateParameters(config, sourceOf(config, rename))
    expect(located.map((parameter) => parameter.name)).toEqual(parametersOf(config).map((parameter) => parameter.name))
    for (const { name: own, source } of located) expect(source).toBe(rename(own))
  })
})

test('T5 without a head of its own takes the embedding table; with one it uses it', async () => {
  const { config } = await readCase('t5-lm-adapted')
  const names = (rename: (name: string) => string | null) =>
    locateParameters(config, sourceOf(config, rename)).map(({ name }) => name)
  expect(names((name) => name)).toContain('lm_head.weight')
  expect(names((name) => (name === 'lm_head.weight' ? null : name))).not.toContain('lm_head.weight')
  const scaled = await readCase('t5')
  expect(parametersOf(scaled.config).map(({ name }) => name)).not.toContain('lm_head.weight')
})

test('a missing tensor and a wrong shape are named, with what to do', async () => {
  const { config } = await readCase('bart')
  const lost = 'model.decoder.layers.1.fc2.bias'
  const without = sourceOf(config, (name) => (name === lost ? null : name))
  expect(() => locateParameters(config, without)).toThrow(
    expect.objectContaining({ code: 'tensor-missing', message: expect.stringContaining(lost) as string })
  )
  const other = { ...sourceOf(config, (name) => name), info: () => ({ shape: [1, 2, 3] }) }
  expect(() => locateParameters(config, other)).toThrow(
    expect.objectContaining({ code: 'tensor-shape', message: expect.stringContaining('[1, 2, 3]') as string })
  )
})

test('an encoder without a classifier may be given a fresh one, and only then', async () => {
  const { config } = await readCase('roberta-pair')
  const bare = sourceOf(config, (name) => (name.startsWith('classifier.') ? null : savedName(config, name)))
  expect(() => locateParameters(config, bare)).toThrow(expect.objectContaining({ code: 'tensor-missing' }))
  const located = locateParameters(config, bare, { freshHead: true })
  expect(located.filter(({ source }) => source === null).map(({ name }) => name)).toEqual([
    'classifier.dense.weight',
    'classifier.dense.bias',
    'classifier.out_proj.weight',
    'classifier.out_proj.bias'
  ])
})

const fresh: [string, ConfigFields][] = [
  [
    'bart',
    {
      model_type: 'bart',
      vocab_size: 50,
      d_model: 8,
      encoder_layers: 1,
      decoder_layers: 1,
      encoder_attention_heads: 2,
      decoder_attention_heads: 2,
      encoder_ffn_dim: 8,
      decoder_ffn_dim: 8,
      max_position_embeddings: 16
    }
  ],
  ['t5', { model_type: 't5', vocab_size: 50, d_model: 8, d_kv: 4, d_ff: 8, num_layers: 1, num_heads: 2 }],
  [
    'mpnet',
    {
      model_type: 'mpnet',
      vocab_size: 50,
      hidden_size: 8,
      num_hidden_layers: 1,
      num_attention_heads: 2,
      intermediate_size: 8
    }
  ],
  [
    'roberta',
    {
      model_type: 'roberta',
      architectures: ['RobertaForSequenceClassification'],
      vocab_size: 50,
      hidden_size: 8,
      num_hidden_layers: 1,
      num_attention_heads: 2,
      intermediate_size: 8
    }
  ]
]

describe('a fresh model folder', () => {
  test.each(fresh)('%s: can be opened, and the same numbers give the same weights', async (name, fields) => {
    const normal = () => {
      let state = 7
      return () => ((state = (state * 48271) % 2147483647) / 2147483647) * 2 - 1
    }
    const read = async (path: string) => {
      await createModelFolder(path, fields, normal())
      const config = await readConfig(path)
      const checkpoint = await openCheckpoint(path)
      const located = locateParameters(config, checkpoint)
      const values = await Promise.all(located.map(({ source }) => checkpoint.read(source!)))
      await checkpoint.close()
      return { located, values }
    }
    const first = await read(join(folder, `${name}-1`))
    const second = await read(join(folder, `${name}-2`))
    expect(first.values).toEqual(second.values)
    first.located.forEach(({ initial }, index) => {
      const values = first.values[index]!
      if (initial.kind === 'constant') expect(values.every((value) => value === Math.fround(initial.value))).toBe(true)
      else if (initial.kind === 'normal')
        expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(Math.fround(initial.std) * 1.0001)
    })
  })

  test('leaves nothing behind where the fields do not fit', async () => {
    const path = join(folder, 'bad')
    const fields = { model_type: 'bart', d_model: 10, encoder_attention_heads: 3 }
    await expect(createModelFolder(path, fields, () => 0)).rejects.toMatchObject({ code: 'model-file-invalid' })
    await expect(readConfig(path)).rejects.toMatchObject({ code: 'model-file-missing' })
  })
})
