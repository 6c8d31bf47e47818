import { expect, test } from 'vitest'
import { evaluationSettingsSchema, tuneSettingsSchema } from '../../src/main/contract/run-settings.ts'
import { needsOf } from '../../src/main/costs/needs.ts'

const models: Record<string, { parameters: number; hiddenSize: number }> = {
  base: { parameters: 140e6, hiddenSize: 768 },
  encoder: { parameters: 22e6, hiddenSize: 384 }
}
const things = { model: (id: string) => models[id], examples: () => 1_000_000 }
const gigabytes = (kind: Parameters<typeof needsOf>[0], input: object) => needsOf(kind, input, things).memoryBytes / 1e9

const tune = tuneSettingsSchema.parse({})
const evaluation = evaluationSettingsSchema.parse({})

const run = (strategy: string, method: string, more: object = {}) => ({
  ...{
    strategy,
    model: { id: 'base' },
    tune: { ...tune, method },
    evaluation,
    indices: [],
    targets: [],
    reranker: null
  },
  ...{ dataset: 'd', provider: 'auto', ...more }
})

test('tuning all weights takes most, an adapter less, no tuning least; what a model of this size was seen to take fits', () => {
  const [full, adapter, none] = [
    gigabytes('run-strategy', run('semantic', 'full')),
    gigabytes('run-strategy', run('semantic', 'lora')),
    gigabytes('run-strategy', run('zero-shot', 'full'))
  ]
  expect(full).toBeGreaterThan(3)
  expect(full).toBeLessThan(6)
  // Gradients and moments of 140 million weights.
  expect(adapter).toBeLessThan(full - 1.5)
  expect(none).toBeLessThanOrEqual(adapter)
})

test('LoRA on a rounded base asks for what that takes, not for the weights in full', () => {
  const large = { ...things, model: () => ({ parameters: 2.85e9, hiddenSize: 2048 }) }
  const asked = (base: string) => {
    const short = { ...tune, method: 'lora', base, batchSize: 1, maxInputTokens: 128 }
    const input = {
      ...run('semantic', 'lora'),
      tune: short,
      evaluation: { ...evaluation, beams: 1, maxInputTokens: 128 }
    }
    return needsOf('run-strategy', input, large).memoryBytes / 1e9
  }
  expect(asked('8-bit')).toBeLessThan(6)
  expect(asked('4-bit')).toBeLessThan(asked('8-bit'))
  expect(asked('full')).toBeGreaterThan(12)
})

test('an index takes its graph beside the encoder, a share of it only the encoder', () => {
  const input = {
    datasetId: 'd',
    dataset: 'd',
    encoder: { modelId: 'encoder', representation: 'semantic' },
    vectorPrecision: 'fp32',
    search: 'hnsw',
    hnsw: null
  }
  const whole = { m: 16, efConstruction: 200, ef: 64, rows: 'fp32' }
  expect(gigabytes('build-index', { ...input, hnsw: whole })).toBeGreaterThan(1.5)
  // By itself a graph of this size keeps a byte a number.
  expect(gigabytes('build-index', input)).toBeGreaterThan(0.9)
  expect(gigabytes('build-index', input)).toBeLessThan(gigabytes('build-index', { ...input, hnsw: whole }))
  expect(gigabytes('embed-shard', input)).toBeLessThan(0.6)
})

test.each([
  ['auto', 'may'],
  ['cuda', 'must'],
  ['webgpu', 'must'],
  ['cpu', 'no']
])('what computes on "%s" needs a graphics processor: %s', (provider, graphics) => {
  expect(needsOf('run-strategy', run('random', 'full', { provider }), things).graphics).toBe(graphics)
})

test('what is tuned in half precision needs one where the lab may choose', () => {
  const half = { provider: 'auto', tune: { ...tune, precision: 'half' } }
  expect(needsOf('run-strategy', run('random', 'full', half), things).graphics).toBe('must')
})

test('what names no provider computes on the processor', () => {
  expect(needsOf('self-test', { steps: 1 }, things)).toMatchObject({ graphics: 'no' })
})
