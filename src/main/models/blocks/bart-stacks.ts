/**
 * The stacks of BART (Lewis et al., 2020) as Transformers computes them: learned positions behind some unused rows, tied
 * embeddings, a bias on the logits.
 */
import { multiplyDims, type Dim, type Value } from '../../graph/index.ts'
import {
  attend,
  attendCached,
  attendCross,
  maskBias,
  mergeHeads,
  sideHeads,
  sourceBias,
  splitHeads,
  type Heads,
  type Side
} from '../attention.ts'
import type { Activation, ModelContext } from '../context.ts'
import type { DecoderStep, DecoderStepResult, Head, SourceInputs, TargetInputs } from '../inputs.ts'
import { linearParameters, normal, normParameters, parameter, zeros, type Parameter } from '../parameters.ts'

export interface BartStacks {
  vocabularySize: number
  hiddenSize: number
  encoderLayers: number
  decoderLayers: number
  encoderHeads: number
  decoderHeads: number
  encoderFeedForward: number
  decoderFeedForward: number
  /** Positions without the rows that the tables put before the first. */
  maxPositions: number
  activation: Activation
  /** Multiply token embeddings by the square root of `hiddenSize`. */
  scaleEmbedding: boolean
  dropout: number
  attentionDropout: number
  activationDropout: number
  initStd: number
}

/** Rows of the position tables before the first position. */
export const positionOffset = 2
const epsilon = 1e-5

export function bartParameters(config: BartStacks): Parameter[] {
  const { hiddenSize, initStd } = config
  const table = (name: string, rows: number): Parameter => parameter(name, [rows, hiddenSize], normal(initStd))
  return [
    table('model.shared.weight', config.vocabularySize),
    ...stackParameters(config, 'encoder', config.encoderLayers, config.encoderFeedForward, ['self_attn']),
    ...stackParameters(config, 'decoder', config.decoderLayers, config.decoderFeedForward, [
      'self_attn',
      'encoder_attn'
    ]),
    parameter('final_logits_bias', [1, config.vocabularySize], zeros, { trainable: false, optional: true })
  ]
}

function stackParameters(
  { hiddenSize, initStd, maxPositions }: BartStacks,
  stack: 'encoder' | 'decoder',
  layers: number,
  feedForward: number,
  attentions: readonly string[]
): Parameter[] {
  const base = `model.${stack}`
  const list = [
    parameter(`${base}.embed_positions.weight`, [maxPositions + positionOffset, hiddenSize], normal(initStd)),
    ...normParameters(`${base}.layernorm_embedding`, hiddenSize)
  ]
  for (let layer = 0; layer < layers; layer++) {
    const block = `${base}.layers.${layer}`
    for (const attention of attentions) {
      for (const projection of ['q_proj', 'k_proj', 'v_proj', 'out_proj']) {
        list.push(...linearParameters(`${block}.${attention}.${projection}`, hiddenSize, hiddenSize, initStd))
      }
      list.push(...normParameters(`${block}.${attention}_layer_norm`, hiddenSize))
    }
    list.push(...linearParameters(`${block}.fc1`, feedForward, hiddenSize, initStd))
    list.push(...linearParameters(`${block}.fc2`, hiddenSize, feedForward, initStd))
    list.push(...normParameters(`${block}.final_layer_norm`, hiddenSize))
  }
  return list
}

export function encode(context: ModelContext, config: BartStacks, source: SourceInputs): Value {
  const bias = maskBias(context.g, source.mask)
  const [batch, length] = source.ids.dims as [Dim, Dim]
  const heads = headsOf(config, config.encoderHeads)
  let x = context.boundary(embed(context, config, 'encoder', source.ids, source.positions!))
  for (let layer = 0; layer < config.encoderLayers; layer++) {
    const block = `model.encoder.layers.${layer}`
    x = context.block(() => {
      const side = { x, batch, length }
      const y = attention(context, config, `${block}.self_attn`, side, side, bias, heads)
      return feedForward(context, config, block, addNorm(context, config, x, y, `${block}.self_attn_layer_norm`))
    })
  }
  return x
}

export function decode(
  context: ModelContext,
  config: BartStacks,
  target: TargetInputs,
  memory: Value,
  source: SourceInputs
): Value {
  const crossBias = sourceBias(context.g, source, target.owners)
  const [batch, length] = target.ids.dims as [Dim, Dim]
  const heads = headsOf(config, config.decoderHeads)
  const [sources, sourceLength] = source.ids.dims as [Dim, Dim]
  const encoded = { x: memory, batch: sources, length: sourceLength, owners: target.owners }
  let x = context.boundary(embed(context, config, 'decoder', target.ids, target.positions!))
  for (let layer = 0; layer < config.decoderLayers; layer++) {
    const block = `model.decoder.layers.${layer}`
    x = context.block(() => {
      const self = { x, batch, length }
      const own = attention(context, config, `${block}.self_attn`, self, self, target.causal, heads)
      const y = addNorm(context, config, x, own, `${block}.self_attn_layer_norm`)
      const asking = { x: y, batch, length }
      const cross = attention(context, config, `${block}.encoder_attn`, asking, encoded, crossBias, heads)
      return feedForward(context, config, block, addNorm(context, config, y, cross, `${block}.encoder_attn_layer_norm`))
    })
  }
  return x
}

/** Keys and values that each decoder layer takes from the encoder, in the order key 0, value 0, key 1, …; `[B, heads, T, size]`. */
export function crossAttention(
  context: ModelContext,
  config: BartStacks,
  memory: Value,
  source: SourceInputs
): Value[] {
  const [batch, length] = source.ids.dims as [Dim, Dim]
  const heads = headsOf(config, config.decoderHeads)
  const values: Value[] = []
  for (let layer = 0; layer < config.decoderLayers; layer++) {
    const base = `model.decoder.layers.${layer}.encoder_attn`
    for (const projection of ['k_proj', 'v_proj']) {
      values.push(splitHeads(context.g, context.linear(memory, `${base}.${projection}`), batch, length, heads))
    }
  }
  return values
}

export function decodeStep(context: ModelContext, config: BartStacks, step: DecoderStep): DecoderStepResult {
  const { g } = context
  const heads = headsOf(config, config.decoderHeads)
  const scale = heads.size ** -0.5
  const rows = step.ids.dims[0]!
  const one = (x: Value): Value => g.reshape(x, [rows, heads.count, 1, heads.size])
  const flat = (x: Value): Value => g.reshape(x, [rows, config.hiddenSize])
  const fresh: Value[] = []
  let x = embed(context, config, 'decoder', g.reshape(step.ids, [rows, 1]), step.position!)
  for (let layer = 0; layer < config.decoderLayers; layer++) {
    const block = `model.decoder.layers.${layer}`
    const project = (name: string): Value => context.linear(x, `${block}.${name}`)
    const [query, key, value] = ['q_proj', 'k_proj', 'v_proj'].map((name) => project(`self_attn.${name}`))
    fresh.push(key!, value!)
    const now = { query: one(query!), key: one(key!), value: one(value!) }
    const self = context.linear(
      flat(attendCached(g, now, step.past[layer]!, step.pastBias, scale)),
      `${block}.self_attn.out_proj`
    )
    x = addNorm(context, config, x, self, `${block}.self_attn_layer_norm`)
    const mixed = attendCross(g, project('encoder_attn.q_proj'), step, layer, heads, scale)
    const cross = context.linear(mixed, `${block}.encoder_attn.out_proj`)
    x = addNorm(context, config, x, cross, `${block}.encoder_attn_layer_norm`)
    x = feedForward(context, config, block, x)
  }
  return { hidden: x, fresh }
}

export function head(context: ModelContext, config: BartStacks): Head {
  const bias = context.g.reshape(context.weight('final_logits_bias'), [config.vocabularySize])
  return { weight: context.weight('model.shared.weight'), bias, scale: 1 }
}

function embed(
  context: ModelContext,
  config: BartStacks,
  stack: 'encoder' | 'decoder',
  ids: Value,
  positions: Value
): Value {
  const { g } = context
  const [batch, length] = ids.dims as [Dim, Dim]
  let tokens = g.gather(context.weight('model.shared.weight'), ids)
  if (config.scaleEmbedding) tokens = g.mul(tokens, Math.sqrt(config.hiddenSize))
  const places = g.gather(context.weight(`model.${stack}.embed_positions.weight`), positions)
  const sum = g.reshape(g.add(tokens, places), [multiplyDims(batch, length), config.hiddenSize])
  return context.dropout(context.layerNorm(sum, `model.${stack}.layernorm_embedding`, epsilon), config.dropout)
}

function attention(
  context: ModelContext,
  config: BartStacks,
  name: string,
  from: Side,
  to: Side,
  bias: Value,
  heads: Heads
): Value {
  const { g } = context
  const split = (side: Side, projection: string): Value =>
    sideHeads(g, context.linear(side.x, `${name}.${projection}`), side, heads)
  const query = split(from, 'q_proj')
  const mixed = attend(
    context,
    { query, key: split(to, 'k_proj'), value: split(to, 'v_proj'), bias },
    heads.size ** -0.5,
    config.attentionDropout
  )
  return context.linear(mergeHeads(g, mixed, from.x.dims[0]!, heads), `${name}.out_proj`)
}

function feedForward(context: ModelContext, config: BartStacks, block: string, x: Value): Value {
  const inner = context.activation(context.linear(x, `${block}.fc1`), config.activation)
  const y = context.linear(context.dropout(inner, config.activationDropout), `${block}.fc2`)
  return addNorm(context, config, x, y, `${block}.final_layer_norm`)
}

function addNorm(context: ModelContext, config: BartStacks, x: Value, y: Value, norm: string): Value {
  return context.layerNorm(context.g.add(x, context.dropout(y, config.dropout)), norm, epsilon)
}

function headsOf(config: BartStacks, count: number): Heads {
  return { count, size: config.hiddenSize / count }
}
