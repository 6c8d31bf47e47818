/**
 * The stacks of BART (Lewis et al., 2020) as Transformers computes them: learned positions behind some unused rows, tied
 * embeddings, a bias on the logits.
 */
import type { Value } from '../../graph/index.ts'
import type { Encoded } from '../architecture.ts'
import {
  attend,
  attendCached,
  attendCross,
  collectHeads,
  maskBias,
  spreadHeads,
  stepHeads,
  type Heads,
  type Side,
  type Attention
} from '../attention.ts'
import type { Activation, ModelContext } from '../context.ts'
import type { DecoderStep, DecoderStepResult, Head, SourceInputs, TargetInputs } from '../inputs.ts'
import { linearParameters, normal, normParameters, parameter, sines, zeros, type Parameter } from '../parameters.ts'

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
  /** The stacks and the head look words up in one table. */
  tied: boolean
  /** What BART, mBART and Pegasus do differently. */
  layout: BartLayout
}

export interface BartLayout {
  /** Norms stand before attentions and feed-forward parts, not behind them, and one more at the end of each stack. */
  preNorm: boolean
  /** A norm behind the embeddings. */
  embeddingNorm: boolean
  /** Rows of the position tables before the first position. */
  positionOffset: number
  /** Positions are sines and cosines that nothing trains. */
  sinusoidal: boolean
}

const epsilon = 1e-5

export function bartParameters(config: BartStacks): Parameter[] {
  const { hiddenSize, initStd } = config
  const table = (name: string, rows: number): Parameter => parameter(name, [rows, hiddenSize], normal(initStd))
  return [
    table('model.shared.weight', config.vocabularySize),
    ...['model.encoder.embed_tokens.weight', 'model.decoder.embed_tokens.weight', 'lm_head.weight'].map((name) => ({
      ...table(name, config.vocabularySize),
      insteadOf: 'model.shared.weight'
    })),
    ...stackParameters(config, 'encoder', {
      ...{ layers: config.encoderLayers, feedForward: config.encoderFeedForward, attentions: ['self_attn'] }
    }),
    ...stackParameters(config, 'decoder', {
      layers: config.decoderLayers,
      feedForward: config.decoderFeedForward,
      attentions: ['self_attn', 'encoder_attn']
    }),
    parameter('final_logits_bias', [1, config.vocabularySize], zeros, { trainable: false, optional: true })
  ]
}

function stackParameters(
  { hiddenSize, initStd, maxPositions, layout }: BartStacks,
  stack: 'encoder' | 'decoder',
  { layers, feedForward, attentions }: { layers: number; feedForward: number; attentions: readonly string[] }
): Parameter[] {
  const base = `model.${stack}`
  const places = [maxPositions + layout.positionOffset, hiddenSize]
  const list = [
    layout.sinusoidal
      ? parameter(`${base}.embed_positions.weight`, places, sines, { trainable: false, optional: true })
      : parameter(`${base}.embed_positions.weight`, places, normal(initStd)),
    ...(layout.embeddingNorm ? normParameters(`${base}.layernorm_embedding`, hiddenSize) : []),
    ...(layout.preNorm ? normParameters(`${base}.layer_norm`, hiddenSize) : [])
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
  const { packing } = source
  const heads = headsOf(config, config.encoderHeads)
  let x = context.boundary(embed(context, config, 'encoder', source))
  for (let layer = 0; layer < config.encoderLayers; layer++) {
    const block = `model.encoder.layers.${layer}`
    x = context.block(() => {
      const side = { x: before(context, config, x, `${block}.self_attn_layer_norm`), packing }
      const y = attention(context, config, `${block}.self_attn`, { from: side, to: side, bias, heads })
      return feedForward(context, config, block, add(context, config, [x, y], `${block}.self_attn_layer_norm`))
    })
  }
  return before(context, config, x, 'model.encoder.layer_norm')
}

export function decode(
  context: ModelContext,
  config: BartStacks,
  target: TargetInputs,
  { memory, source }: Encoded
): Value {
  const crossBias = maskBias(context.g, source.mask)
  const { packing } = target
  const heads = headsOf(config, config.decoderHeads)
  const encoded = { x: memory, packing: source.packing }
  let x = context.boundary(embed(context, config, 'decoder', target))
  for (let layer = 0; layer < config.decoderLayers; layer++) {
    const block = `model.decoder.layers.${layer}`
    x = context.block(() => {
      const self = { x: before(context, config, x, `${block}.self_attn_layer_norm`), packing }
      const own = attention(context, config, `${block}.self_attn`, { from: self, to: self, bias: target.causal, heads })
      const y = add(context, config, [x, own], `${block}.self_attn_layer_norm`)
      const asking = { x: before(context, config, y, `${block}.encoder_attn_layer_norm`), packing }
      const cross = attention(context, config, `${block}.encoder_attn`, {
        ...{ from: asking, to: encoded, bias: crossBias, heads }
      })
      return feedForward(context, config, block, add(context, config, [y, cross], `${block}.encoder_attn_layer_norm`))
    })
  }
  return before(context, config, x, 'model.decoder.layer_norm')
}

/** Keys and values that each decoder layer takes from the encoder, in the order key 0, value 0, key 1, …; `[B, heads, T, size]`. */
export function crossAttention(
  context: ModelContext,
  config: BartStacks,
  memory: Value,
  source: SourceInputs
): Value[] {
  const heads = headsOf(config, config.decoderHeads)
  const values: Value[] = []
  for (let layer = 0; layer < config.decoderLayers; layer++) {
    const base = `model.decoder.layers.${layer}.encoder_attn`
    for (const projection of ['k_proj', 'v_proj']) {
      values.push(spreadHeads(context.g, context.linear(memory, `${base}.${projection}`), source.packing, heads))
    }
  }
  return values
}

export function decodeStep(context: ModelContext, config: BartStacks, step: DecoderStep): DecoderStepResult {
  const { g } = context
  const heads = headsOf(config, config.decoderHeads)
  const scale = heads.size ** -0.5
  const { split, merge } = stepHeads(g, step, heads)
  const fresh: Value[] = []
  let x = embed(context, config, 'decoder', { ids: step.ids, positions: step.position })
  for (let layer = 0; layer < config.decoderLayers; layer++) {
    const block = `model.decoder.layers.${layer}`
    const asking = before(context, config, x, `${block}.self_attn_layer_norm`)
    const project = (name: string): Value => context.linear(asking, `${block}.${name}`)
    const [query, key, value] = ['q_proj', 'k_proj', 'v_proj'].map((name) => project(`self_attn.${name}`))
    fresh.push(key!, value!)
    const now = { query: split(query!), key: split(key!), value: split(value!) }
    const self = context.linear(
      merge(attendCached(g, now, step.past[layer]!, { bias: step.pastBias, scale })),
      `${block}.self_attn.out_proj`
    )
    x = add(context, config, [x, self], `${block}.self_attn_layer_norm`)
    const reading = before(context, config, x, `${block}.encoder_attn_layer_norm`)
    const mixed = attendCross(g, context.linear(reading, `${block}.encoder_attn.q_proj`), step, { layer, heads, scale })
    const cross = context.linear(mixed, `${block}.encoder_attn.out_proj`)
    x = add(context, config, [x, cross], `${block}.encoder_attn_layer_norm`)
    x = feedForward(context, config, block, x)
  }
  return { hidden: before(context, config, x, 'model.decoder.layer_norm'), fresh }
}

export function head(context: ModelContext, config: BartStacks): Head {
  const bias = context.g.reshape(context.weight('final_logits_bias'), [config.vocabularySize])
  return { weight: wordTable(context, 'lm_head.weight'), bias, scale: 1 }
}

function embed(
  context: ModelContext,
  config: BartStacks,
  stack: 'encoder' | 'decoder',
  { ids, positions }: Pick<SourceInputs, 'ids' | 'positions'>
): Value {
  const { g } = context
  let tokens = g.gather(wordTable(context, `model.${stack}.embed_tokens.weight`), ids)
  if (config.scaleEmbedding) tokens = g.mul(tokens, Math.sqrt(config.hiddenSize))
  const places = g.gather(context.weight(`model.${stack}.embed_positions.weight`), positions!)
  const sum = g.add(tokens, places)
  const normed = config.layout.embeddingNorm
    ? context.layerNorm(sum, `model.${stack}.layernorm_embedding`, epsilon)
    : sum
  return context.dropout(normed, config.dropout)
}

/** A table of words of its own, or the one that is shared. */
function wordTable(context: ModelContext, name: string): Value {
  return context.weight(context.has(name) ? name : 'model.shared.weight')
}

function attention(
  context: ModelContext,
  config: BartStacks,
  name: string,
  { from, to, bias, heads }: Attention & { heads: Heads }
): Value {
  const { g } = context
  const split = (side: Side, projection: string): Value =>
    spreadHeads(g, context.linear(side.x, `${name}.${projection}`), side.packing, heads)
  const query = split(from, 'q_proj')
  const mixed = attend(
    context,
    { query, key: split(to, 'k_proj'), value: split(to, 'v_proj'), bias },
    heads.size ** -0.5,
    config.attentionDropout
  )
  return context.linear(collectHeads(g, mixed, from.packing, heads), `${name}.out_proj`)
}

function feedForward(context: ModelContext, config: BartStacks, block: string, x: Value): Value {
  const norm = `${block}.final_layer_norm`
  const inner = context.activation(context.linear(before(context, config, x, norm), `${block}.fc1`), config.activation)
  const outer = context.linear(context.dropout(inner, config.activationDropout), `${block}.fc2`)
  return add(context, config, [x, outer], norm)
}

/** What a part of a block reads: normed here where the norms stand before the parts. */
function before(context: ModelContext, { layout }: BartStacks, x: Value, norm: string): Value {
  return layout.preNorm ? context.layerNorm(x, norm, epsilon) : x
}

/** What a part gives is added; normed here where the norms stand behind the parts. */
function add(
  context: ModelContext,
  { layout, dropout }: BartStacks,
  [x, y]: readonly [Value, Value],
  norm: string
): Value {
  const sum = context.g.add(x, context.dropout(y, dropout))
  return layout.preNorm ? sum : context.layerNorm(sum, norm, epsilon)
}

function headsOf(config: BartStacks, count: number): Heads {
  return { count, size: config.hiddenSize / count }
}
