/** Opens a model folder as an `Engine`. */
import { LabError } from '../contract/error.ts'
import { wrongRole } from '../models/context.ts'
import type { PoolingMode } from '../models/pooling.ts'
import type { SentenceConfig } from '../models/sentence-config.ts'
import type { Engine, LoadOptions, TrainSettings, Training, Trials } from './engine.ts'
import { createInference } from './inference/index.ts'
import { loadModel } from './loaded-model.ts'
import { classifierObjective } from './training/classifier-objective.ts'
import { contrastiveObjective } from './training/contrastive-objective.ts'
import type { Objective } from './training/objective.ts'
import { seq2seqObjective } from './training/seq2seq-objective.ts'
import { startTraining } from './training/start.ts'
import { openTrials } from './training/trials.ts'

/**
 * Reads a model folder and, with `patch`, what a training changed.
 * @throws LabError naming the file or tensor that is missing or wrong, `model-too-large`, `provider-unavailable`
 */
export async function loadEngine(options: LoadOptions): Promise<Engine> {
  const model = await loadModel(options)
  const { config, parameters, tokenizer, weights } = model
  /** While it runs, weights change under the sessions, which must then read them anew. */
  let training: Training | Trials | null = null
  /** A second training would begin with the first one's weights, and its result would not belong to the model folder. */
  let trained = false
  const inference = createInference({
    ...model,
    parameters: [...parameters, ...model.moduleParameters],
    weight: (name) => weights.data(name),
    rounded: weights.rounded,
    get live() {
      return training !== null
    }
  })

  async function start(
    objective: Objective,
    settings: TrainSettings,
    checkpoint: string | undefined
  ): Promise<Training> {
    if (training) throw new LabError('training-running', 'This engine is training already. Close that training first.')
    if (trained) {
      throw new LabError(
        'already-trained',
        'The weights of this engine were trained already. Load the model again, with the result as a patch if it is to go on from there.'
      )
    }
    // Sessions may hold copies of the weights as they were.
    await inference.close()
    const started = await startTraining({ model, objective, settings, checkpoint, closed })
    training = started
    trained = settings.method !== 'lora'
    return started
  }

  function closed(): void {
    training = null
  }

  return {
    ...inference,
    info: model.info,
    async train(examples, settings, checkpoint) {
      if (config.role !== 'seq2seq') throw wrongRole(config.role, 'seq2seq')
      return start(seq2seqObjective({ config, parameters, tokenizer }, examples, settings), settings, checkpoint)
    },
    async trainPairs(pairs, settings, checkpoint) {
      if (config.role !== 'pair-classifier') throw wrongRole(config.role, 'pair classifier')
      return start(classifierObjective({ config, parameters, tokenizer }, pairs, settings), settings, checkpoint)
    },
    async trainContrastive(pairs, settings, checkpoint) {
      const how = {
        pooling: poolingToTrain(model.sentence),
        normalize: true,
        temperature: settings.temperature ?? 0.05
      }
      return start(
        contrastiveObjective({ config, parameters, tokenizer }, pairs, { ...settings, ...how }),
        settings,
        checkpoint
      )
    },
    async trials(settings) {
      if (config.role !== 'seq2seq') throw wrongRole(config.role, 'seq2seq')
      if (training)
        throw new LabError('training-running', 'This engine is training already. Close that training first.')
      await inference.close()
      const trials = await openTrials({ ...model, config }, settings, closed)
      training = trials
      return trials
    },
    async close() {
      await training?.close()
      await inference.close()
    }
  }
}

/** @throws LabError `unsupported-pooling` where vectors are made in a way that training does not know */
function poolingToTrain(sentence: SentenceConfig | null): PoolingMode {
  if (sentence === null) return 'mean'
  const { pooling, after } = sentence
  const [only] = pooling
  if (pooling.length === 1 && after.length === 0 && (only === 'mean' || only === 'cls')) return only
  throw new LabError(
    'unsupported-pooling',
    `Training for retrieval knows models that pool by mean or by cls and have no dense layer behind it; this one pools by ${pooling.join(' and ')}${after.length > 0 ? ' and has a dense layer' : ''}. Choose another encoder.`
  )
}
