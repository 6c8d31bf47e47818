/**
 * ModernBERT (Warner et al., 2024): norms before the parts of a block, rotary positions, gated feed-forward parts, and blocks
 * that mostly look no further than a window.
 */
import { z } from 'zod'
import type { Value } from '../../graph/index.ts'
import { attend, collectHeads, firstTokens, maskBias, spreadHeads } from '../attention.ts'
import { outside, outsideWindow } from '../blocks/attention-window.ts'
import { rotary, rotated } from '../blocks/rotary.ts'
import type { Activation, ModelContext } from '../context.ts'
import type { SourceInputs } from '../inputs.ts'
import { linearParameters, normal, normParameters, parameter, type Parameter } from '../parameters.ts'
import type { SourceTable } from '../source-table.ts'
import type { EncoderArchitecture, EncoderCommon } from '../architecture.ts'
import * as field from '../blocks/fields.ts'
import { numberedBlocks } from '../blocks/numbered-blocks.ts'

type Reach = 'full_attention' | 'sliding_attention'

export interface ModernbertConfig extends EncoderCommon {
  architecture: 'modernbert'
  heads: number
  feedForward: number
  maxPositions: number
  /** How far each block looks. */
  reaches: Reach[]
  /** Base of the angles of either kind of block. */
  theta: Record<Reach, number>
  /** Tokens to either side that a block with a window reads. */
  window: number
  biases: { norm: boolean; attention: boolean; feedForward: boolean; classifier: boolean }
  activation: Activation
  classifierActivation: Activation
  classifierPooling: 'cls' | 'mean'
  normEpsilon: number
  embeddingDropout: number
  attentionDropout: number
  feedForwardDropout: number
  classifierDropout: number
  initStd: number
}

const theta = z.number().positive()
const plainAngles = z.literal('default', 'angles that are stretched are not supported; expected "default"')
const angles = z
  .object({ rope_type: plainAngles.nullish(), type: plainAngles.nullish(), rope_theta: theta.nullish() })
  .strict()
  .nullish()

const fields = z.object({
  ...field.classifierFields,
  vocab_size: field.vocabulary.default(50368),
  hidden_size: field.width.default(768),
  intermediate_size: field.width.default(1152),
  num_hidden_layers: field.layers.default(22),
  num_attention_heads: field.heads.default(12),
  head_dim: field.width.nullish(),
  hidden_activation: field.activation.default('gelu'),
  max_position_embeddings: field.positions.default(8192),
  initializer_range: z.number().positive().default(0.02),
  norm_eps: field.epsilon.default(1e-5),
  norm_bias: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  classifier_bias: z.boolean().default(false),
  attention_dropout: field.probability.default(0),
  embedding_dropout: field.probability.default(0),
  mlp_dropout: field.probability.default(0),
  classifier_dropout: field.probability.default(0),
  classifier_activation: field.activation.default('gelu'),
  classifier_pooling: z.enum(['cls', 'mean']).default('cls'),
  layer_types: z.array(z.enum(['full_attention', 'sliding_attention'])).nullish(),
  global_attn_every_n_layers: field.size(1, 512).default(3),
  local_attention: field.size(1, 1_048_576).default(128),
  global_rope_theta: theta.nullish(),
  local_rope_theta: theta.nullish(),
  rope_parameters: z.object({ full_attention: angles, sliding_attention: angles }).strict().nullish(),
  rope_scaling: angles,
  pad_token_id: field.optionalId
})

const schema = fields
  .superRefine((raw, context) => {
    field.divides(context, 'num_attention_heads', raw.hidden_size, raw.num_attention_heads)
    const head = raw.hidden_size / raw.num_attention_heads
    if ((raw.head_dim ?? head) !== head || head % 2 !== 0) {
      const message = `expected heads of an even width of ${head}; another is not supported`
      context.addIssue({ code: 'custom', path: ['head_dim'], message })
    }
    if (raw.layer_types && raw.layer_types.length !== raw.num_hidden_layers) {
      const message = `expected one for each of the ${raw.num_hidden_layers} blocks, found ${raw.layer_types.length}`
      context.addIssue({ code: 'custom', path: ['layer_types'], message })
    }
  })
  .transform((raw): ModernbertConfig => ({
    architecture: 'modernbert',
    ...field.roleOf(raw),
    vocabularySize: raw.vocab_size,
    hiddenSize: raw.hidden_size,
    heads: raw.num_attention_heads,
    feedForward: raw.intermediate_size,
    maxPositions: raw.max_position_embeddings,
    reaches:
      raw.layer_types ??
      Array.from({ length: raw.num_hidden_layers }, (_, layer) =>
        layer % raw.global_attn_every_n_layers ? 'sliding_attention' : 'full_attention'
      ),
    theta: {
      full_attention: raw.rope_parameters?.full_attention?.rope_theta ?? raw.global_rope_theta ?? 160_000,
      sliding_attention: raw.rope_parameters?.sliding_attention?.rope_theta ?? raw.local_rope_theta ?? 10_000
    },
    window: raw.local_attention >> 1,
    biases: {
      norm: raw.norm_bias,
      attention: raw.attention_bias,
      feedForward: raw.mlp_bias,
      classifier: raw.classifier_bias
    },
    activation: raw.hidden_activation,
    classifierActivation: raw.classifier_activation,
    classifierPooling: raw.classifier_pooling,
    normEpsilon: raw.norm_eps,
    embeddingDropout: raw.embedding_dropout,
    attentionDropout: raw.attention_dropout,
    feedForwardDropout: raw.mlp_dropout,
    classifierDropout: raw.classifier_dropout,
    initStd: raw.initializer_range,
    padId: raw.pad_token_id ?? 50283
  }))

/** Fields of how it is computed elsewhere, and of the head that fills gaps. */
const others = [
  ...[
    'initializer_cutoff_factor',
    'decoder_bias',
    'deterministic_flash_attn',
    'reference_compile',
    'repad_logits_with_grad'
  ],
  ...['sparse_prediction', 'sparse_pred_ignore_index', 'tie_word_embeddings']
]

const isHead = (name: string): boolean => name.startsWith('head.') || name.startsWith('classifier.')

export const modernbert: EncoderArchitecture<ModernbertConfig> = {
  modelTypes: {
    modernbert: { schema, fields: [...Object.keys(fields.shape), ...others], className: 'ModernBertModel' }
  },
  prefix: 'model',
  loraTargets: ['Wqkv'],
  noDecay: ['bias', 'LayerNorm.weight'],
  tied: () => true,
  parameters: parametersOf,
  checkpointNames: (_config, name) => [name, `model.${name}`],
  maxInputTokens: ({ maxPositions }) => maxPositions,
  source: (config) => ({
    firstPosition: null,
    buckets: null,
    types: false,
    uncountedId: null,
    tables: tablesOf(config)
  }),
  stacks: ({ reaches, hiddenSize, heads, feedForward }) => [
    { layers: reaches.length, hidden: hiddenSize, attention: hiddenSize, heads, feedForward, gated: true },
    null
  ],
  blockNames: ({ reaches }) => [numberedBlocks('layers', reaches.length)],
  encode,
  isHead,
  hasPrefix: (name) => !isHead(name),
  classify(context, config, source) {
    const { g } = context
    const hidden = encode(context, config, source)
    const pooled =
      config.classifierPooling === 'cls' ? firstTokens(context, hidden, source) : g.gemm(source.table(shares), hidden)
    const active = context.activation(context.linear(pooled, 'head.dense'), config.classifierActivation)
    const normed = context.layerNorm(active, 'head.norm', config.normEpsilon)
    return context.linear(context.dropout(normed, config.classifierDropout), 'classifier')
  }
}

function parametersOf(config: ModernbertConfig): Parameter[] {
  const { hiddenSize, feedForward, biases, initStd } = config
  const linear = (name: string, output: number, input: number, bias: boolean): Parameter[] =>
    linearParameters(name, output, input, initStd).slice(0, bias ? 2 : 1)
  const norm = (name: string): Parameter[] => normParameters(name, hiddenSize).slice(0, biases.norm ? 2 : 1)
  const list = [
    parameter('embeddings.tok_embeddings.weight', [config.vocabularySize, hiddenSize], normal(initStd)),
    ...norm('embeddings.norm')
  ]
  for (const layer of config.reaches.keys()) {
    const base = `layers.${layer}`
    // The embeddings' norm is the first block's.
    if (layer > 0) list.push(...norm(`${base}.attn_norm`))
    list.push(...linear(`${base}.attn.Wqkv`, 3 * hiddenSize, hiddenSize, biases.attention))
    list.push(...linear(`${base}.attn.Wo`, hiddenSize, hiddenSize, biases.attention))
    list.push(...norm(`${base}.mlp_norm`))
    list.push(...linear(`${base}.mlp.Wi`, 2 * feedForward, hiddenSize, biases.feedForward))
    list.push(...linear(`${base}.mlp.Wo`, hiddenSize, feedForward, biases.feedForward))
  }
  list.push(...norm('final_norm'))
  if (config.role === 'pair-classifier') {
    list.push(...linear('head.dense', hiddenSize, hiddenSize, biases.classifier), ...norm('head.norm'))
    list.push(...linear('classifier', config.labels, hiddenSize, true))
  }
  return list
}

function encode(context: ModelContext, config: ModernbertConfig, source: SourceInputs): Value {
  const { g } = context
  const everywhere = maskBias(g, source.mask)
  const biases: Record<Reach, Value> = {
    full_attention: everywhere,
    sliding_attention: config.reaches.includes('sliding_attention')
      ? g.add(everywhere, source.table(outside))
      : everywhere
  }
  const words = g.gather(context.weight('embeddings.tok_embeddings.weight'), source.ids)
  const first = context.layerNorm(words, 'embeddings.norm', config.normEpsilon)
  let x = context.boundary(context.dropout(first, config.embeddingDropout))
  for (const [layer, reach] of config.reaches.entries()) {
    const base = `layers.${layer}`
    x = context.block(() => {
      const asked = layer === 0 ? x : context.layerNorm(x, `${base}.attn_norm`, config.normEpsilon)
      const y = g.add(x, attention(context, config, `${base}.attn`, { x: asked, source, bias: biases[reach], reach }))
      const inner = context.linear(context.layerNorm(y, `${base}.mlp_norm`, config.normEpsilon), `${base}.mlp.Wi`)
      const [input, gate] = g.split(inner, 1, [config.feedForward, config.feedForward]) as [Value, Value]
      const gated = context.dropout(
        g.mul(context.activation(input, config.activation), gate),
        config.feedForwardDropout
      )
      return g.add(y, context.linear(gated, `${base}.mlp.Wo`))
    })
  }
  return context.layerNorm(x, 'final_norm', config.normEpsilon)
}

function attention(
  context: ModelContext,
  config: ModernbertConfig,
  base: string,
  { x, source, bias, reach }: { x: Value; source: SourceInputs; bias: Value; reach: Reach }
): Value {
  const { g } = context
  const { packing } = source
  const { hiddenSize } = config
  const heads = { count: config.heads, size: hiddenSize / config.heads }
  const together = g.split(context.linear(x, `${base}.Wqkv`), 1, [hiddenSize, hiddenSize, hiddenSize])
  const [query, key, value] = together.map((part) => spreadHeads(g, part, packing, heads)) as [Value, Value, Value]
  const turn = (part: Value): Value => rotated(g, part, source, reach)
  const parts = { query: turn(query), key: turn(key), value, bias }
  const mixed = collectHeads(g, attend(context, parts, heads.size ** -0.5, config.attentionDropout), packing, heads)
  return context.dropout(context.linear(mixed, `${base}.Wo`), config.attentionDropout)
}

const shares = 'source_shares'

function tablesOf(config: ModernbertConfig): SourceTable[] {
  const { window, role, classifierPooling, theta } = config
  const size = config.hiddenSize / config.heads
  const reaches = [...new Set(config.reaches)]
  return [
    ...reaches.flatMap((reach) => rotary(reach, size, theta[reach])),
    ...(reaches.includes('sliding_attention') ? [outsideWindow(window)] : []),
    ...(role === 'pair-classifier' && classifierPooling === 'mean' ? [sharesOf] : [])
  ]
}

/** The share of each token in its sequence's mean, `[B, N]`. */
const sharesOf: SourceTable = {
  name: shares,
  dtype: 'float32',
  dims: ['B', 'N'],
  fill: (lengths) => {
    const tokens = lengths.reduce((sum, length) => sum + length, 0)
    const values = new Float32Array(lengths.length * tokens)
    let start = 0
    for (const [row, length] of lengths.entries()) {
      values.fill(1 / length, row * tokens + start, row * tokens + start + length)
      start += length
    }
    return values
  }
}
