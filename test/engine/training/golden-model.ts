/** The oracle's tiny models as the trainer takes them. They have no tokenizer: an example is one of the oracle's batches of ids. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Provider } from '../../../src/main/contract/providers.ts'
import type { TrainSettings, TrainStep } from '../../../src/main/engine/engine.ts'
import type { LoadedModel } from '../../../src/main/engine/loaded-model.ts'
import { fromPlain } from '../../../src/main/engine/tensors.ts'
import type { Objective } from '../../../src/main/engine/training/objective.ts'
import { startTraining } from '../../../src/main/engine/training/start.ts'
import { WeightStore } from '../../../src/main/engine/weights.ts'
import { trainingBatch } from '../../../src/main/models/batch.ts'
import { readConfig, type Seq2SeqConfig } from '../../../src/main/models/config.ts'
import { trainingLoss } from '../../../src/main/models/graphs.ts'
import { locateParameters } from '../../../src/main/models/locate.ts'
import type { Tokenizer } from '../../../src/main/models/tokenizers/tokenizer.ts'
import { openCheckpoint } from '../../../src/main/models/weights/checkpoint.ts'

export interface Batch {
  source: number[][]
  target: number[][]
}

export interface TrainGolden {
  batches: Batch[]
  adamw: { lr: number; weight_decay: number; eps: number; clip: number }
  adafactor: { lr: number; clip: number; weight_decay: number }
  adamwLosses: number[]
  adamwNorms: number[]
  adafactorLosses: number[]
  adafactorNorms: number[]
}

const goldenFolder = (name: string): string => join(import.meta.dirname, '../../oracle/golden', name)

export function readGolden(name: string): TrainGolden {
  return JSON.parse(readFileSync(join(goldenFolder(name), 'golden.json'), 'utf8')) as TrainGolden
}

export const goldenModel = (name: string, provider: Provider = 'cpu') => modelIn(goldenFolder(name), name, provider)

export async function modelIn(
  folder: string,
  name = folder,
  provider: Provider = 'cpu'
): Promise<LoadedModel & { config: Seq2SeqConfig }> {
  const config = await readConfig(folder)
  if (config.role !== 'seq2seq') throw new Error(`${name} is not an encoder-decoder`)
  const checkpoint = await openCheckpoint(folder)
  const parameters = locateParameters(config, checkpoint)
  const weights = await WeightStore.read(checkpoint, parameters)
  await checkpoint.close()
  return {
    ...{ folder, config, parameters, weights, provider, threads: 1, precision: 'fp32', base: name, adapted: false },
    ...{ generation: null, sentence: null, moduleParameters: [], tokenizer: noTokenizer, adapter: null },
    info: {
      ...{
        architecture: config.architecture,
        role: config.role,
        parameters: 0,
        weights: { bytes: 0, inFull: 0, onCard: null },
        hiddenSize: config.hiddenSize
      },
      ...{
        vocabularySize: config.vocabularySize,
        embeddingSize: config.hiddenSize,
        similarity: 'cosine',
        notes: [],
        maxInputTokens: null,
        provider,
        providerReason: '',
        fingerprint: name
      }
    }
  }
}

const noTokenizer: Tokenizer = {
  special: { pad: null, bos: null, eos: null, unk: null, mask: null },
  vocabularySize: 0,
  modelMaxTokens: null,
  encode: () => [],
  encodeBatch: () => [],
  decode: () => '',
  idOf: () => null,
  tokenOf: () => null
}

/** Each example is a whole batch; several examples in one batch are put together. */
export function batchObjective(model: LoadedModel & { config: Seq2SeqConfig }, batches: readonly Batch[]): Objective {
  const { config, parameters } = model
  const targets = (examples: readonly number[]) => examples.flatMap((index) => batches[index]!.target)
  return {
    count: batches.length,
    fingerprint: 'batches',
    graph: (options) => trainingLoss(config, parameters, options),
    length: (index) => Math.max(...batches[index]!.source.map((ids) => ids.length)),
    labels: (examples) => targets(examples).reduce((sum, row) => sum + row.length, 0),
    batch(examples, totalLabels) {
      const sources = examples.flatMap((index) => batches[index]!.source)
      return { feeds: fromPlain(trainingBatch(config, sources, targets(examples), totalLabels)), tokens: 0 }
    }
  }
}

export const settings: TrainSettings = {
  method: 'full',
  optimizer: 'adamw',
  learningRate: 2e-3,
  weightDecay: 0.01,
  epsilon: 1e-8,
  epochs: 5,
  batchSize: 1,
  accumulation: 1,
  warmupSteps: 0,
  clipNorm: 0.1,
  labelSmoothing: 0,
  dropout: 0,
  maxInputTokens: 64,
  maxOutputTokens: 64,
  seed: 7,
  shuffle: false
}

/** A model after training on these batches, with what each step told. */
export async function trainedOn(model: LoadedModel & { config: Seq2SeqConfig }, batches: Batch[], own: TrainSettings) {
  const objective = batchObjective(model, batches)
  const training = await startTraining({
    ...{ model, objective, settings: own, checkpoint: undefined, closed: () => undefined }
  })
  const steps: TrainStep[] = []
  for await (const step of training) steps.push(step)
  return { training, steps }
}
