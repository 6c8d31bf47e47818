/**
 * The graphs of an encoder-decoder for other programs, with the inputs and outputs that Hugging Face's Optimum gives them: a
 * rectangle of ids and a mask go in, and what the lab's own graphs are fed besides is worked out inside.
 */
import { multiplyDims, type Dim, type Graph, type GraphBuilder, type Value } from '../graph/index.ts'
import { seq2seqOf, type Seq2SeqConfig } from './architectures/index.ts'
import { maskBias } from './attention.ts'
import { bucketOf, type BucketScheme } from './buckets.ts'
import { ModelContext } from './context.ts'
import { project } from './decoding-graphs.ts'
import { graphBuilder } from './graphs.ts'
import type { KeyValue, Packing, SourceInputs } from './inputs.ts'
import type { Parameter } from './parameters.ts'

/** Graphs by the names of their files, as Optimum looks for them. */
export function portableGraphs(config: Seq2SeqConfig, parameters: readonly Parameter[]): Record<string, Graph> {
  return {
    encoder_model: encoderGraph(config, parameters),
    decoder_model: firstStepGraph(config, parameters),
    decoder_with_past_model: nextStepGraph(config, parameters)
  }
}

/** `input_ids`, `attention_mask` `[B, T]` to `last_hidden_state` `[B, T, hidden]`. */
function encoderGraph(config: Seq2SeqConfig, parameters: readonly Parameter[]): Graph {
  const g = graphBuilder('encoder')
  const context = new ModelContext(g, parameters)
  const ids = g.input('input_ids', ['B', 'T'], 'int64')
  const source = rectangle(g, config, ids, g.input('attention_mask', ['B', 'T'], 'int64'))
  const hidden = seq2seqOf(config).encode(context, config, source)
  g.output('last_hidden_state', g.reshape(hidden, ['B', 'T', config.hiddenSize]))
  return g.build()
}

/**
 * The first id of each answer: `input_ids` `[B, 1]`, `encoder_hidden_states` `[B, T, hidden]`, `encoder_attention_mask` `[B, T]` to
 * `logits` `[B, 1, vocabulary]` and `present.N.{decoder,encoder}.{key,value}`.
 */
function firstStepGraph(config: Seq2SeqConfig, parameters: readonly Parameter[]): Graph {
  const g = graphBuilder('decoder')
  const context = new ModelContext(g, parameters)
  const architecture = seq2seqOf(config)
  const { layers, heads, size } = architecture.cacheShape(config)
  const ids = g.input('input_ids', ['B', 1], 'int64')
  const hidden = g.input('encoder_hidden_states', ['B', 'T', config.hiddenSize])
  const mask = g.input('encoder_attention_mask', ['B', 'T'], 'int64')
  // The decoder reads neither ids nor positions of the encoder: any ids of that shape serve.
  const source = rectangle(g, config, mask, mask)
  const values = architecture.crossAttention(context, config, g.reshape(hidden, ['B*T', config.hiddenSize]), source)
  const cross = Array.from({ length: layers }, (_, layer) => ({
    key: values[2 * layer]!,
    value: values[2 * layer + 1]!
  }))
  // One place in the cache that nobody reads: softmax gives it exactly 0. A cache of no places is not for every runtime.
  const nothing = g.expand(g.scalar(0), ['B', heads, 1, size])
  const past = cross.map(() => ({ key: nothing, value: nothing }))
  const bias = g.expand(g.constant(Float32Array.of(-1e9, 0), [1, 1, 1, 2], 'float32'), ['B', 1, 1, 2])
  const { fresh } = step(context, config, { ids, past, bias, cross, mask, length: null })
  fresh.forEach(({ key, value }, layer) => {
    output(g, layer, 'decoder', { key, value })
    output(g, layer, 'encoder', cross[layer]!)
  })
  return g.build()
}

/** One id more: `input_ids` `[B, 1]`, `encoder_attention_mask` `[B, T]` and `past_key_values.N.…` to `logits` and `present.N.decoder.…`. */
function nextStepGraph(config: Seq2SeqConfig, parameters: readonly Parameter[]): Graph {
  const g = graphBuilder('decoder-with-past')
  const context = new ModelContext(g, parameters)
  const { layers, heads, size } = seq2seqOf(config).cacheShape(config)
  const ids = g.input('input_ids', ['B', 1], 'int64')
  const mask = g.input('encoder_attention_mask', ['B', 'T'], 'int64')
  const given = (of: string, length: Dim): KeyValue[] =>
    Array.from({ length: layers }, (_, layer) => ({
      key: g.input(`past_key_values.${layer}.${of}.key`, ['B', heads, length, size]),
      value: g.input(`past_key_values.${layer}.${of}.value`, ['B', heads, length, size])
    }))
  const [past, cross] = [given('decoder', 'C'), given('encoder', 'T')]
  const bias = g.expand(g.scalar(0), ['B', 1, 1, 'C+1'])
  const { fresh } = step(context, config, { ids, past, bias, cross, mask, length: 'C' })
  fresh.forEach(({ key, value }, layer) => {
    const before = past[layer]!
    output(g, layer, 'decoder', { key: g.concat([before.key, key], 2), value: g.concat([before.value, value], 2) })
  })
  return g.build()
}

interface Step {
  ids: Value
  past: readonly KeyValue[]
  bias: Value
  cross: readonly KeyValue[]
  mask: Value
  /** Of the cache; null at the first id. */
  length: 'C' | null
}

/** Puts `logits` out and gives the new keys and values, `[B, heads, 1, size]`. */
function step(
  context: ModelContext,
  config: Seq2SeqConfig,
  { ids, past, bias, cross, mask, length }: Step
): { fresh: KeyValue[] } {
  const { g } = context
  const architecture = seq2seqOf(config)
  const { firstPosition, buckets } = architecture.target(config)
  const { heads, size } = architecture.cacheShape(config)
  const places: Dim = length === null ? 2 : 'C+1'
  const numbers = g.range(places)
  // The number of the new id, counted from 0, as a tensor of one.
  const now = length === null ? g.constant(BigInt64Array.of(0n), [1], 'int64') : g.slice(numbers, 0, 'C', 'C+1')
  const distance = length === null ? g.sub(numbers, 1) : g.sub(numbers, now)
  const { hidden, fresh } = architecture.decodeStep(context, config, {
    ids: g.reshape(ids, ['B']),
    position: firstPosition === null ? null : g.expand(g.add(now, firstPosition), ['B']),
    buckets: buckets
      ? g.reshape(g.expand(g.unsqueeze(bucketsOf(g, distance, buckets), 0), ['B', places]), [multiplyDims('B', places)])
      : null,
    past,
    pastBias: bias,
    cross,
    crossBias: maskBias(g, g.cast(mask, 'float32')),
    beams: 1,
    width: 1
  })
  const logits = project(g, hidden, architecture.head(context, config))
  g.output('logits', g.reshape(logits, ['B', 1, config.vocabularySize]))
  const one = (index: number): Value => g.reshape(fresh[index]!, ['B', heads, 1, size])
  return { fresh: past.map((_, layer) => ({ key: one(2 * layer), value: one(2 * layer + 1) })) }
}

/** Sequences of equal length, padding among them: every place of the rectangle is a token, and the mask tells which are read. */
function rectangle(g: GraphBuilder, config: Seq2SeqConfig, ids: Value, mask: Value): SourceInputs {
  const { firstPosition, buckets } = seq2seqOf(config).source(config)
  const numbers = g.range('T')
  const places = g.unsqueeze(numbers, 0)
  return {
    ids: g.reshape(ids, ['B*T']),
    packing: rectanglePacking(g),
    mask: g.cast(mask, 'float32'),
    positions: firstPosition === null ? null : g.reshape(g.expand(g.add(places, firstPosition), ['B', 'T']), ['B*T']),
    buckets: buckets ? g.reshape(bucketsOf(g, g.sub(places, g.unsqueeze(numbers, 1)), buckets), ['T*T']) : null,
    tokenTypes: null,
    table: (name) => {
      throw new Error(`The encoder-decoder has no table "${name}".`)
    }
  }
}

/** Between `[B·T, heads]` and `[B, heads, T]` only the order differs. */
function rectanglePacking(g: GraphBuilder): Packing {
  const order = (dims: readonly Dim[]): Value => g.transpose(g.reshape(g.range(multiplyDims(...dims)), dims), [0, 2, 1])
  return {
    tokens: 'B*T',
    sequences: 'B',
    length: 'T',
    slots: (heads) => order(['B', 'T', heads]),
    rows: (heads) => g.reshape(order(['B', heads, 'T']), ['B*T', heads])
  }
}

/** Buckets of distances (key minus query), int64 of any shape: beyond the largest distance all are alike. */
function bucketsOf(g: GraphBuilder, distances: Value, scheme: BucketScheme): Value {
  const { maxDistance } = scheme
  const count = 2 * maxDistance + 1
  const table = BigInt64Array.from({ length: count }, (_, index) => BigInt(bucketOf(index - maxDistance, scheme)))
  const near = g.max(g.min(distances, maxDistance), -maxDistance)
  return g.gather(g.constant(table, [count], 'int64'), g.add(near, maxDistance))
}

function output(g: GraphBuilder, layer: number, of: 'decoder' | 'encoder', { key, value }: KeyValue): void {
  g.output(`present.${layer}.${of}.key`, key)
  g.output(`present.${layer}.${of}.value`, value)
}
