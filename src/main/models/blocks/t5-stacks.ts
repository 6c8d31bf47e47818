/**
 * T5 (Raffel et al., 2020) as Transformers computes it, in all its versions: v1.0 (ReLU, tied and scaled head), v1.1 and
 * LM-adapted (gated GELU, head of its own) as in T0, Flan. Pre-norm blocks with RMS norm, relative position biases that the
 * first block owns and the others share, no biases in linear layers, attention scores that are not scaled.
 */
import type { Dim, Value } from '../../graph/index.ts'
import type { Encoded } from '../architecture.ts'
import {
  attend,
  attendCached,
  attendCross,
  bucketBias,
  collectHeads,
  maskBias,
  spreadHeads,
  stepHeads,
  type Heads,
  type Side,
  type Attention,
  type Buckets
} from '../attention.ts'
import type { Activation, ModelContext } from '../context.ts'
import type { DecoderStep, DecoderStepResult, Head, SourceInputs, TargetInputs } from '../inputs.ts'
import { normal, ones, parameter, type Parameter } from '../parameters.ts'

/** Larger versions' hidden values reach far beyond 65,504 there; Transformers keeps these weights in fp32 for that reason. */
export const t5ExactInHalf = ['DenseReluDense.wo']

export interface T5Stacks {
  vocabularySize: number
  hiddenSize: number
  encoderLayers: number
  decoderLayers: number
  heads: number
  /** Dimensions per head; heads times this need not be `hiddenSize`. */
  headSize: number
  feedForward: number
  /** v1.0: one projection in; v1.1, LM-adapted, Flan: a gate beside it. */
  gated: boolean
  activation: Activation
  relativeBuckets: number
  relativeMaxDistance: number
  layerNormEpsilon: number
  /** v1.0 multiplies the decoder's output by hiddenSize^-0.5 before the head. */
  scaleHead: boolean
  /** The configuration says that the head is the embedding table. */
  tied: boolean
  /** Every block has relative biases of its own (UMT5); otherwise the first one's serve all. */
  biasPerBlock: boolean
  dropout: number
  initFactor: number
}

type Stack = 'encoder' | 'decoder'

/** Where a decoder block keeps its attentions and its feed-forward part; an encoder block has no cross-attention. */
const slots = {
  encoder: { self: 0, feedForward: 1 },
  decoder: { self: 0, cross: 1, feedForward: 2 }
} as const

/** The weights of the encoder alone. */
export function t5EncoderParameters(config: T5Stacks): Parameter[] {
  const table = parameter('shared.weight', [config.vocabularySize, config.hiddenSize], normal(config.initFactor))
  return [table, ...stackParameters(config, 'encoder', config.encoderLayers)]
}

export function t5Parameters(config: T5Stacks): Parameter[] {
  const { vocabularySize, hiddenSize, initFactor } = config
  const table = (name: string): Parameter => parameter(name, [vocabularySize, hiddenSize], normal(initFactor))
  return [
    table('shared.weight'),
    ...stackParameters(config, 'encoder', config.encoderLayers),
    ...stackParameters(config, 'decoder', config.decoderLayers),
    { ...table('lm_head.weight'), insteadOf: 'shared.weight' }
  ]
}

function stackParameters(config: T5Stacks, stack: Stack, layers: number): Parameter[] {
  const { hiddenSize, feedForward, heads, headSize, initFactor } = config
  const inner = heads * headSize
  const linear = (name: string, output: number, input: number, std: number): Parameter =>
    parameter(`${name}.weight`, [output, input], normal(initFactor * std))
  const norm = (name: string): Parameter => parameter(`${name}.weight`, [hiddenSize], ones)
  const list: Parameter[] = []
  for (let layer = 0; layer < layers; layer++) {
    const block = `${stack}.block.${layer}`
    for (const name of stack === 'encoder' ? ['0.SelfAttention'] : ['0.SelfAttention', '1.EncDecAttention']) {
      const base = `${block}.layer.${name}`
      list.push(
        linear(`${base}.q`, inner, hiddenSize, (hiddenSize * headSize) ** -0.5),
        linear(`${base}.k`, inner, hiddenSize, hiddenSize ** -0.5),
        linear(`${base}.v`, inner, hiddenSize, hiddenSize ** -0.5),
        linear(`${base}.o`, hiddenSize, inner, inner ** -0.5)
      )
      if ((layer === 0 || config.biasPerBlock) && name === '0.SelfAttention') {
        const std = normal(initFactor * hiddenSize ** -0.5)
        list.push(parameter(`${base}.relative_attention_bias.weight`, [config.relativeBuckets, heads], std))
      }
      list.push(norm(`${block}.layer.${name.slice(0, 1)}.layer_norm`))
    }
    const last = `${block}.layer.${slots[stack].feedForward}`
    for (const name of config.gated ? ['wi_0', 'wi_1'] : ['wi']) {
      list.push(linear(`${last}.DenseReluDense.${name}`, feedForward, hiddenSize, hiddenSize ** -0.5))
    }
    list.push(linear(`${last}.DenseReluDense.wo`, hiddenSize, feedForward, feedForward ** -0.5))
    list.push(norm(`${last}.layer_norm`))
  }
  return [...list, norm(`${stack}.final_layer_norm`)]
}

export function encode(context: ModelContext, config: T5Stacks, source: SourceInputs): Value {
  const { g } = context
  const { packing } = source
  const { length } = packing
  const bias = blockBiases(config, (layer) => {
    const relative = relativeBias(context, config, `encoder.block.${layer}`, {
      rows: source.buckets!,
      queries: length,
      keys: length
    })
    return g.add(relative, maskBias(g, source.mask))
  })
  let x = context.boundary(embed(context, config, source.ids))
  for (let layer = 0; layer < config.encoderLayers; layer++) {
    const block = `encoder.block.${layer}.layer`
    x = context.block(() => {
      const side = { x: rmsNorm(context, config, x, `${block}.0.layer_norm`), packing }
      const own = attention(context, config, `${block}.0.SelfAttention`, { from: side, to: side, bias: bias(layer) })
      return feedForward(context, config, residual(context, config, x, own), `${block}.${slots.encoder.feedForward}`)
    })
  }
  return context.dropout(rmsNorm(context, config, x, 'encoder.final_layer_norm'), config.dropout)
}

export function decode(
  context: ModelContext,
  config: T5Stacks,
  target: TargetInputs,
  { memory, source }: Encoded
): Value {
  const { g } = context
  const { packing } = target
  const { length } = packing
  const own = { rows: target.buckets!, queries: length, keys: length, masks: target.masks }
  const selfBias = blockBiases(config, (layer) =>
    g.add(relativeBias(context, config, `decoder.block.${layer}`, own), target.causal)
  )
  const crossBias = maskBias(g, source.mask)
  const encoded = { x: memory, packing: source.packing }
  let x = context.boundary(embed(context, config, target.ids))
  for (let layer = 0; layer < config.decoderLayers; layer++) {
    const block = `decoder.block.${layer}.layer`
    x = context.block(() => {
      const self = { x: rmsNorm(context, config, x, `${block}.0.layer_norm`), packing }
      const own = attention(context, config, `${block}.0.SelfAttention`, {
        from: self,
        to: self,
        bias: selfBias(layer)
      })
      const y = residual(context, config, x, own)
      const asking = { x: rmsNorm(context, config, y, `${block}.1.layer_norm`), packing }
      const cross = attention(context, config, `${block}.1.EncDecAttention`, {
        ...{ from: asking, to: encoded, bias: crossBias }
      })
      return feedForward(context, config, residual(context, config, y, cross), `${block}.${slots.decoder.feedForward}`)
    })
  }
  return context.dropout(rmsNorm(context, config, x, 'decoder.final_layer_norm'), config.dropout)
}

export function crossAttention(context: ModelContext, config: T5Stacks, memory: Value, source: SourceInputs): Value[] {
  const values: Value[] = []
  for (let layer = 0; layer < config.decoderLayers; layer++) {
    const base = `decoder.block.${layer}.layer.${slots.decoder.cross}.EncDecAttention`
    for (const name of ['k', 'v']) {
      values.push(spreadHeads(context.g, context.linear(memory, `${base}.${name}`), source.packing, headsOf(config)))
    }
  }
  return values
}

export function decodeStep(context: ModelContext, config: T5Stacks, step: DecoderStep): DecoderStepResult {
  const { g } = context
  const heads = headsOf(config)
  const { split, merge } = stepHeads(g, step, heads)
  const [rows, , , places] = step.pastBias.dims as [Dim, Dim, Dim, Dim]
  const buckets = { rows: step.buckets!, queries: step.width, keys: places, masks: rows }
  const bias = blockBiases(config, (layer) =>
    g.add(relativeBias(context, config, `decoder.block.${layer}`, buckets), step.pastBias)
  )
  const fresh: Value[] = []
  let x = embed(context, config, step.ids)
  for (let layer = 0; layer < config.decoderLayers; layer++) {
    const block = `decoder.block.${layer}.layer`
    const self = rmsNorm(context, config, x, `${block}.0.layer_norm`)
    const [q, k, v] = ['q', 'k', 'v'].map((name) => context.linear(self, `${block}.0.SelfAttention.${name}`))
    fresh.push(k!, v!)
    const now = { query: split(q!), key: split(k!), value: split(v!) }
    const mixed = merge(attendCached(g, now, step.past[layer]!, { bias: bias(layer), scale: 1 }))
    x = g.add(x, context.linear(mixed, `${block}.0.SelfAttention.o`))
    const asking = rmsNorm(context, config, x, `${block}.1.layer_norm`)
    const query = context.linear(asking, `${block}.1.EncDecAttention.q`)
    const cross = attendCross(g, query, step, { layer, heads, scale: 1 })
    x = g.add(x, context.linear(cross, `${block}.1.EncDecAttention.o`))
    x = feedForward(context, config, x, `${block}.${slots.decoder.feedForward}`)
  }
  return { hidden: rmsNorm(context, config, x, 'decoder.final_layer_norm'), fresh }
}

export function head(context: ModelContext, config: T5Stacks): Head {
  const own = context.has('lm_head.weight')
  return {
    weight: context.weight(own ? 'lm_head.weight' : 'shared.weight'),
    bias: null,
    scale: config.scaleHead ? config.hiddenSize ** -0.5 : 1
  }
}

function embed(context: ModelContext, config: T5Stacks, ids: Value): Value {
  return context.dropout(context.g.gather(context.weight('shared.weight'), ids), config.dropout)
}

function attention(context: ModelContext, config: T5Stacks, name: string, { from, to, bias }: Attention): Value {
  const { g } = context
  const heads = headsOf(config)
  // Scores that nothing divides carry every error into their exponentials, and their gradients are small differences of values.
  const linear = (x: Value, projection: string): Value => context.linear(x, `${name}.${projection}`, { precise: true })
  const split = (side: Side, projection: string): Value =>
    spreadHeads(g, linear(side.x, projection), side.packing, heads)
  const parts = { query: split(from, 'q'), key: split(to, 'k'), value: split(to, 'v'), bias }
  const mixed = attend(context, parts, 1, config.dropout)
  return linear(collectHeads(g, mixed, from.packing, heads), 'o')
}

function feedForward(context: ModelContext, config: T5Stacks, x: Value, layer: string): Value {
  const normed = rmsNorm(context, config, x, `${layer}.layer_norm`)
  const project = (name: string): Value => context.linear(normed, `${layer}.DenseReluDense.${name}`)
  const inner = config.gated
    ? context.g.mul(context.activation(project('wi_0'), config.activation), project('wi_1'))
    : context.activation(project('wi'), config.activation)
  const y = context.linear(context.dropout(inner, config.dropout), `${layer}.DenseReluDense.wo`)
  return residual(context, config, x, y)
}

function residual(context: ModelContext, config: T5Stacks, x: Value, y: Value): Value {
  return context.g.add(x, context.dropout(y, config.dropout))
}

function rmsNorm(context: ModelContext, config: T5Stacks, x: Value, name: string): Value {
  return context.g.rmsNorm(x, context.weight(`${name}.weight`), config.layerNormEpsilon)
}

/** The bias of a block's self-attention: made for the first and used for all, or made for each. */
function blockBiases(config: T5Stacks, make: (layer: number) => Value): (layer: number) => Value {
  if (config.biasPerBlock) return make
  const shared = make(0)
  return () => shared
}

function relativeBias(context: ModelContext, config: T5Stacks, block: string, buckets: Buckets): Value {
  const table = context.weight(`${block}.layer.0.SelfAttention.relative_attention_bias.weight`)
  return bucketBias(context.g, table, buckets, config.heads)
}

function headsOf(config: T5Stacks): Heads {
  return { count: config.heads, size: config.headSize }
}
