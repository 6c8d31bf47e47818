/** Puts a training together: objective, trained weights, device, loop. */
import { mkdir } from 'node:fs/promises'
import { LabError } from '../../contract/error.ts'
import type { TrainSettings } from '../engine.ts'
import { keepsTensors } from '../devices.ts'
import { physicalCores } from '../../machine/cores.ts'
import type { LoadedModel } from '../loaded-model.ts'
import { adafactor } from '../optimizer/adafactor.ts'
import { adamw } from '../optimizer/adamw.ts'
import { sizeOf, type Optimizer } from '../optimizer/optimizer.ts'
import type { ContextOptions } from '../../models/context.ts'
import { chooseForFast } from '../fast-test.ts'
import { chooseForHalf } from '../half-test.ts'
import type { QuantizedBase } from '../quantized-base.ts'
import { quantizedLayers, QuantizedWeights } from '../quantized-weights.ts'
import { architectureOf, type ModelConfig } from '../../models/architectures/index.ts'
import type { Parameter } from '../../models/parameters.ts'
import { checkFits, memoryOf, type MemoryEstimate } from '../../models/memory.ts'
import { withoutCoarse } from './coarse-layers.ts'
import { CpuDevice, type DeviceOptions } from './cpu-device.ts'
import type { TrainingDevice } from './device.ts'
import { GpuDevice } from './gpu-device.ts'
import { DropoutMasks } from './dropout.ts'
import { fingerprintOf } from './fingerprint.ts'
import { gradientGraph, lossName } from './graph.ts'
import type { Objective } from './objective.ts'
import { exportTraining } from './export.ts'
import { checkSettings } from './settings.ts'
import { trainable, trainedLayers, type TrainedWeight } from './trainable.ts'
import { Trainer } from './trainer.ts'
import { canShareMemory } from '../shared-memory.ts'

/**
 * Raised when the same seed draws other dropout masks than before, or a step computes something else: a training that has begun
 * does not go on with half of each. 2: masks are of the tokens that there are, not of padded positions. 3: in the last block of a
 * classifier they are of the first tokens. 4: fast steps round the values of attention too. 5, fast steps alone: T5's attention, and
 * layers that rounding would take too much from, are exact on the way forward.
 */
const stepFormat = { fp32: 4, fast: 5, half: 4 } as const

export interface StartOptions {
  model: LoadedModel
  objective: Objective
  settings: TrainSettings
  /** Folder of a checkpoint to go on from, if it holds one. */
  checkpoint: string | undefined
  closed: () => void
}

export async function startTraining(options: StartOptions): Promise<Trainer> {
  const { model, objective, settings, checkpoint, closed } = options
  checkSettings(settings)
  if (objective.count === 0)
    throw new LabError('empty-batch', 'There is nothing to train on: the list of examples is empty.')
  const { device, trained } = await openDevice(model, objective, settings)
  try {
    const trainer = new Trainer({
      device,
      objective,
      settings,
      fingerprint: fingerprintOf(
        [model.info.fingerprint, objective.fingerprint],
        stepFormat[settings.precision ?? 'fp32'],
        JSON.stringify(settings, sortedKeys)
      ),
      save: async (folder, kind) => {
        await mkdir(folder, { recursive: true })
        await exportTraining({ model, device, trained, settings, folder, kind })
      },
      closed
    })
    if (checkpoint !== undefined) await trainer.resume(checkpoint)
    return trainer
  } catch (thrown) {
    await device.close()
    throw thrown
  }
}

/** Where the steps of these settings happen, and the weights that they change. The graph comes from the objective. */
export async function openDevice(
  model: LoadedModel,
  objective: Pick<Objective, 'graph' | 'batch' | 'labels' | 'count'>,
  settings: TrainSettings
): Promise<{ device: TrainingDevice; trained: readonly TrainedWeight[] }> {
  const { weights: trained, adapter } = trainable(model.config, model.parameters, settings)
  const { dropout, labelSmoothing: smoothing, recompute = false, precision = 'fp32' } = settings
  const { rounded } = model.weights
  if (rounded) checkRounded(rounded, settings)
  if (precision === 'half') await chooseForHalf(model.provider)
  if (rounded && precision === 'fast') await chooseForFast(model.provider)
  const quantized = rounded === null && precision === 'fast' ? await quantize(model) : null
  const how = rounded?.how(precision === 'fast' ? 'steps' : null, model.provider) ?? quantized?.how
  const roundedLayers = new Set([...trainedLayers(trained)].filter((layer) => how?.fast.has(layer)))
  const threads = model.threads ?? physicalCores()
  const steps = { trained: roundedLayers, beside: quantized !== null, precise: new Set<string>() }
  const rounding = how && { quantized: { ...how, steps } }
  // Fast products of exact weights are for the steps alone; weights that are rounded for good are so in the loss as well.
  const ofLoss: ContextOptions = rounded ? { quantized: rounded.how(null, model.provider) } : {}
  checkFits(model.folder, trainingMemory(model, trained, settings))
  const context: ContextOptions =
    rounding && precision === 'fast' ? await withoutCoarse(model, objective, settings, rounding) : (rounding ?? {})
  const options: DeviceOptions = {
    weights: model.weights,
    trained,
    gradients: ({ accumulate, sparseRows, squares }) =>
      gradientGraph(
        objective.graph({
          ...context,
          training: true,
          dropout,
          smoothing,
          ...(adapter ? { adapter: adapter(true) } : {})
        }),
        trained,
        {
          accumulate,
          sparseRows,
          squares,
          recompute,
          half: precision === 'half' ? { exact: exactInHalf(model) } : undefined
        }
      ),
    loss: () => {
      const { g, loss } = objective.graph({ ...ofLoss, ...(adapter ? { adapter: adapter(false) } : {}) })
      g.output(lossName, loss)
      return g.build()
    },
    optimizer: optimizerOf(settings),
    masks: new DropoutMasks(settings.seed),
    quantized: rounded ?? quantized,
    roundedLayers,
    session: { provider: model.provider, threads },
    threads,
    sharedMemory: await canShareMemory(),
    half: precision === 'half'
  }
  const device: TrainingDevice = keepsTensors(model.provider) ? await GpuDevice.open(options) : new CpuDevice(options)
  return { device, trained }
}

/** @throws LabError `bad-settings` where weights would be trained that are not there in full */
function checkRounded({ bits }: QuantizedBase, { method, precision }: TrainSettings): void {
  const asked =
    method !== 'lora'
      ? `the method "${method}" trains weights that are not there in full precision; choose LoRA, or the base "full"`
      : precision === 'half'
        ? 'half precision takes weights in full; choose the precision "fp32", or the base "full"'
        : precision === 'fast' && bits === '4-bit'
          ? 'fast products take weights in 8 bits; choose the precision "fp32", or the base "8-bit"'
          : null
  if (asked !== null)
    throw new LabError('bad-settings', `Training cannot start: the base lies in ${bits}, and ${asked}.`, {
      details: { base: bits, method }
    })
}

/** @throws LabError `fast-unavailable` where the model does not lie on a processor that computes so */
async function quantize({ provider, config, parameters, weights }: LoadedModel): Promise<QuantizedWeights> {
  await chooseForFast(provider)
  return new QuantizedWeights(quantizedLayers(config, parameters, 'steps'), parameters, (name) => weights.data(name))
}

/** Names of the weights whose products stay in fp32, because their inputs may be too large for half precision. */
export function exactInHalf({
  config,
  parameters
}: {
  config: ModelConfig
  parameters: readonly Parameter[]
}): ReadonlySet<string> {
  const parts = architectureOf(config).exactInHalf ?? []
  return new Set(parameters.map(({ name }) => name).filter((name) => parts.some((part) => name.includes(part))))
}

/** What the training will take at least: how long its batches really are shows only when the texts are read. */
function trainingMemory(
  { config, weights }: LoadedModel,
  trained: readonly TrainedWeight[],
  settings: TrainSettings
): MemoryEstimate {
  const { batchSize, maxInputTokens, maxOutputTokens, optimizer, dropout, recompute = false, precision } = settings
  return memoryOf(config, {
    kind: 'train',
    trained: trained.reduce((sum, { dims }) => sum + sizeOf(dims), 0),
    moments: optimizer === 'adamw' ? 2 : 0,
    beside: settings.method === 'lora',
    ...(settings.method === 'last-blocks' ? { lastBlocks: settings.lastBlocks ?? 1 } : {}),
    batch: batchSize,
    inputTokens: Math.min(maxInputTokens, 64),
    outputTokens: Math.min(maxOutputTokens, 16),
    dropout: dropout !== 0,
    recompute,
    ...(precision === undefined ? {} : { precision }),
    base: weights.rounded?.bits ?? 'full'
  })
}

function optimizerOf({ optimizer, betas = [0.9, 0.999], epsilon, weightDecay }: TrainSettings): Optimizer {
  return optimizer === 'adamw' ? adamw({ betas, epsilon, weightDecay }) : adafactor({ weightDecay })
}

/** Equal settings give equal text, whatever order their fields were written in. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
