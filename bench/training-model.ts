/** A model of a given shape with random weights on a training device, and one batch for it. */
import type { BaseWeights, RoundedWeights } from '../src/main/contract/base-weights.ts'
import { toFourBits } from '../src/main/engine/four-bits.ts'
import { QuantizedBase } from '../src/main/engine/quantized-base.ts'
import { quantizedLayers, quantizeRows, QuantizedWeights } from '../src/main/engine/quantized-weights.ts'
import { Random } from '../src/main/random/random.ts'
import { physicalCores } from '../src/main/machine/cores.ts'
import type { Provider } from '../src/main/contract/providers.ts'
import type { TrainSettings } from '../src/main/engine/engine.ts'
import { adamw } from '../src/main/engine/optimizer/adamw.ts'
import { fromPlain, int64, float32, type Tensors } from '../src/main/engine/tensors.ts'
import { keepsTensors } from '../src/main/engine/devices.ts'
import { CpuDevice, type DeviceOptions } from '../src/main/engine/training/cpu-device.ts'
import type { TrainingDevice } from '../src/main/engine/training/device.ts'
import { GpuDevice } from '../src/main/engine/training/gpu-device.ts'
import { DropoutMasks } from '../src/main/engine/training/dropout.ts'
import { gradientGraph, lossName } from '../src/main/engine/training/graph.ts'
import { exactInHalf } from '../src/main/engine/training/start.ts'
import { trainable, trainedLayers } from '../src/main/engine/training/trainable.ts'
import { bindSymbols } from '../src/main/engine/session.ts'
import { WeightStore } from '../src/main/engine/weights.ts'
import { productFlops } from '../src/main/graph/index.ts'
import { modelTypeOf, parametersOf } from '../src/main/models/architectures/index.ts'
import { sourceBatch, trainingBatch } from '../src/main/models/batch.ts'
import type { ModelConfig } from '../src/main/models/config.ts'
import type { ContextOptions } from '../src/main/models/context.ts'
import { classifierLoss, trainingLoss, type LossGraph, type LossOptions } from '../src/main/models/graphs.ts'
import { baseLayers, weightBytes } from '../src/main/models/linear-layers.ts'
import type { Parameter } from '../src/main/models/parameters.ts'
import { sized } from './size.ts'

export interface Shape {
  title: string
  /** As config.json has it, without `model_type`. */
  fields: Readonly<Record<string, unknown>>
  type: 'bart' | 't5' | 'roberta'
  batch: number
  source: number
  target: number
}

const bartBase = { vocab_size: 50265, d_model: 768, encoder_attention_heads: 12, decoder_attention_heads: 12 }

const shapes = {
  'bart-base': {
    ...{ title: 'bart-base shape', type: 'bart', batch: 4, source: 128, target: 128 },
    fields: { ...bartBase, encoder_layers: 6, decoder_layers: 6, encoder_ffn_dim: 3072, decoder_ffn_dim: 3072 }
  },
  'bart-large': {
    ...{ title: 'bart-large shape', type: 'bart', batch: 4, source: 128, target: 128 },
    fields: { vocab_size: 50265 }
  },
  't5-base': {
    ...{ title: 't5-base shape (v1.1)', type: 't5', batch: 4, source: 128, target: 128 },
    fields: {
      ...{ vocab_size: 32128, d_model: 768, d_kv: 64, d_ff: 2048, num_heads: 12, num_layers: 12 },
      ...{ feed_forward_proj: 'gated-gelu', tie_word_embeddings: false }
    }
  },
  't0-3b': {
    ...{ title: 'T0-3B shape', type: 't5', batch: 4, source: 128, target: 32 },
    fields: {
      ...{ vocab_size: 32128, d_model: 2048, d_kv: 64, d_ff: 5120, num_heads: 32, num_layers: 24 },
      ...{ feed_forward_proj: 'gated-gelu', tie_word_embeddings: false }
    }
  },
  // Small enough that a processor takes twenty steps of them in seconds.
  'bart-small': {
    ...{ title: 'small BART shape', type: 'bart', batch: 4, source: 64, target: 32 },
    fields: {
      ...{ vocab_size: 8000, d_model: 256, encoder_layers: 2, decoder_layers: 2, encoder_ffn_dim: 1024 },
      ...{ decoder_ffn_dim: 1024, encoder_attention_heads: 4, decoder_attention_heads: 4 }
    }
  },
  't5-small': {
    ...{ title: 'small T5 shape (v1.1)', type: 't5', batch: 4, source: 64, target: 32 },
    fields: {
      ...{ vocab_size: 8000, d_model: 256, d_kv: 64, d_ff: 512, num_heads: 4, num_layers: 2 },
      ...{ feed_forward_proj: 'gated-gelu', tie_word_embeddings: false }
    }
  },
  'roberta-base': {
    ...{ title: 'roberta-base shape, pair classifier', type: 'roberta', batch: 4, source: 256, target: 0 },
    fields: { vocab_size: 50265, max_position_embeddings: 514, type_vocab_size: 1, pad_token_id: 1 }
  }
} as const satisfies Record<string, Shape>

export type ShapeName = keyof typeof shapes

export function shapeOf(name: ShapeName): Shape {
  return sized<Shape>(shapes[name], tiny(shapes[name]))
}

/** The same kind of model in a size that only shows whether the suite works. */
function tiny(shape: Shape): Shape {
  const fields = {
    bart: { ...{ vocab_size: 200, d_model: 32, encoder_layers: 1, decoder_layers: 1, encoder_ffn_dim: 64 }, ...heads },
    t5: { ...shape.fields, ...{ vocab_size: 200, d_model: 32, d_kv: 16, d_ff: 64, num_heads: 2, num_layers: 1 } },
    roberta: {
      ...shape.fields,
      ...{ vocab_size: 200, hidden_size: 32, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 64 }
    }
  }
  return { ...shape, fields: fields[shape.type], batch: 4, source: 16, target: Math.min(shape.target, 8) }
}

const heads = { encoder_attention_heads: 2, decoder_attention_heads: 2, decoder_ffn_dim: 64 }

export interface Bench {
  config: ModelConfig
  device: TrainingDevice
  feeds: Tensors
  parameters: number
  trained: number
  /** Bytes of the weights, the base as it lies. */
  bytes: number
}

/** Weights and batch follow from the shape alone: on every provider they are the same. */
export async function makeBench(
  name: ShapeName,
  change: Partial<TrainSettings> = {},
  provider: Provider = 'cpu',
  base: BaseWeights = 'full'
): Promise<Bench> {
  const shape = shapeOf(name)
  const config = configOf(shape)
  const parameters = parametersOf(config).map((parameter) => ({ ...parameter, source: parameter.name }))
  const random = new Random(1)
  // One block of numbers serves all weights: drawing hundreds of millions would take minutes.
  const block = Float32Array.from({ length: 1 << 16 }, () => random.normal() * 0.02)
  const weights = await WeightStore.read(
    {
      read: async (weight: string, data: Float32Array) => {
        const parameter = parameters.find((candidate) => candidate.name === weight)!
        if (parameter.initial.kind === 'constant') return data.fill(parameter.initial.value)
        for (let at = 0; at < data.length; at += block.length)
          data.set(block.subarray(0, Math.min(block.length, data.length - at)), at)
        return data
      }
    },
    parameters,
    base === 'full' ? null : roundedBase(config, parameters, block, base)
  )
  const { weights: trained, adapter } = trainable(config, parameters, { ...fullTraining, ...change })
  const graph = (options: LossOptions): LossGraph =>
    lossGraph(config, parameters, { ...options, ...(adapter ? { adapter: adapter(options.training ?? false) } : {}) })
  const layers = change.precision === 'fast' ? quantizedLayers(config, parameters, 'steps') : null
  const quantized = layers && new QuantizedWeights(layers, parameters, (name) => weights.data(name))
  const roundedLayers = new Set([...trainedLayers(trained)].filter((layer) => layers?.has(layer)))
  const { rounded } = weights
  const ofLoss: ContextOptions = rounded ? { quantized: rounded.how(null, provider) } : {}
  const context: ContextOptions = quantized
    ? { quantized: { ...quantized.how, steps: { trained: roundedLayers, beside: true, precise: new Set() } } }
    : ofLoss
  const options: DeviceOptions = {
    ...{
      weights,
      trained,
      masks: new DropoutMasks(1),
      threads: physicalCores(),
      sharedMemory: true,
      quantized: rounded ?? quantized,
      roundedLayers
    },
    gradients: (options) =>
      gradientGraph(graph({ ...context, training: true, dropout: 0 }), trained, {
        ...options,
        recompute: change.recompute ?? false,
        half: change.precision === 'half' ? { exact: exactInHalf({ config, parameters }) } : undefined
      }),
    loss: () => {
      const { g, loss } = graph(ofLoss)
      g.output(lossName, loss)
      return g.build()
    },
    optimizer: adamw({ betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0.01 }),
    session: { provider, threads: physicalCores() },
    half: change.precision === 'half'
  }
  const device = keepsTensors(provider) ? await GpuDevice.open(options) : new CpuDevice(options)
  const sum = (list: readonly { dims: readonly number[] }[]) =>
    list.reduce((total, { dims }) => total + dims.reduce((a, b) => a * b, 1), 0)
  const feeds = batchOf(config, evenRows(shape), random)
  const bytes = weightBytes(config, parameters, base)
  return { config, device, feeds, parameters: sum(parameters), trained: sum(trained), bytes }
}

/** The same numbers for every layer of a size: rounding billions would take longer than what is measured. */
function roundedBase(
  config: ModelConfig,
  parameters: readonly Parameter[],
  block: Float32Array,
  bits: RoundedWeights
): QuantizedBase {
  const base = new QuantizedBase(bits)
  const layers = baseLayers(config, parameters)
  const made = new Map<string, { values: Int8Array | Uint8Array; scales: Float32Array }>()
  for (const { name, dims } of parameters) {
    const layer = name.replace(/\.weight$/, '')
    if (!layers.has(layer)) continue
    const [outputs, inputs] = dims as [number, number]
    const size = `${outputs} ${inputs}`
    if (!made.has(size)) {
      const weight = new Float32Array(outputs * inputs)
      for (let at = 0; at < weight.length; at += block.length)
        weight.set(block.subarray(0, Math.min(block.length, weight.length - at)), at)
      made.set(size, bits === '4-bit' ? toFourBits(weight) : quantizeRows(weight, outputs))
    }
    const { values, scales } = made.get(size)!
    base.put(layer, [outputs, inputs], values, scales)
  }
  return base
}

/** Floating-point operations of the products in one step, forward and backward. */
export function productsOf(name: ShapeName): number {
  const shape = shapeOf(name)
  const config = configOf(shape)
  const parameters = parametersOf(config)
  const loss = lossGraph(config, parameters, { training: true, dropout: 0 })
  const { graph } = gradientGraph(loss, trainable(config, parameters, fullTraining).weights, {
    ...{ accumulate: false, sparseRows: true, recompute: false }
  })
  return productFlops(graph, bindSymbols(graph, batchOf(config, evenRows(shape), new Random(1)), true))
}

const fullTraining = { method: 'full', seed: 1 } as TrainSettings

function lossGraph(config: ModelConfig, parameters: readonly Parameter[], options: LossOptions): LossGraph {
  if (config.role === 'seq2seq') return trainingLoss(config, parameters, options)
  return classifierLoss(config, parameters, options)
}

export function configOf({ type, fields }: Shape): ModelConfig {
  const pairs = type === 'roberta' ? { architectures: ['RobertaForSequenceClassification'], num_labels: 2 } : {}
  return modelTypeOf(type)!.schema.parse({ model_type: type, ...fields, ...pairs })
}

/** Tokens of an input and of its answer. */
export interface RowLengths {
  source: number
  target: number
}

function evenRows({ batch, source, target }: Shape): RowLengths[] {
  return Array.from({ length: batch }, () => ({ source, target }))
}

/** Random ids in rows of these lengths. */
export function batchOf(config: ModelConfig, rows: readonly RowLengths[], random: Random): Tensors {
  const ids = (length: number) => Array.from({ length }, () => random.between(5, config.vocabularySize - 1))
  const sources = rows.map(({ source }) => ids(source))
  const count = rows.length
  if (config.role === 'seq2seq')
    return fromPlain(
      trainingBatch(
        config,
        sources,
        rows.map(({ target }) => ids(target))
      )
    )
  return {
    ...fromPlain(
      sourceBatch(
        config,
        sources.map((row) => ({ ids: row }))
      )
    ),
    label_ids: int64(new Array<number>(count).fill(1), [count]),
    label_weights: float32(new Float32Array(count).fill(1 / count), [count])
  }
}
