import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readStudyText, writeStudyText } from '../../src/main/features/studies/study-text.ts'
import type { ExperimentSpec } from '../../src/main/contract/experiments.ts'
import { nearnessStrategies, strategyNames, untuned } from '../../src/main/contract/strategies.ts'
import { studyJsonSchema, type Study } from '../../src/main/contract/study.ts'
import { forkStarter } from '../../src/main/hosts/fork-starter.ts'
import { Lab } from '../../src/main/hosts/lab.ts'
import { workerEntry } from '../../src/main/hosts/project.ts'
import { presetSpec } from '../../src/main/features/experiments/presets.ts'

const createdAt = '2026-11-23T06:00:00.000Z'
const hashOf = (digit: string) => digit.repeat(64)

/** Things as imports leave them; two of one name, and names that YAML could take for something else. */
function fill({ services: { store } }: Lab): void {
  const counts = { examples: 9, tasks: 1, groups: 1, duplicates: 0, rejected: 0, bytes: 1000 }
  const dataset = (id: string, name: string, kind: 'upstream' | 'target', digit: string) =>
    store.datasets.insert({ id, name, kind, contentHash: hashOf(digit), ...counts, source: '', licence: '', createdAt })
  dataset('up-1', 'P3: "mixed" # all', 'upstream', '1')
  dataset('up-2', 'P3: "mixed" # all', 'upstream', '2')
  dataset('data-a', 'rows', 'target', 'a')
  dataset('data-b', 'rows', 'target', 'b')
  for (const [id, name, datasetId] of [
    ['a', 'no', 'data-a'],
    ['b', '1e3', 'data-b']
  ] as const) {
    const shape = { testExamples: 9, sourceItems: 9, metrics: ['em' as const], answerBy: 'generation' as const }
    store.targets.insert({ id, datasetId, name, ...shape, createdAt })
    for (const round of [0, 1, 2]) {
      const queries = [{ input: `${id} ${round}`, outputs: ['x'], sourceId: 'q' }]
      const set = { targetId: id, size: 1, round, origin: 'sampled' as const, seed: 1, inTest: 0, queries }
      store.querySets.insert({ id: `q-${id}-${round}`, ...set })
    }
  }
  const model = (id: string, name: string, role: 'seq2seq' | 'encoder', digit: string, prefix = '') =>
    store.models.insert({
      ...{ id, name, role, prefix, architecture: 'bart', parameters: 406e6, hiddenSize: 32, maxInputTokens: 64 },
      ...{
        fingerprint: hashOf(digit),
        bytes: 1,
        source: '',
        licence: '',
        reranker: null,
        retriever: null,
        createdAt,
        foundRate: null
      }
    })
  model('base-1', 'BART0', 'seq2seq', 'c', '<s> ')
  model('base-2', 'BART0', 'seq2seq', 'c')
  model('enc', '- encoder', 'encoder', 'e')
}

const number = fc.double({ min: 1e-9, max: 1, noNaN: true })
const count = (most: number) => fc.integer({ min: 1, max: most })
const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
  fc.constantFrom(
    'null',
    '~',
    'on',
    '0x1F',
    '1_000',
    '---',
    '&a',
    '*a',
    'a: b',
    '# c',
    'line\nbreak',
    '  ',
    '"',
    "'",
    '2026-11-27'
  )
)

const specs: fc.Arbitrary<ExperimentSpec> = fc
  .record({
    name: text,
    base: fc.constantFrom('base-1', 'base-2'),
    encoder: fc.constantFrom('enc', null),
    datasetId: fc.constantFrom('up-1', 'up-2'),
    targetIds: fc.constantFrom(['a'], ['b'], ['b', 'a']),
    strategies: fc.uniqueArray(fc.constantFrom(...strategyNames), { minLength: 1 }),
    rounds: count(3),
    groups: fc.uniqueArray(text, { maxLength: 3 }),
    budget: count(100_000),
    rate: number,
    patience: fc.option(count(9)),
    clipNorm: fc.option(number),
    seed: fc.nat(),
    planned: fc.boolean()
  })
  .map((one): ExperimentSpec => {
    const preset = presetSpec('paper')
    const { patience, clipNorm } = one
    return {
      ...preset,
      ...{ name: one.name, datasetId: one.datasetId, targetIds: [...one.targetIds], strategies: one.strategies },
      ...{ rounds: one.rounds, queries: 1, ablateGroups: one.groups, seed: one.seed },
      models: {
        base: one.base,
        encoder: one.encoder
      } as ExperimentSpec['models'],
      retrieval: { ...preset.retrieval, budget: one.budget, withoutTasks: one.groups },
      tune: {
        ...preset.tune,
        learningRate: one.rate,
        clipNorm,
        earlyStopping: patience === null ? null : { heldOutShare: 0.2, everySteps: 3, patience }
      },
      planned: one.planned ? [{ strategy: nearnessStrategies[0], against: untuned }] : []
    }
  })

let lab: Lab
let home: string
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'recross-home-'))
  lab = await Lab.open({ host: 'cli', workers: forkStarter(workerEntry()), home })
  fill(lab)
})
afterAll(async () => {
  await lab.close()
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
})

describe('a study file', () => {
  test.each(['yaml', 'json'] as const)(
    'of any experiment, written as %s, is read as the same experiment',
    async (format) => {
      await fc.assert(
        fc.asyncProperty(specs, async (spec) => {
          const { text } = await lab.client.studies.write({ of: { spec }, format })
          const { specs: read } = await lab.client.studies.read({ text })
          expect(read).toHaveLength(1)
          expect(read[0]).toMatchObject(spec)
        }),
        { numRuns: 30 }
      )
    }
  )

  test('is the same text after reading and writing it again', () => {
    const study: Study = { name: 'x', vary: { seed: [1, 2] }, tune: { learningRate: 1e-4 } }
    const text = writeStudyText(study, 'yaml')
    expect(writeStudyText(readStudyText(text, 'it')[0]!, 'yaml')).toBe(text)
  })

  test('leaves to the preset what it does not say, and may ask for several experiments', async () => {
    const text = ['models: { base: base-2 }', 'data: up-1', 'targets: ["no"]', 'tune: { epochs: 3 }'].join('\n')
    const { specs } = await lab.client.studies.read({
      text: `${text}\nvary:\n  seed: [1, 2]\n  tune.optimizer: [adamw, adafactor]`
    })
    expect(specs.map(({ name, seed, tune }) => [name, seed, tune.optimizer, tune.epochs])).toEqual([
      ['seed=1, tune.optimizer="adamw"', 1, 'adamw', 3],
      ['seed=1, tune.optimizer="adafactor"', 1, 'adafactor', 3],
      ['seed=2, tune.optimizer="adamw"', 2, 'adamw', 3],
      ['seed=2, tune.optimizer="adafactor"', 2, 'adafactor', 3]
    ])
    const { specs: two } = await lab.client.studies.read({ text: `${text}\n---\n${text}\nname: second` })
    expect(two.map(({ name }) => name)[1]).toBe('second')
  })

  test.each([
    ['tune:\n  learningrate: 5', 'line 2: there is no "tune.learningrate". Did you mean "learningRate"?'],
    ['name: x\nroundz: 3', 'line 2: there is no "roundz". Did you mean "rounds"?'],
    ['learningRate: 1', 'Did you mean "tune.learningRate"?'],
    [
      'tune:\n  earlyStopping:\n    patience: 2\n    evry: 3',
      'line 4: there is no "tune.earlyStopping.evry". There are'
    ],
    ['datasetId: up-1', 'Did you mean "data"?'],
    [
      'targets:\n  - name: no\n  - name: "1e3"\n    hsh: 1',
      'line 4: there is no "targets.1.hsh". Did you mean "hash"?'
    ],
    ['tune:\n  epochs: many', 'line 2: "tune.epochs": '],
    ['study: 9', 'expected 1'],
    ['name: x\nname: y', 'line 2: Map keys must be unique'],
    ['- a', 'expected keys and values'],
    ['', 'it holds nothing'],
    [
      'models: { base: base-2 }\ndata: up-1\nvary: { tune.epoch: [1] }',
      'no setting "tune.epoch". Did you mean "epochs"?'
    ],
    ['models: { base: base-1 }\ndata: nobody', 'There is no upstream dataset "nobody"'],
    [`models: { base: base-1 }\ndata: { name: up-1, hash: "${hashOf('9')}" }`, 'not what the study was made with'],
    [
      `models: { base: base-1 }\ndata: up-1\nqueries: 1\ntargets: [{ name: "no", querySets: ["${hashOf('0').slice(0, 32)}"] }]`,
      'query set of round 1 holds other questions'
    ]
  ])('that says %j is refused with a way out', async (text, message) => {
    const wrong = await lab.client.studies.read({ text }).catch((error: Error) => error)
    expect((wrong as Error).message).toContain(message)
  })

  test('says of a setting within settings only what differs', async () => {
    const head = 'models: { base: base-2 }\ndata: up-1\n'
    const { specs } = await lab.client.studies
      .read({ text: `${head}retrieval: { rerank: { cut: 3 } }` })
      .catch(() => ({ specs: [] }))
    expect(specs).toEqual([])
    const { specs: read } = await lab.client.studies.read({ text: `${head}tune: { earlyStopping: { patience: 7 } }` })
    expect(read[0]!.tune.earlyStopping).toEqual({ heldOutShare: 0.1, everySteps: 10, patience: 7 })
    const nested = Object.entries(presetSpec('paper').retrieval.rerank)
    const [key, value] = nested.find(([, one]) => typeof one === 'boolean' || typeof one === 'number')!
    const { specs: reranked } = await lab.client.studies.read({
      text: `${head}retrieval: { rerank: { ${key}: ${String(value)} } }`
    })
    expect(Object.fromEntries(Object.entries(reranked[0]!.retrieval.rerank))).toEqual(
      presetSpec('paper').retrieval.rerank
    )
  })

  test('has a form that other programs can read, with every setting in it', () => {
    const schema = studyJsonSchema() as {
      properties: Record<string, { properties?: object }>
      additionalProperties: boolean
    }
    expect(schema.additionalProperties).toBe(false)
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(Object.keys(presetSpec('paper'))))
    expect(Object.keys(schema.properties['tune']!.properties!)).toEqual(Object.keys(presetSpec('paper').tune))
  })
})
