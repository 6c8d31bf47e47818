/**
 * Vectors and scores hang on the texts alone, not on how many threads compute them: an index is found again on a machine with
 * other cores, and its parts are embedded with fewer threads than the whole.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { embed } from '../../../src/main/engine/inference/embed.ts'
import { Runners, type InferenceModel } from '../../../src/main/engine/inference/model.ts'
import { scorePairs } from '../../../src/main/engine/inference/pairs.ts'
import { parametersOf } from '../../../src/main/models/architectures/index.ts'
import { readConfig } from '../../../src/main/models/config.ts'
import { drawParameter, createModelFolder, type ConfigFields } from '../../../src/main/models/create.ts'
import { Random } from '../../../src/main/random/random.ts'
import { numberTokenizer } from './golden-model.ts'

/** Odd ones, more than there are texts in a batch, and more than there are heads. */
const threadCounts = [2, 5, 8, 16]
const vocabulary = 200
const common = { vocab_size: vocabulary, pad_token_id: 1, eos_token_id: 2 }
const bert = {
  ...{ hidden_size: 96, num_hidden_layers: 1, num_attention_heads: 4, intermediate_size: 192 },
  ...{ max_position_embeddings: 600, type_vocab_size: 1, bos_token_id: 0, ...common }
}
const bart = {
  ...{ d_model: 96, encoder_layers: 1, decoder_layers: 1, encoder_attention_heads: 4, decoder_attention_heads: 4 },
  ...{ encoder_ffn_dim: 160, decoder_ffn_dim: 160, max_position_embeddings: 600, bos_token_id: 0, ...common },
  ...{ decoder_start_token_id: 2, activation_function: 'gelu' }
}
const t5 = {
  ...{ d_model: 96, d_kv: 24, num_heads: 4, num_layers: 1, num_decoder_layers: 1, d_ff: 160, ...common },
  ...{ decoder_start_token_id: 0, feed_forward_proj: 'relu', pad_token_id: 0, eos_token_id: 1 }
}
const families: [string, ConfigFields][] = [
  ['RoBERTa', { model_type: 'roberta', ...bert }],
  ['BART', { model_type: 'bart', ...bart }],
  ['T5', { model_type: 't5', ...t5 }]
]
const classifier: ConfigFields = {
  model_type: 'roberta',
  architectures: ['RobertaForSequenceClassification'],
  num_labels: 2,
  ...bert
}

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'recross-threads-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function modelOf(name: string, fields: ConfigFields): Promise<InferenceModel> {
  const random = new Random(name)
  const path = join(folder, name)
  await createModelFolder(path, fields, () => random.normal())
  const config = await readConfig(path)
  const parameters = parametersOf(config)
  // Larger than a model begins with, so that sums have something to round.
  const weights = new Map(
    parameters.map((one) => [one.name, drawParameter(one, () => random.normal()).map((value) => value * 4)])
  )
  return {
    ...{ config, parameters, generation: null, sentence: null, tokenizer: numberTokenizer },
    ...{ weight: (of) => weights.get(of)!, live: false, precision: 'fp32', provider: 'cpu', threads: 1 }
  }
}

/** Texts of 1 to `longest` ids, most of them short, in no order. */
function texts(seed: string, count: number, longest: number): string[] {
  const random = new Random(seed)
  return Array.from({ length: count }, () => {
    const length = random.between(1, random.below(4) === 0 ? longest : 40)
    return Array.from({ length }, () => random.between(3, vocabulary - 1)).join(' ')
  })
}

async function vectorsOf(
  model: InferenceModel,
  threads: number | undefined,
  asked: readonly string[],
  how: Parameters<typeof embed>[3]
): Promise<Float32Array[]> {
  const own = { ...model, threads }
  const runners = new Runners(own)
  const vectors: Float32Array[] = []
  for await (const batch of embed(own, runners, asked, how)) {
    const width = batch.vectors.length / batch.indices.length
    batch.indices.forEach((text, row) => (vectors[text] = batch.vectors.slice(row * width, (row + 1) * width)))
  }
  await runners.release()
  return vectors
}

/** Texts whose vectors are not the same to the last bit. */
const differing = (a: readonly Float32Array[], b: readonly Float32Array[]): number[] =>
  a.flatMap((vector, text) => (vector.every((value, at) => Object.is(value, b[text]![at])) ? [] : [text]))

describe.each(families)('vectors of %s', (name, fields) => {
  test.each(['mean', 'max'] as const)('pooled by %s', async (pooling) => {
    const model = await modelOf(name, fields)
    const asked = texts(`${name} ${pooling}`, 24, 400)
    const how = { pooling, normalize: pooling === 'mean' }
    const one = await vectorsOf(model, 1, asked, how)
    for (const threads of threadCounts) {
      expect(differing(one, await vectorsOf(model, threads, asked, how)), `${threads} threads`).toEqual([])
    }
  })
})

test('with weights that are fed, as those of large models are', async () => {
  const wide = { model_type: 'roberta', ...bert, hidden_size: 320 }
  const model = { ...(await modelOf('fed', wide)), live: true }
  const asked = texts('fed', 9, 200)
  const how = { pooling: 'mean', normalize: true } as const
  const one = await vectorsOf(model, 1, asked, how)
  for (const threads of [2, 5, 16])
    expect(differing(one, await vectorsOf(model, threads, asked, how)), `${threads} threads`).toEqual([])
})

test('one text alone, and a model narrower than a batch has texts', async () => {
  const narrow = await modelOf('narrow', { model_type: 'roberta', ...bert, hidden_size: 16, intermediate_size: 32 })
  const asked = texts('narrow', 70, 20)
  for (const some of [asked, asked.slice(0, 1), texts('long', 1, 400)]) {
    const one = await vectorsOf(narrow, 1, some, { pooling: 'mean' })
    for (const threads of threadCounts)
      expect(differing(one, await vectorsOf(narrow, threads, some, { pooling: 'mean' }))).toEqual([])
  }
})

test('8-bit weights', async () => {
  const model = { ...(await modelOf('int8', { model_type: 'roberta', ...bert })), precision: 'fast' as const }
  const asked = texts('int8', 15, 200)
  const how = { pooling: 'mean' as const }
  const one = await vectorsOf(model, 1, asked, how)
  for (const threads of [2, 5, 16]) expect(differing(one, await vectorsOf(model, threads, asked, how))).toEqual([])
})

test('scores of pairs', async () => {
  const model = await modelOf('classifier', classifier)
  const left = texts('left', 60, 200)
  const pairs = texts('right', 60, 100).map((text, at) => [left[at]!, text] as const)
  const scores = async (threads: number): Promise<number[]> => {
    const own = { ...model, threads }
    const runners = new Runners(own)
    try {
      return await scorePairs(own, runners, pairs, { score: 'logit' })
    } finally {
      await runners.release()
    }
  }
  const one = await scores(1)
  expect(new Set(one).size).toBeGreaterThan(50)
  for (const threads of threadCounts) expect(await scores(threads)).toEqual(one)
})
