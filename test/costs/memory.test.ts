/**
 * What memory is said to take, in both places that say it: the engine's, which knows every weight, against sums over the weights made
 * here; the scheduler's, which knows a model's size alone, against the engine's and against what processes took at their highest.
 */
import { describe, expect, test } from 'vitest'
import { answeringBytes, tuningBytes, type Tuning } from '../../src/main/costs/memory.ts'
import { baseWeights, type BaseWeights } from '../../src/main/contract/base-weights.ts'
import { precisions, type Precision } from '../../src/main/contract/precision.ts'
import { modelTypeOf, parametersOf } from '../../src/main/models/architectures/index.ts'
import { memoryOf } from '../../src/main/models/memory.ts'
import type { ModelConfig } from '../../src/main/models/config.ts'

const t5 = { vocab_size: 32_128, d_kv: 64, feed_forward_proj: 'gated-gelu', tie_word_embeddings: false }
const bartOf = (width: number, layers: number) => ({
  ...{ vocab_size: 50_265, d_model: width, encoder_layers: layers, decoder_layers: layers },
  ...{ encoder_ffn_dim: 4 * width, decoder_ffn_dim: 4 * width },
  ...{ encoder_attention_heads: width / 64, decoder_attention_heads: width / 64 }
})
const shapes: Record<string, [type: string, fields: object]> = {
  'bart-base': ['bart', bartOf(768, 6)],
  'bart-large': ['bart', bartOf(1024, 12)],
  't5-base': ['t5', { ...t5, d_model: 768, d_ff: 2048, num_heads: 12, num_layers: 12 }],
  'T0-3B': ['t5', { ...t5, d_model: 2048, d_ff: 5120, num_heads: 32, num_layers: 24 }],
  '11 billion': ['t5', { ...t5, d_model: 4096, d_ff: 10_240, num_heads: 64, num_layers: 24 }]
}

function configOf(name: string): ModelConfig {
  const [type, fields] = shapes[name]!
  return modelTypeOf(type)!.schema.parse({ model_type: type, ...fields })
}

const product = (dims: readonly number[]): number => dims.reduce((all, dim) => all * dim, 1)
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)

/** Of each weight what it takes: linear layers end in `weight`, are no tables and have two dimensions. */
function weightsByHand(config: ModelConfig, base: BaseWeights, copies: number): number {
  const sizes = parametersOf(config).map(({ name, dims }) => {
    const size = product(dims)
    const linear = dims.length === 2 && !/shared|embed|lm_head|relative_attention_bias|final_logits_bias/.test(name)
    const bytes = {
      full: (4 + copies) * size,
      '8-bit': size + 4 * dims[0]!,
      '4-bit': Math.ceil(size / 2) + 4 * Math.ceil(size / 64)
    }
    return { bytes: linear ? bytes[base] : 4 * size, inFull: linear ? 4 * size : 0 }
  })
  const oneInFull = base === 'full' ? 0 : Math.max(...sizes.map(({ inFull }) => inFull))
  return sum(sizes.map(({ bytes }) => bytes)) + oneInFull
}

const methods = ['full', 'last-blocks', 'lora'] as const
const ways = Object.keys(shapes).flatMap((name) =>
  methods.flatMap((method) =>
    precisions.flatMap((precision) =>
      // What the lab refuses: rounded weights that are trained, fast products of 4 bits.
      baseWeights
        .filter((base) => base === 'full' || (method === 'lora' && !(base === '4-bit' && precision === 'fast')))
        .map((base) => ({ name, method, precision, base }))
    )
  )
)

const batch = { batchSize: 4, maxInputTokens: 128, maxOutputTokens: 32 }

function trainedOf(config: ModelConfig, method: Tuning['method']): number {
  const list = parametersOf(config).map(({ name, dims }) => ({ name, dims, size: product(dims) }))
  if (method === 'full') return sum(list.map(({ size }) => size))
  const layers = Math.max(...list.map(({ name }) => Number(/\.(\d+)\./.exec(name)?.[1] ?? -1)))
  if (method === 'last-blocks')
    return sum(
      list.filter(({ name }) => name.includes(`.${layers}.`) && /block|layers/.test(name)).map(({ size }) => size)
    )
  const adapted = list.filter(({ name }) => /\.(q|v)(_proj)?\.weight$/.test(name))
  return sum(adapted.map(({ dims }) => 16 * (dims[0]! + dims[1]!)))
}

describe('what the engine says of a tuning', () => {
  test.each(ways)(
    '$name, $method, $precision, base $base: every weight counted',
    ({ name, method, precision, base }) => {
      const config = configOf(name)
      const trained = trainedOf(config, method)
      const { batchSize, maxInputTokens, maxOutputTokens } = batch
      const estimate = memoryOf(config, {
        ...{ kind: 'train', trained, beside: method === 'lora', moments: 2, batch: batchSize, dropout: true },
        ...{ inputTokens: maxInputTokens, outputTokens: maxOutputTokens, precision, base }
      })
      const byHand = weightsByHand(config, base, precision === 'fast' ? 2 : 0) + (method === 'lora' ? 4 * trained : 0)
      expect(estimate.weights).toBe(byHand)
      expect([estimate.gradients, estimate.moments]).toEqual([4 * trained, 8 * trained])
    }
  )
})

/** What Node and the runtime take beside, as the benches' children said before they made anything, and what the runtime adds. */
const besides = 3e8

const sized = (name: string) => {
  const config = configOf(name)
  return { parameters: sum(parametersOf(config).map(({ dims }) => product(dims))), hiddenSize: config.hiddenSize }
}

describe('what a scheduler is asked for', () => {
  test.each(ways)('$name, $method, $precision, base $base: what the engine says, to a quarter', (way) => {
    const { name, method, precision, base } = way
    const config = configOf(name)
    const engine = memoryOf(config, {
      ...{ kind: 'train', trained: trainedOf(config, method), beside: method === 'lora', moments: 2, dropout: true },
      ...(method === 'last-blocks' ? { lastBlocks: 1 } : {}),
      ...{ batch: batch.batchSize, inputTokens: batch.maxInputTokens, outputTokens: batch.maxOutputTokens },
      ...{ precision, base }
    })
    const share = tuningBytes(sized(name), { ...batch, method, precision, base }) / (engine.total + besides)
    expect(share).toBeGreaterThan(0.8)
    expect(share).toBeLessThan(1.25)
  })

  test.each(
    Object.keys(shapes).flatMap((name) =>
      baseWeights.flatMap((base) =>
        precisions
          .filter((precision) => precision === 'fp32' || base !== '4-bit')
          .map((precision) => ({ name, base, precision }))
      )
    )
  )('$name, answers, $precision, base $base: what the engine says, to a quarter', ({ name, base, precision }) => {
    const purpose = {
      kind: 'generate',
      batch: 8,
      inputTokens: 128,
      outputTokens: 32,
      beams: 4,
      precision,
      base
    } as const
    const engine = memoryOf(configOf(name), purpose)
    const answering = { maxInputTokens: 128, maxOutputTokens: 32, beams: 4, precision, base }
    const share = answeringBytes(sized(name), answering) / (engine.total + besides)
    expect(share).toBeGreaterThan(0.8)
    expect(share).toBeLessThan(1.25)
  })

  const lora = { method: 'lora', loraRank: 8, dropout: 0 } as const
  const short = { batchSize: 1, maxInputTokens: 32, maxOutputTokens: 8 }
  const even = { batchSize: 4, maxInputTokens: 128, maxOutputTokens: 128, dropout: 0 }
  test.each<[name: string, tuning: Tuning, peak: number]>([
    ['bart-base', { ...even, method: 'full' }, 3.09],
    ['bart-base', { ...even, ...lora }, 1.39],
    ['bart-base', { ...even, method: 'last-blocks' }, 1.36],
    ['bart-base', { ...even, method: 'full', precision: 'fast' }, 3.3],
    ['bart-base', { ...even, ...lora, precision: 'fast' }, 1.6],
    ['bart-base', { ...even, ...lora, base: '8-bit' }, 0.94],
    ['bart-base', { ...even, ...lora, base: '4-bit' }, 0.96],
    ['bart-large', { ...even, ...lora }, 2.66],
    ['T0-3B', { ...short, ...lora, base: '8-bit' }, 3.79],
    ['T0-3B', { ...short, ...lora, base: '4-bit' }, 2.62],
    ['11 billion', { ...short, ...lora, base: '4-bit' }, 8.3]
  ])('of %s is near what a process took at its highest: %o', (name, tuning, peak) => {
    const share = tuningBytes(sized(name), tuning) / 1e9 / peak
    expect(share).toBeGreaterThan(0.8)
    expect(share).toBeLessThan(1.25)
  })

  test.each<[name: string, base: BaseWeights, precision: Precision, peak: number]>([
    ['T0-3B', '8-bit', 'fp32', 3.71],
    ['T0-3B', '4-bit', 'fp32', 2.42],
    ['11 billion', '4-bit', 'fp32', 7.96]
  ])('of %s in %s that answers, in %s, too', (name, base, precision, peak) => {
    const answering = { maxInputTokens: 32, maxOutputTokens: 4, beams: 1, precision, base }
    const share = answeringBytes(sized(name), answering) / 1e9 / peak
    expect(share).toBeGreaterThan(0.8)
    expect(share).toBeLessThan(1.25)
  })
})
