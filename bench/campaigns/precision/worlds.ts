import { demoExperiment } from '../../../src/main/features/experiments/demo.ts'
import { experimentSpecSchema, type ExperimentSpec } from '../../../src/main/contract/experiments.ts'
import type { MetricName } from '../../../src/main/contract/data.ts'
import type { Lab } from '../../../src/main/hosts/lab.ts'

/** An experiment to be computed in both precisions, and the metric that tells. */
export interface World {
  name: string
  spec: ExperimentSpec
  metric: MetricName
}

interface Size {
  rounds: number
  short: boolean
}

const queries = 16

/** The demo with semantic retrieval, all four targets; in short one target and few examples. */
export async function demoWorld(lab: Lab, { rounds, short }: Size): Promise<World> {
  const installed = await lab.client.data.installDemo({})
  const spec = demoExperiment(installed)
  const targetIds = short ? spec.targetIds.slice(0, 1) : spec.targetIds
  await drawQueries(lab, targetIds, rounds)
  return {
    name: 'demo',
    metric: 'soft-em',
    spec: {
      ...{ ...spec, targetIds, rounds, queries, strategies: ['semantic'], provider: 'cpu' },
      retrieval: { ...spec.retrieval, ...(short ? { budget: 64 } : {}) },
      tune: { ...spec.tune, ...(short ? { epochs: 1 } : {}) },
      evaluation: { ...spec.evaluation, ...(short ? { testExamples: 40 } : {}) }
    }
  }
}

/** What a home holds: its newest base model, the index that is built, and the targets with the most source items. */
export async function homeWorld(lab: Lab, { rounds, short }: Size): Promise<World> {
  const models = await lab.client.models.list()
  const base = models.filter(({ role }) => role === 'seq2seq').at(-1)
  const index = (await lab.client.indices.list()).filter(({ representation }) => representation === 'semantic').at(-1)
  if (base === undefined || index === undefined) throw new Error('The home has no base model or no semantic index.')
  const targets = (await lab.client.targets.list()).sort((a, b) => b.sourceItems - a.sourceItems)
  const targetIds = targets.slice(0, short ? 1 : 4).map(({ id }) => id)
  await drawQueries(lab, targetIds, rounds)
  return {
    name: `real rows (${targets.length < 4 ? targets.length : 4} targets, ${base.name})`,
    metric: 'soft-em',
    spec: experimentSpecSchema.parse({
      ...{ name: 'Precision', datasetId: index.datasetId, targetIds, rounds, queries, strategies: ['semantic'] },
      models: { base: base.id, encoder: index.modelId },
      retrieval: { budget: short ? 32 : 512 },
      tune: { learningRate: 3e-4, batchSize: 4, epochs: 1, clipNorm: 1, maxInputTokens: 256, maxOutputTokens: 48 },
      evaluation: { testExamples: short ? 40 : 300, maxInputTokens: 256, maxOutputTokens: 24, beams: 1 },
      provider: 'cpu'
    })
  }
}

async function drawQueries(lab: Lab, targetIds: readonly string[], rounds: number): Promise<void> {
  for (const id of targetIds) await lab.client.targets.sampleQueries({ id, size: queries, rounds, seed: 1 })
}
