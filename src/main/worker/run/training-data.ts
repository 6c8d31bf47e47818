import { LabError } from '../../contract/error.ts'
import type { TuneSettings } from '../../contract/run-settings.ts'
import { isTuned } from '../../contract/strategies.ts'
import type { TrainExample, TrainSettings } from '../../engine/engine.ts'
import type { RetrievedText } from './retrieve-phase.ts'
import type { RunInput } from './tools.ts'
import { tunedFor } from './tuned-for.ts'

/**
 * What is tuned on, stage by stage. `unsupervised`: the retrieved examples; `none`: only the queries with their labels;
 * `mix`: both together; `two-stage`: first the retrieved examples, then the queries.
 */
export function trainingStages(input: RunInput, retrieved: readonly RetrievedText[]): TrainExample[][] {
  switch (input.tune.merge) {
    case 'unsupervised':
      return [retrievedExamples(input, retrieved)]
    case 'none':
      return [labelledQueries(input)]
    case 'mix':
      return [[...retrievedExamples(input, retrieved), ...repeated(labelledQueries(input), input, retrieved.length)]]
    case 'two-stage':
      return [retrievedExamples(input, retrieved), labelledQueries(input)]
  }
}

/** The queries as often as they fit into what was retrieved, at least once, so that they are not drowned by it. */
function repeated(queries: readonly TrainExample[], { tune }: RunInput, retrieved: number): TrainExample[] {
  const times = tune.repeatQueries ? Math.max(1, Math.floor(retrieved / queries.length)) : 1
  return Array.from({ length: times }, () => queries).flat()
}

/** The settings of a stage: labelled queries may have a rate and a number of epochs of their own. */
export function stageSettings(tune: TuneSettings, stage: number): TuneSettings {
  const learnsQueries = tune.merge === 'none' || tune.merge === 'mix' || (tune.merge === 'two-stage' && stage === 1)
  if (!learnsQueries) return tune
  return {
    ...tune,
    learningRate: tune.queryLearningRate ?? tune.learningRate,
    epochs: tune.queryEpochs ?? tune.epochs
  }
}

/** Whether a run retrieves at all: with labelled queries only there is nothing to retrieve for. */
export function retrieves(input: Pick<RunInput, 'strategy' | 'tune'>): boolean {
  return isTuned(input.strategy) && input.tune.merge !== 'none'
}

/** The settings of the engine for a stage over `examples` examples. */
export function trainSettings(tune: TuneSettings, prefix: string, seed: number, examples: number): TrainSettings {
  const { earlyStopping } = tune
  return {
    method: tune.method,
    ...(tune.method === 'last-blocks' ? { lastBlocks: tune.lastBlocks } : {}),
    ...(tune.method === 'lora' ? { lora: { rank: tune.loraRank, alpha: tune.loraAlpha } } : {}),
    optimizer: tune.optimizer,
    learningRate: tune.learningRate,
    weightDecay: tune.weightDecay,
    epsilon: tune.epsilon,
    epochs: tune.epochs,
    batchSize: tune.batchSize,
    accumulation: tune.accumulation,
    warmupSteps: tune.warmupSteps,
    clipNorm: tune.clipNorm,
    labelSmoothing: tune.labelSmoothing,
    // What is as it always was is not named: checkpoints of before go on.
    ...(tune.schedule === 'linear' ? {} : { schedule: tune.schedule }),
    ...(tune.lossReduction === 'mean' ? {} : { lossReduction: tune.lossReduction }),
    ...(tune.maxSteps === null ? {} : { maxSteps: tune.maxSteps }),
    ...(tune.precision === 'fp32' ? {} : { precision: tune.precision }),
    dropout: tune.dropout,
    maxInputTokens: tune.maxInputTokens,
    maxOutputTokens: tune.maxOutputTokens,
    prefix,
    seed,
    shuffle: true,
    recompute: tune.recompute,
    ...(earlyStopping
      ? {
          earlyStopping: {
            heldOut: Math.max(1, Math.round(examples * earlyStopping.heldOutShare)),
            everySteps: earlyStopping.everySteps,
            patience: earlyStopping.patience
          }
        }
      : {})
  }
}

function retrievedExamples(input: RunInput, retrieved: readonly RetrievedText[]): TrainExample[] {
  if (retrieved.length === 0)
    throw new LabError(
      'nothing-to-tune-on',
      `The strategy "${input.strategy}" retrieved no examples, so there is nothing to tune on. Allow more groups and tasks, or a larger budget.`
    )
  return retrieved.map((example) => trainExample(input, example))
}

function labelledQueries(input: RunInput): TrainExample[] {
  const { queries } = tunedFor(input)
  const bare = queries.filter((query) => query.outputs.length === 0)
  if (bare.length > 0)
    throw new LabError(
      'queries-without-labels',
      `${bare.length} of ${queries.length} queries have no label, but tuning "${input.tune.merge}" learns from them. ` +
        'Choose "unsupervised", or a query set whose examples have outputs.'
    )
  return queries.map((query) => trainExample(input, query))
}

function trainExample({ tune }: RunInput, example: { input: string; outputs: readonly string[] }): TrainExample {
  const [output = '', ...others] = example.outputs
  return { input: example.input, output, ...(tune.answers === 'drawn' && others.length > 0 ? { others } : {}) }
}
