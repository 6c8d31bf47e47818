import { cpSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { experimentSpecSchema, type Experiment, type ExperimentSpec } from '../../../src/main/contract/experiments.ts'
import { openDataset } from '../../../src/main/data/dataset.ts'
import type { Lab } from '../../../src/main/hosts/lab.ts'
import { fingerprintModel } from '../../../src/main/models/fingerprint.ts'
import { until } from '../../hosts/fixture.ts'
import type { TinyWorld } from '../../worker/tiny-world.ts'

/** Puts the tiny world into a lab as finished imports and installations would. */
export async function installTinyWorld(lab: Lab, world: TinyWorld): Promise<{ spec: ExperimentSpec }> {
  const { store } = lab.services
  const createdAt = '2026-11-23T06:00:00.000Z'
  const addDataset = (path: string, id: string, kind: 'upstream' | 'target') => {
    cpSync(dirname(path), lab.home.dataset(id), { recursive: true })
    const file = openDataset(path)
    const { contentHash, count: examples } = file
    file.close()
    const counts = { examples, tasks: 1, groups: 1, duplicates: 0, rejected: 0, bytes: 1000 }
    store.datasets.insert({ id, name: id, kind, contentHash, ...counts, source: 'test', licence: 'MIT', createdAt })
  }
  addDataset(world.upstream, 'upstream', 'upstream')
  for (const { id, path, metrics } of world.targets) {
    addDataset(path, `data-${id}`, 'target')
    store.targets.insert({
      id,
      datasetId: `data-${id}`,
      name: id,
      testExamples: 20,
      sourceItems: 7,
      metrics,
      answerBy: 'generation',
      createdAt
    })
    for (const round of [0, 1]) {
      const queries = [`Which ${id}: owl ${round}?`, `A red fox ${id}`].map((input, at) => ({
        input,
        outputs: ['owl'],
        sourceId: `q${at}`
      }))
      store.querySets.insert({
        id: `queries-${id}-${round}`,
        targetId: id,
        size: 2,
        round,
        origin: 'imported',
        seed: null,
        inTest: 0,
        queries
      })
    }
  }
  cpSync(world.model, lab.home.model('tiny'), { recursive: true })
  store.models.insert({
    id: 'tiny',
    name: basename(world.model),
    role: 'seq2seq',
    architecture: 'bart',
    parameters: 40_000,
    hiddenSize: 32,
    maxInputTokens: 64,
    fingerprint: await fingerprintModel(world.model),
    prefix: '',
    bytes: 200_000,
    source: 'test',
    licence: 'MIT',
    reranker: null,
    createdAt
  })
  return { spec: tinySpec(world) }
}

export function tinySpec(world: TinyWorld, changes: Partial<ExperimentSpec> = {}): ExperimentSpec {
  const spec = experimentSpecSchema.parse({
    name: 'Tiny experiment',
    models: { base: 'tiny', encoder: null, reranker: null },
    datasetId: 'upstream',
    targetIds: world.targets.map((target) => target.id),
    strategies: ['random', 'lexical'],
    rounds: 2,
    queries: 2,
    retrieval: { budget: 12 },
    tune: { learningRate: 1e-3, maxInputTokens: 32, maxOutputTokens: 8 },
    evaluation: { beams: 1, maxInputTokens: 32, maxOutputTokens: 6 },
    provider: 'cpu'
  })
  return { ...spec, ...changes }
}

/** Waits until an experiment is over. */
export function untilOver(lab: Lab, id: string): Promise<Experiment> {
  return until(
    () => lab.client.experiments.get({ id }),
    ({ status }) => !['running', 'planned'].includes(status),
    200
  )
}
