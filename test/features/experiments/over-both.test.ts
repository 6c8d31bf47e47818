import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExperimentSpec } from '../../../src/main/contract/experiments.ts'
import type { OverChoice } from '../../../src/main/contract/embedded-over.ts'
import { retrievalSettingsSchema, tuneSettingsSchema } from '../../../src/main/contract/run-settings.ts'
import { openDataset } from '../../../src/main/data/dataset.ts'
import { loadEngine } from '../../../src/main/engine/load.ts'
import { prepareExperiment } from '../../../src/main/features/experiments/prepare-experiment.ts'
import { forkStarter } from '../../../src/main/hosts/fork-starter.ts'
import type { Lab } from '../../../src/main/hosts/lab.ts'
import { workerEntry } from '../../../src/main/hosts/project.ts'
import { embedAll, encoderOf } from '../../../src/main/retrieval/encoder.ts'
import type { Manifest } from '../../../src/main/retrieval/manifest.ts'
import { readRetrieved } from '../../../src/main/run-files/retrieved.ts'
import { openLab } from '../../hosts/fixture.ts'
import { makeTinyWorld, type TinyWorld } from '../../worker/tiny-world.ts'
import { installEncoder, installRetriever, installTinyWorld, tinySpec, untilOver } from './tiny-lab.ts'

let world: TinyWorld
beforeAll(async () => {
  world = await makeTinyWorld()
})
afterAll(() => world.remove())

async function labWithEncoder(): Promise<Lab> {
  const lab = await openLab({ host: 'server', workers: forkStarter(workerEntry()) })
  await installTinyWorld(lab, world)
  await installEncoder(lab, world)
  return lab
}

function spec(
  over: OverChoice,
  merge: 'unsupervised' | 'none' | 'mix' | 'two-stage',
  changes: Partial<ExperimentSpec> = {}
) {
  const tiny = tinySpec(world)
  return {
    ...tiny,
    models: { base: 'tiny', encoder: 'encoder', reranker: null, retriever: null },
    strategies: ['random', 'semantic', 'dense'],
    rounds: 1,
    targetIds: ['naming'],
    retrieval: retrievalSettingsSchema.parse({ budget: 12, deduplicate: false, withoutLeaks: false, over }),
    tune: tuneSettingsSchema.parse({ ...tiny.tune, merge }),
    ...changes
  } satisfies ExperimentSpec
}

describe('few-shot retrieval over inputs and answers', () => {
  test('is planned, indexed, run and reported; what it finds is what brute force finds', async () => {
    const lab = await labWithEncoder()
    const asked = spec('by-merge', 'mix', { strategies: ['semantic', 'dense'] })
    const plan = await lab.client.experiments.plan(asked)
    expect(plan.indices.map(({ representation, over }) => [representation, over])).toEqual([
      ['semantic', 'both'],
      ['dense', 'both']
    ])
    expect(plan.shared).toContain('One dense index over inputs and answers serves every dense run.')
    expect(plan.warnings.join(' ')).toContain('none of its words')
    const { id } = await lab.client.experiments.start(asked)
    expect(await untilOver(lab, id)).toMatchObject({ status: 'finished' })

    const indices = await lab.client.indices.list()
    const of = (representation: string) => indices.find((index) => index.representation === representation)!
    expect(of('dense')).toMatchObject({ over: 'both', dimension: 64 })
    expect(of('semantic')).toMatchObject({ over: 'both', dimension: 32 })
    const runs = await lab.client.experiments.runs({ id })
    const dataset = openDataset(world.upstream)
    const rows = [...dataset.iterate()]
    dataset.close()
    for (const [representation, modelId] of [
      ['dense', 'tiny'],
      ['semantic', 'encoder']
    ] as const) {
      const index = of(representation)
      const text = readFileSync(join(lab.home.index(index.fingerprint), 'manifest.json'), 'utf8')
      expect((JSON.parse(text) as Manifest).encoder.over).toBe('both')
      const run = runs.find(({ strategy }) => strategy === representation)!
      const file = (await readRetrieved(lab.home.run(run.id)))!
      expect(file.settings.over).toBe('both')
      expect(file.answers).toEqual(['owl', 'owl'])

      const engine = await loadEngine({ folder: lab.home.model(modelId), provider: 'cpu', threads: 1 })
      const encoder = encoderOf(engine, { representation, prefix: '', maxTokens: 64, over: 'both' })
      const answersOf = (all: readonly { outputs: readonly string[] }[]) => all.map(({ outputs }) => outputs[0]!)
      const vectors = await embedAll(
        encoder,
        rows.map(({ input }) => input),
        undefined,
        { answers: answersOf(rows) }
      )
      const queries = await embedAll(encoder, file.queries, undefined, { as: 'query', answers: ['owl', 'owl'] })
      await engine.close()
      for (const query of [0, 1]) {
        const { dimension } = encoder
        const nearness = rows.map(({ id: row }, at) => {
          let distance = 0
          for (let place = 0; place < dimension; place++)
            distance += (queries[query * dimension + place]! - vectors[at * dimension + place]!) ** 2
          return { row, distance }
        })
        const farthest = nearness.map(({ distance }) => distance).sort((a, b) => a - b)[5]!
        const near = nearness.filter(({ distance }) => distance <= farthest * (1 + 1e-4)).map(({ row }) => row)
        const found = file.retrieved.filter((one) => one.query === query).map(({ exampleId }) => exampleId)
        expect(found).toHaveLength(6)
        for (const exampleId of found) expect(near).toContain(exampleId)
      }
    }
    const report = await lab.client.compare.export({ experimentId: id, format: 'html' })
    expect(report.text).toMatch(/indices are embedded over.*?by-merge/su)

    const compared = { experimentId: id, targetId: 'naming', round: 0, column: 'dense', against: 'zero-shot' }
    const { rows: answered } = await lab.client.compare.examples({ ...compared, filter: 'all' })
    const { id: runId } = runs.find(({ strategy }) => strategy === 'dense')!
    const { exampleId } = answered[0]!
    const lineage = await lab.client.compare.lineage({ runId, targetId: 'naming', exampleId })
    expect(lineage.retrieved[0]!.queryText).toMatch(/ → owl$/)

    // What a person does with such an index by hand.
    const { id: indexId } = of('dense')
    const wanted = { datasetId: 'upstream', indexId, strategy: 'dense' as const }
    await expect(lab.client.indices.neighbours({ ...wanted, text: 'owl' })).rejects.toMatchObject({
      data: { code: 'no-answer-to-embed' }
    })
    const settings = retrievalSettingsSchema.parse({ budget: 4 })
    const byHand = { ...wanted, querySetId: 'queries-naming-0' }
    await expect(lab.client.indices.retrieve({ ...byHand, settings })).rejects.toMatchObject({
      data: { code: 'no-answer-to-embed' }
    })
    const found = await lab.client.indices.retrieve({ ...byHand, settings: { ...settings, over: 'both' } })
    expect(found.retrieved).toHaveLength(4)
    const quality = await lab.client.indices.quality({ ...wanted, by: 'task', k: 5, perName: 3 })
    expect(quality.mean.recall).toBeGreaterThan(0)
    const map = await lab.client.indices.map({ indexId, querySetId: 'queries-naming-0', sample: 20, quick: true })
    expect(map.points.filter(({ query }) => query !== null)).toHaveLength(2)
    // An index over inputs is another one, and is not there.
    await expect(lab.client.indices.neighbours({ ...wanted, indexId: null, text: 'owl' })).rejects.toMatchObject({
      data: { code: 'no-index' }
    })
    await expect(
      lab.client.reranking.trainRetriever({ name: 'r', miningIds: ['none'], indexId, provider: 'cpu' })
    ).rejects.toMatchObject({ data: { code: 'index-of-other-data' } })
  })

  test('runs are named by what they do: by merge is both or neither, and what looks at no vectors keeps its name', async () => {
    const lab = await labWithEncoder()
    const names = (over: OverChoice, merge: 'unsupervised' | 'mix') =>
      prepareExperiment(spec(over, merge), lab.services.store, lab.home).runs.map(({ fingerprint }) => fingerprint)
    const both = names('both', 'mix')
    expect(names('by-merge', 'mix')).toEqual(both)
    expect(names('by-merge', 'unsupervised')).toEqual(names('input', 'unsupervised'))
    const input = names('input', 'mix')
    // zero-shot, random, semantic, dense
    expect(input.map((name, at) => name === both[at])).toEqual([true, true, false, false])
  })
})

describe('is refused by name, before anything is built', () => {
  test.each([
    ['where nothing is learnt from answers', () => spec('both', 'unsupervised'), 'bad-spec'],
    [
      'for a T5, whose vector nobody has said',
      (lab: Lab) => {
        lab.services.store.models.update('tiny', { architecture: 't5' })
        return spec('by-merge', 'two-stage')
      },
      'no-answers-read'
    ],
    [
      'for a trained retriever, which has learnt on inputs',
      () =>
        spec('both', 'mix', {
          strategies: ['trained'],
          models: { base: 'tiny', encoder: null, reranker: null, retriever: 'near' }
        }),
      'no-answers-read'
    ],
    [
      'for queries without answers',
      (lab: Lab) => {
        const { queries } = lab.services.store.querySets.get('queries-naming-0')
        const bare = [queries[0]!, { ...queries[1]!, outputs: [] }]
        lab.services.store.querySets.update('queries-naming-0', { queries: bare })
        return spec('both', 'mix')
      },
      'queries-without-labels'
    ]
  ] as const)('%s', async (_, make, code) => {
    const lab = await labWithEncoder()
    await installRetriever(lab)
    const asked = make(lab)
    for (const verb of ['plan', 'start'] as const)
      await expect(lab.client.experiments[verb](asked)).rejects.toMatchObject({ data: { code } })
    expect(await lab.client.jobs.list({})).toMatchObject({ jobs: [] })
  })

  test('but a semantic index of a T5 experiment, whose encoder reads both as one text, is no matter', async () => {
    const lab = await labWithEncoder()
    lab.services.store.models.update('tiny', { architecture: 't5' })
    const prepared = prepareExperiment(spec('both', 'mix', { strategies: ['semantic'] }), lab.services.store, lab.home)
    expect(prepared.variants[0]!.indices.map(({ over }) => over)).toEqual(['both'])
    // With labelled queries alone nothing is retrieved, whatever it would be made of.
    expect(prepareExperiment(spec('by-merge', 'none'), lab.services.store, lab.home).variants[0]!.indices).toEqual([])
  })
})
