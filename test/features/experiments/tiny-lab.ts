import { cpSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { experimentSpecSchema, type Experiment, type ExperimentSpec } from '../../../src/main/contract/experiments.ts'
import { Random } from '../../../src/main/random/random.ts'
import { openDataset } from '../../../src/main/data/dataset.ts'
import type { Lab } from '../../../src/main/hosts/lab.ts'
import { createModelFolder } from '../../../src/main/models/create.ts'
import { retrieverSettingsSchema } from '../../../src/main/contract/retrievers.ts'
import { identityHead } from '../../../src/main/retrieval/head.ts'
import { makeRetrieverFolder } from '../../../src/main/worker/reranking/retriever-folder.ts'
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
    retriever: null,
    foundRate: null,
    createdAt
  })
  return { spec: tinySpec(world) }
}

/** A pair classifier with random weights, which reads the base model's tokens. */
export async function installReranker(lab: Lab, world: TinyWorld): Promise<void> {
  const folder = join(world.folder, 'reranker')
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) cpSync(join(world.model, name), join(folder, name))
  const random = new Random('reranker')
  const config = {
    model_type: 'roberta',
    architectures: ['RobertaForSequenceClassification'],
    ...{ num_labels: 2, type_vocab_size: 1, max_position_embeddings: 66, vocab_size: 340 },
    ...{ hidden_size: 32, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 64 },
    ...{ bos_token_id: 0, pad_token_id: 1, eos_token_id: 2 }
  }
  await createModelFolder(folder, config, () => random.normal())
  cpSync(folder, lab.home.model('judge'), { recursive: true })
  lab.services.store.models.insert({
    ...lab.services.store.models.get('tiny'),
    ...{ id: 'judge', name: 'judge', role: 'pair-classifier', architecture: 'roberta' },
    fingerprint: await fingerprintModel(folder)
  })
}

/** A sentence encoder with random weights, which reads the base model's tokens. */
export async function installEncoder(lab: Lab, world: TinyWorld): Promise<void> {
  const folder = join(world.folder, 'encoder')
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) cpSync(join(world.model, name), join(folder, name))
  const random = new Random('encoder')
  const config = {
    model_type: 'roberta',
    architectures: ['RobertaModel'],
    ...{ type_vocab_size: 1, max_position_embeddings: 66, vocab_size: 340 },
    ...{ hidden_size: 32, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 64 },
    ...{ bos_token_id: 0, pad_token_id: 1, eos_token_id: 2 }
  }
  await createModelFolder(folder, config, () => random.normal())
  cpSync(folder, lab.home.model('encoder'), { recursive: true })
  lab.services.store.models.insert({
    ...lab.services.store.models.get('tiny'),
    ...{ id: 'encoder', name: 'encoder', role: 'encoder', architecture: 'roberta' },
    fingerprint: await fingerprintModel(folder)
  })
}

/** The encoder with a head that turns nothing. */
export async function installRetriever(lab: Lab): Promise<void> {
  const { store } = lab.services
  const folder = lab.home.model('near')
  await makeRetrieverFolder(lab.home.model('encoder'), folder, identityHead(32), '')
  const quality = { auc: 0.5, accuracy: 0.5, ndcg: 0.5, recall: 0.5, otherQueriesAuc: 0.5, sets: 1 }
  const fingerprint = await fingerprintModel(folder)
  store.models.insert({
    ...store.models.get('encoder'),
    ...{ id: 'near', name: 'near', fingerprint },
    retriever: {
      format: 1,
      index: { fingerprint: 'none', representation: 'semantic', maxTokens: 64, encoder: fingerprint },
      ...{
        base: 'encoder',
        data: { name: 'upstream', contentHash: '' },
        minings: [],
        distilled: null,
        overridden: false
      },
      ...{
        tasks: { train: [], validation: [] },
        settings: retrieverSettingsSchema.parse({}),
        teacher: null,
        byTask: []
      },
      ...{ before: quality, quality, steps: 0, bestStep: 0, seconds: 0, createdAt: '2026-11-27T06:00:00.000Z' }
    }
  })
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
