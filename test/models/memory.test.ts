import { describe, expect, it } from 'vitest'
import type { BartConfig } from '../../src/main/models/architectures/bart.ts'
import type { EncoderConfig } from '../../src/main/models/config.ts'
import { checkFits, memoryOf, type Purpose } from '../../src/main/models/memory.ts'

/** bart-base. */
const bart: BartConfig = {
  architecture: 'bart',
  role: 'seq2seq',
  vocabularySize: 50265,
  hiddenSize: 768,
  encoderLayers: 6,
  decoderLayers: 6,
  encoderHeads: 12,
  decoderHeads: 12,
  encoderFeedForward: 3072,
  decoderFeedForward: 3072,
  maxPositions: 1024,
  activation: 'gelu',
  scaleEmbedding: false,
  dropout: 0.1,
  attentionDropout: 0,
  activationDropout: 0,
  initStd: 0.02,
  tied: true,
  layout: { preNorm: false, embeddingNorm: true, positionOffset: 2, sinusoidal: false },
  ids: { pad: 1, bos: 0, eos: 2, decoderStart: 2 }
}

/** all-MiniLM-L6. */
const encoder: EncoderConfig = {
  architecture: 'bert',
  role: 'encoder',
  vocabularySize: 30522,
  hiddenSize: 384,
  embeddingSize: 384,
  layers: 6,
  heads: 12,
  feedForward: 1536,
  positionRows: 512,
  firstPosition: 0,
  tokenTypes: 2,
  relativeBuckets: null,
  activation: 'gelu',
  layerNormEpsilon: 1e-12,
  dropout: 0.1,
  attentionDropout: 0.1,
  classifierDropout: 0.1,
  labels: 2,
  initStd: 0.02,
  padId: 0
}

const train = { kind: 'train', moments: 2, batch: 4, inputTokens: 128, outputTokens: 128, dropout: true } as const
const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20)

describe('memoryOf', () => {
  it('counts weights, gradients and moments of bart-base exactly', () => {
    const estimate = memoryOf(bart, train)
    // 139,420,416 weights, and a bias per word that no training changes.
    expect(estimate.weights).toBe(4 * (139_420_416 + 50265))
    expect(estimate.gradients).toBe(estimate.weights)
    expect(estimate.moments).toBe(2 * estimate.weights)
    expect(estimate.total).toBe(estimate.weights + estimate.gradients + estimate.moments + estimate.activations)
  })

  it('keeps gradients and moments of what is trained only', () => {
    const adapter = memoryOf(bart, { ...train, trained: 600_000 })
    expect(adapter.gradients).toBe(4 * 600_000)
    expect(adapter.moments).toBe(8 * 600_000)
    expect(adapter.weights).toBe(memoryOf(bart, train).weights + 4 * 600_000)
    expect(adapter.activations).toBe(memoryOf(bart, train).activations)
  })

  it.each<[string, Purpose, Purpose]>([
    ['a larger batch', { ...train, batch: 8 }, train],
    ['longer inputs', { ...train, inputTokens: 256 }, train],
    ['longer outputs', { ...train, outputTokens: 256 }, train],
    ['dropout', train, { ...train, dropout: false }],
    ['keeping all values', train, { ...train, recompute: true }],
    [
      'more beams',
      { kind: 'generate', batch: 8, inputTokens: 128, outputTokens: 64, beams: 4 },
      { kind: 'generate', batch: 8, inputTokens: 128, outputTokens: 64, beams: 1 }
    ],
    ['training', train, { kind: 'generate', batch: 4, inputTokens: 128, outputTokens: 128, beams: 1 }]
  ])('finds that %s takes more activations', (_, more, less) => {
    expect(memoryOf(bart, more).activations).toBeGreaterThan(memoryOf(bart, less).activations)
  })

  it('counts what a large head is screened with, greedily alone', () => {
    const greedy = { kind: 'generate', batch: 8, inputTokens: 128, outputTokens: 64, beams: 1 } as const
    const small = { ...bart, vocabularySize: 3000 }
    const added = (config: BartConfig): number =>
      memoryOf(config, greedy).weights - memoryOf(config, { ...greedy, beams: 4 }).weights
    expect([added(bart), added(small)]).toEqual([50265 * (768 + 4 * 13), 0])
  })

  it('is near what was measured for bart-base, 4 times 128 tokens: 745 MB of activations', () => {
    expect(megabytes(memoryOf(bart, train).activations)).toBeGreaterThan(0.85 * 745)
    expect(megabytes(memoryOf(bart, train).activations)).toBeLessThan(1.15 * 745)
  })

  it('adds the int8 copies of the linear layers, of an encoder and of what an adapter is trained on', () => {
    const plain = memoryOf(encoder, { kind: 'embed', tokens: 4096, longest: 256 })
    const int8 = memoryOf(encoder, { kind: 'embed', tokens: 4096, longest: 256, precision: 'fast' })
    // Six blocks of four square layers and two of four times the width.
    expect(int8.weights - plain.weights).toBe(6 * 12 * 384 ** 2)
    expect(plain.gradients + plain.moments).toBe(0)
    const lora = { ...train, trained: 1000 }
    const extra = memoryOf(bart, { ...lora, precision: 'fast' }).total - memoryOf(bart, lora).total
    // Encoder and decoder, whose blocks have four more square layers.
    expect(extra).toBe(2 * 6 * (12 + 16) * 768 ** 2)
  })

  it('adds two bytes of every weight where products are in half precision', () => {
    const extra = memoryOf(bart, { ...train, precision: 'half' }).total - memoryOf(bart, train).total
    expect(extra).toBe(memoryOf(bart, train).weights / 2)
  })
})

describe('checkFits', () => {
  it('refuses what does not fit, with the parts and what to do', () => {
    const estimate = memoryOf(bart, train)
    expect(() => checkFits('/models/bart', estimate, 2 ** 31)).toThrow(
      /\/models\/bart needs about 2\.\d GB of memory \(weights 0\.5 GB, .*machine has 2\.0 GB.*LoRA/
    )
    expect(() => checkFits('/models/bart', estimate, 2 ** 33)).not.toThrow()
    const embed = memoryOf(encoder, { kind: 'embed', tokens: 4096, longest: 256 })
    expect(() => checkFits('/models/minilm', embed, 2 ** 26)).toThrow(/smaller batches/)
  })
})
