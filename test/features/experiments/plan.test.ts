import type { StrategyName } from '../../../src/main/contract/strategies.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { experimentSpecSchema, presetSchema } from '../../../src/main/contract/experiments.ts'
import type { ProviderChoice } from '../../../src/main/contract/providers.ts'
import type { TuneSettings } from '../../../src/main/contract/run-settings.ts'
import { demoExperiment } from '../../../src/main/features/experiments/demo.ts'
import { chooseTestRows } from '../../../src/main/evaluation/test-rows.ts'
import { runBytes, runSeconds, type EstimateFacts } from '../../../src/main/features/experiments/estimate.ts'
import {
  askedFingerprint,
  runFingerprint,
  tuningFingerprint,
  type RunIdentity
} from '../../../src/main/features/experiments/fingerprint.ts'
import { computingOf } from '../../../src/main/features/experiments/computing.ts'
import { planRuns, sharedWork } from '../../../src/main/features/experiments/plan-runs.ts'
import { presetSpec } from '../../../src/main/features/experiments/presets.ts'
import { normalise } from '../../../src/main/features/experiments/resolve.ts'
import { specOf } from './spec.ts'

describe('the runs of an experiment', () => {
  test('of the paper: one zero-shot, five random for all targets, one per target and round for the others', () => {
    const runs = planRuns(specOf())
    const count = (strategy: string) => runs.filter((run) => run.strategy === strategy).length
    expect([count('zero-shot'), count('random'), count('semantic'), count('dense')]).toEqual([1, 5, 15, 15])
    expect(runs.filter((run) => run.strategy === 'random').every((run) => run.targetIds.length === 3)).toBe(true)
    expect(new Set(runs.map((run) => run.key)).size).toBe(runs.length)
  })
  test('every strategy of a round has the same seed, every round another', () => {
    const runs = planRuns(specOf()).filter((run) => run.strategy !== 'zero-shot')
    for (const run of runs) expect(run.seed).toBe(42 + run.round)
  })
  test('where labels of the queries join in, random is no longer shared', () => {
    const spec = specOf({ tune: { ...specOf().tune, merge: 'mix' } })
    const random = planRuns(spec).filter((run) => run.strategy === 'random')
    expect(random).toHaveLength(15)
    expect(sharedWork(spec).join()).not.toMatch(/Random/)
  })
  test('leaving out groups repeats what retrieves, and nothing else', () => {
    const runs = planRuns(specOf({ ablateGroups: ['topic', 'sentiment'] }))
    const ablated = runs.filter((run) => run.ablatedGroup !== null)
    expect(ablated).toHaveLength(2 * 5 * 2 * 3)
    expect(new Set(ablated.map((run) => run.strategy))).toEqual(new Set(['semantic', 'dense']))
  })
  test('fast tuning is for every way of tuning, and answers have a precision of their own', () => {
    for (const method of ['full', 'last-blocks', 'lora'] as const) {
      const { tune } = normalise(specOf({ tune: { ...specOf().tune, method, precision: 'fast' } }))
      expect(tune).toMatchObject({ method, precision: 'fast' })
    }
    expect(normalise(specOf({ evaluation: { ...specOf().evaluation, precision: 'fast' } })).tune.precision).toBe('fp32')
  })
  test('a base in fewer bits is for LoRA in one stage, and in 4 bits for exact products; anything else is refused by name', () => {
    const { tune, evaluation } = specOf()
    type Tune = Partial<typeof tune>
    const of = (change: Tune, answers: 'fp32' | 'fast' = 'fp32') =>
      normalise(
        specOf({ tune: { ...tune, method: 'lora', ...change }, evaluation: { ...evaluation, precision: answers } })
      )
    const bases = ['full', '8-bit', '4-bit'] as const
    const methods = ['full', 'last-blocks', 'lora'] as const
    for (const base of bases)
      for (const method of methods)
        for (const merge of ['unsupervised', 'two-stage', 'mix'] as const)
          for (const precision of ['fp32', 'fast', 'half'] as const)
            for (const answers of ['fp32', 'fast'] as const) {
              if (precision === 'fast' && method !== 'lora') continue
              const fast = precision === 'fast' || answers === 'fast'
              const exact = precision !== 'half' && (base === '8-bit' || !fast)
              const possible = base === 'full' || (method === 'lora' && merge !== 'two-stage' && exact)
              const spec = () => of({ base, method, merge, precision }, answers)
              if (possible) expect(spec().tune).toMatchObject({ base, method, merge })
              else
                expect(spec).toThrow(
                  expect.objectContaining({
                    code: 'bad-spec',
                    message: expect.stringMatching(/tune\.base.*Set .* or tune\.base to "full"/) as string
                  })
                )
            }
  })
  test('half precision is for every way of tuning where a device may compute, and refused by name elsewhere', () => {
    const of = (provider: ProviderChoice, method: TuneSettings['method'] = 'full') =>
      normalise(specOf({ provider, tune: { ...specOf().tune, method, precision: 'half' } }))
    for (const method of ['full', 'last-blocks', 'lora'] as const)
      for (const provider of ['auto', 'webgpu'] as const)
        expect(of(provider, method)).toMatchObject({ provider, tune: { method, precision: 'half' } })
    for (const provider of ['cpu', 'cuda', 'dml', 'coreml'] as const)
      expect(() => of(provider)).toThrow(
        expect.objectContaining({
          code: 'bad-spec',
          message: expect.stringMatching(/"half".*"webgpu" or "auto", or tune\.precision to "fp32"/) as string
        })
      )
  })
  test('the preset "paper" has the paper’s numbers', () => {
    expect(presetSpec('paper')).toMatchObject({
      ...{ rounds: 5, queries: 16, strategies: ['zero-shot', 'random', 'semantic', 'dense'] },
      retrieval: { selector: 'aggregate-choices', budget: 512 },
      tune: {
        ...{ method: 'full', merge: 'unsupervised', optimizer: 'adamw', learningRate: 6e-6, weightDecay: 0.01 },
        ...{ epsilon: 1e-8, epochs: 2, batchSize: 4, accumulation: 1, warmupSteps: 0, clipNorm: 0.1 },
        ...{ labelSmoothing: 0, maxInputTokens: 512, maxOutputTokens: 64 }
      },
      evaluation: { testExamples: 1000, maxInputTokens: 512, maxOutputTokens: 64, beams: 4 }
    })
  })
  test('a preset fits the base model: the paper’s keeps the paper’s rate, a smaller one gets a larger one', () => {
    const of = (parameters: number) => presetSpec('paper', { parameters })
    expect(of(406_291_456)).toEqual(presetSpec('paper'))
    const sizes = [1.3e6, 15e6, 60e6, 140e6, 406e6, 780e6, 3e9]
    const rates = sizes.map((parameters) => of(parameters).tune.learningRate)
    expect(rates).toEqual(rates.toSorted((a, b) => b - a))
    expect(rates[0]).toBe(1e-3)
    // The model that comes with the lab is tuned as the demo tunes it, at every size of an experiment.
    const demo = demoExperiment({
      datasetId: 'd',
      models: { base: 'm', encoder: 'e', reranker: null, retriever: null },
      targetIds: ['t']
    })
    const { rerank } = presetSpec('paper').retrieval
    expect(of(1.3e6)).toMatchObject({
      ...{ tune: demo.tune, evaluation: demo.evaluation },
      // How candidates are paired is the preset's: the demo pairs them with their own query to save time.
      retrieval: { ...demo.retrieval, rerank }
    })
    for (const preset of presetSchema.options)
      expect(presetSpec(preset, { parameters: 1.3e6 }).tune).toMatchObject({ learningRate: 1e-3, batchSize: 16 })
  })
  test('presets and the demo are whole experiments', () => {
    for (const preset of presetSchema.options)
      expect(experimentSpecSchema.safeParse({ ...specOf(), ...presetSpec(preset) }).success).toBe(true)
    expect(
      demoExperiment({
        datasetId: 'd',
        models: { base: 'm', encoder: 'e', reranker: null, retriever: null },
        targetIds: ['a']
      }).rounds
    ).toBe(3)
  })
})

describe('the fingerprint of a run', () => {
  const spec = specOf()
  const identity: RunIdentity = {
    strategy: 'dense',
    seed: 1,
    model: { fingerprint: 'm', prefix: '' },
    datasetHash: 'd',
    indices: ['i'],
    reranker: null,
    targets: [
      {
        datasetHash: 't',
        metrics: ['em'],
        answerBy: 'generation',
        queries: [{ input: 'q', outputs: ['a'] }],
        excludedIds: [3, 1]
      }
    ],
    tuning: null,
    retrieval: spec.retrieval,
    tune: spec.tune,
    evaluation: spec.evaluation,
    provider: 'cpu',
    computedOn: ['onnxruntime 1.30.0', 'linux-x64', 'Some processor', '2 threads']
  }
  const changedTarget = (change: Partial<RunIdentity['targets'][number]>) => [{ ...identity.targets[0]!, ...change }]

  test.each<[string, Partial<RunIdentity>]>([
    ['the seed', { seed: 2 }],
    ['the model', { model: { fingerprint: 'n', prefix: '' } }],
    ['the prefix', { model: { fingerprint: 'm', prefix: '<s> ' } }],
    ['the upstream data', { datasetHash: 'e' }],
    ['the index', { indices: ['j'] }],
    ['the test data', { targets: changedTarget({ datasetHash: 'u' }) }],
    ['a query', { targets: changedTarget({ queries: [{ input: 'r', outputs: ['a'] }] }) }],
    ['what is left out', { targets: changedTarget({ excludedIds: [1] }) }],
    ['the learning rate', { tune: { ...spec.tune, learningRate: 1e-4 } }],
    ['the bits of the base', { model: { ...identity.model, base: '4-bit' } }],
    ['the beams', { evaluation: { ...spec.evaluation, beams: 1 } }],
    ['how the index is searched', { indices: ['i graph 16 200 64'] }],
    ['the threads', { computedOn: identity.computedOn.with(3, '1 threads') }],
    ['the runtime', { computedOn: identity.computedOn.with(0, 'onnxruntime 1.31.0') }],
    ['the processor', { computedOn: identity.computedOn.with(2, 'Another') }],
    ['the provider', { provider: 'webgpu' }]
  ])('changes with %s', (_name, change) => {
    expect(runFingerprint({ ...identity, ...change })).not.toBe(runFingerprint(identity))
  })
  test.each<[string, RunIdentity, Partial<RunIdentity>]>([
    ['the order of what is left out', identity, { targets: changedTarget({ excludedIds: [1, 3] }) }],
    ['labels that nobody tunes on', identity, { targets: changedTarget({ queries: [{ input: 'q', outputs: [] }] }) }],
    ['queries, for random', { ...identity, strategy: 'random' }, { targets: changedTarget({ queries: [] }) }],
    [
      'tuning, for zero-shot',
      { ...identity, strategy: 'zero-shot' },
      { tune: { ...spec.tune, epochs: 9 }, seed: 5, indices: [] }
    ]
  ])('does not change with %s', (_name, base, change) => {
    expect(runFingerprint({ ...base, ...change })).toBe(runFingerprint(base))
  })
  // Of format 3, tuned ones of format 4. Finished runs are found by them, so they must never change where the numbers do not.
  test.each<[StrategyName, string[], string]>([
    ['zero-shot', [], '68f943e81c7a2b491c90549f331d47a1'],
    ['random', [], '08df4e9d877ea23e2a5a9dcdf1195b45'],
    ['lexical', [], '0f1c5961a230b5df393391414147b8e1'],
    ['semantic', ['i'], '16d479d8642860b8dc1aba452608a25c'],
    ['dense', ['i'], 'edcbf5fd8c458cb9f182d9018fac611c']
  ])('of %s is what it always was', (strategy, indices, known) => {
    expect(runFingerprint({ ...identity, strategy, indices })).toBe(known)
  })
  // What is stored of a run is as the contract was then; a field that came later is not in it.
  test.each<[string, Partial<RunIdentity['tune']>]>([
    ['schedule', { schedule: 'constant' }],
    ['lossReduction', { lossReduction: 'sum' }],
    ['answers', { answers: 'drawn' }],
    ['maxSteps', { maxSteps: 3 }],
    ['repeatQueries', { repeatQueries: true }],
    ['queryLearningRate', { queryLearningRate: 1e-5 }],
    ['queryEpochs', { queryEpochs: 5 }],
    ['precision', { precision: 'fast' }],
    ['base', { base: '4-bit' }]
  ])(
    'of a run from before `tune.%s` was a field is that of today with the usual value, and no other',
    (name, other) => {
      const { [name as 'schedule']: today, ...before } = spec.tune
      const stored = { ...identity, tune: before as RunIdentity['tune'] }
      const target = identity.targets[0]!
      expect(today).toBeDefined()
      expect(runFingerprint(stored)).toBe('edcbf5fd8c458cb9f182d9018fac611c')
      expect(runFingerprint(identity)).toBe(runFingerprint(stored))
      expect(tuningFingerprint(stored)).toBe(tuningFingerprint(identity))
      expect(askedFingerprint(stored, target)).toBe(askedFingerprint(identity, target))
      const changed = { ...identity, tune: { ...spec.tune, ...other } }
      expect(runFingerprint(changed)).not.toBe(runFingerprint(stored))
      expect(tuningFingerprint(changed)).not.toBe(tuningFingerprint(stored))
    }
  )
  test.each<[string, Partial<RunIdentity['retrieval']>]>([
    ['queryShare', { queryShare: 0.5 }],
    ['over', { over: 'both' }]
  ])('of a run from before `retrieval.%s` was a field likewise', (name, other) => {
    const { [name as 'queryShare']: today, ...before } = spec.retrieval
    const stored = { ...identity, retrieval: before as RunIdentity['retrieval'] }
    expect(today).toBeDefined()
    expect(runFingerprint(stored)).toBe('edcbf5fd8c458cb9f182d9018fac611c')
    expect(runFingerprint(identity)).toBe(runFingerprint(stored))
    expect(tuningFingerprint(stored)).toBe(tuningFingerprint(identity))
    const changed = { ...identity, retrieval: { ...spec.retrieval, ...other } }
    expect(runFingerprint(changed)).not.toBe(runFingerprint(stored))
    expect(tuningFingerprint(changed)).not.toBe(tuningFingerprint(stored))
  })
  test('changes with labels where they are tuned on', () => {
    const mixed = { ...identity, tune: { ...spec.tune, merge: 'mix' as const } }
    const other = { ...mixed, targets: changedTarget({ queries: [{ input: 'q', outputs: ['b'] }] }) }
    expect(runFingerprint(other)).not.toBe(runFingerprint(mixed))
  })
})

describe('the cores of a run', () => {
  const small = { parameters: 7e6, hiddenSize: 256 }
  const large = { parameters: 139e6, hiddenSize: 768 }
  const desktop = { cores: 8, memory: 32e9 }
  const cramped = { cores: 8, memory: 4e9 }
  const tiny = { cores: 8, memory: 0.5e9 }
  test.each<[string, Parameters<typeof computingOf>, Omit<ReturnType<typeof computingOf>, 'atOnce'>, number]>([
    ['one for a small model', [{ provider: 'cpu' }, small, desktop], { provider: 'cpu', cores: 1 }, 8],
    ['one where the lab may choose', [{ provider: 'auto' }, small, desktop], { provider: 'cpu', cores: 1 }, 8],
    ['more where memory is short', [{ provider: 'cpu' }, small, cramped], { provider: 'cpu', cores: 3 }, 2],
    ['all where not even two fit', [{ provider: 'cpu' }, small, tiny], { provider: 'cpu', cores: 8 }, 1],
    [
      'all where half precision asks for a device',
      [{ provider: 'auto', tune: { precision: 'half' } }, small, desktop],
      { provider: 'auto', cores: null },
      1
    ],
    ['all for a large model', [{ provider: 'auto' }, large, desktop], { provider: 'auto', cores: null }, 1],
    ['all on a device', [{ provider: 'webgpu' }, small, desktop], { provider: 'webgpu', cores: null }, 1]
  ])('are %s', (_name, asked, expected, atOnce) => {
    expect(computingOf(...asked)).toEqual({ ...expected, atOnce })
  })
})

describe('an estimate', () => {
  const facts: EstimateFacts = {
    speed: {
      tuneSecondsPerExample: 0.1,
      evaluateSecondsPerExample: 0.05,
      embedSecondsPerExample: 0.01,
      rerankSecondsPerPair: 0.002,
      startSeconds: 2,
      peakBytes: 1e9
    },
    parameters: 139e6,
    hiddenSize: 768,
    targets: new Map([
      ['a', { rows: 280, inputLength: 300 }],
      ['b', { rows: 5000, inputLength: 300 }],
      ['c', { rows: 1000, inputLength: 300 }]
    ])
  }
  const find = (strategy: string, spec = specOf()) => planRuns(spec).find((run) => run.strategy === strategy)!

  test('adds up start, tuning and answers', () => {
    expect(runSeconds(specOf(), find('zero-shot'), facts)).toBeCloseTo(2 + (280 + 1000 + 1000) * 0.05, 9)
    expect(runSeconds(specOf(), find('random'), facts)).toBeCloseTo(2 + 2280 * 0.05 + 2 + 1024 * 0.1, 9)
    expect(runSeconds(specOf(), find('dense'), facts)).toBeCloseTo(2 + 280 * 0.05 + 2 + 16 * 0.01 + 2 + 1024 * 0.1, 9)
  })
  test('keeps megabytes for LoRA and the whole weights for full tuning', () => {
    const full = runBytes(specOf(), find('dense'), facts).weights
    const lora = runBytes(specOf({ tune: { ...specOf().tune, method: 'lora' } }), find('dense'), facts).weights
    expect(full).toBe(4 * 139e6)
    expect(lora).toBeLessThan(20e6)
    expect(runBytes(specOf(), find('zero-shot'), facts)).toMatchObject({ weights: 0, whileTuning: 0 })
    expect(runBytes(specOf(), find('zero-shot'), facts).answers).toBeLessThan(5e6)
  })
})

describe('the rows that are tested', () => {
  const rows = fc
    .array(fc.record({ sourceItem: fc.nat({ max: 12 }) }), { maxLength: 60 })
    .map((all) => all.map((row, at) => ({ id: at + 1, ...row })))

  test('are all where there are no more than wanted', () => {
    fc.assert(
      fc.property(rows, (all) => {
        expect(chooseTestRows(all, all.length)).toEqual(all)
      })
    )
  })
  test('come from as many source items as possible, spread evenly, in order', () => {
    fc.assert(
      fc.property(rows, fc.nat({ max: 60 }), (all, wanted) => {
        const chosen = chooseTestRows(all, wanted)
        expect(chosen).toHaveLength(Math.min(wanted, all.length))
        expect(chosen.map((row) => row.id)).toEqual(chosen.map((row) => row.id).sort((a, b) => a - b))
        const items = new Set(all.map((row) => row.sourceItem)).size
        expect(new Set(chosen.map((row) => row.sourceItem)).size).toBe(Math.min(items, chosen.length))
      })
    )
  })
})
