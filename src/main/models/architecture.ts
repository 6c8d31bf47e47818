/**
 * What an architecture is: everything that is true of BART and not of T5 stands in its one file, and nowhere else. The rest of
 * the lab asks `architectureOf(config)`. A new architecture is a file in `architectures/`, a row in its `index.ts` and a golden.
 * What several share lies in `blocks/`: architectures do not know each other.
 */
import type { z } from 'zod'
import type { Value } from '../graph/index.ts'
import type { BucketScheme } from './buckets.ts'
import type { ModelContext } from './context.ts'
import type { DecoderStep, DecoderStepResult, Head, SourceInputs, TargetInputs } from './inputs.ts'
import type { Parameter } from './parameters.ts'
import type { SourceTable } from './source-table.ts'

/** Fields that every encoder-decoder's configuration has. */
export interface Seq2SeqCommon {
  architecture: string
  role: 'seq2seq'
  vocabularySize: number
  hiddenSize: number
  ids: SequenceIds
}

export interface SequenceIds {
  pad: number
  bos: number | null
  eos: number
  decoderStart: number
}

/** Fields that every encoder's configuration has. */
export interface EncoderCommon {
  architecture: string
  role: 'encoder' | 'pair-classifier'
  vocabularySize: number
  hiddenSize: number
  padId: number
  /** Outputs of the classifier head, if it has one. */
  labels: number
}

/** How a stack is told where its tokens are. */
interface PositionFacts {
  /** Row of the position table for the first token; null without a table. */
  firstPosition: number | null
  /** Buckets of relative positions; null without. */
  buckets: BucketScheme | null
}

interface TargetFacts extends PositionFacts {
  /** Where an answer is given, the decoder starts with the answer's last id (mBART's language), not with one id for all. */
  startsWithLast: boolean
}

interface SourceFacts extends PositionFacts {
  /** The two texts of a pair have token types of their own. */
  types: boolean
  /** An id that has the place before the first one wherever it stands, and moves no other on; null: all are counted. */
  uncountedId: number | null
  /** What this architecture's graph reads besides: `SourceInputs.table` gives each. */
  tables?: readonly SourceTable[]
}

/** The measures of one stack of blocks. */
export interface Stack {
  layers: number
  hidden: number
  /** Heads times their width. */
  attention: number
  heads: number
  feedForward: number
  gated: boolean
}

/** One `model_type` of config.json: its fields, and the class that Transformers saves such a model with. */
export interface ModelType<C> {
  schema: z.ZodType<C>
  /** Names of the fields that the schema reads. */
  fields: readonly string[]
  className: string
  /** Of several architectures with this model_type it is this one where the class in config.json is so called. */
  only?: RegExp
  /** Generation fields that Transformers' configuration class sets where config.json leaves them out. */
  generation?: Readonly<Record<string, unknown>>
}

/** What is true of every architecture. */
export interface Architecture<C> {
  /** By the name that config.json gives in `model_type`. */
  readonly modelTypes: Readonly<Record<string, ModelType<C>>>
  /** What Low-Rank Adaptation adapts where nothing else is asked for: the projections of queries and values. */
  readonly loraTargets: readonly string[]
  /** Weights whose name has one of these parts keep out of weight decay: the list of ReCross's own code. */
  readonly noDecay: readonly string[]
  /**
   * Training in half precision leaves products of the weights whose name has one of these parts in fp32: the values that they multiply
   * may be larger than 65,504, the most that half precision holds.
   */
  readonly exactInHalf?: readonly string[]
  /** Whether the configuration says that tables which may be apart are one. */
  tied(config: C): boolean
  /** Every weight, by the name that Transformers gives it in the bare model. */
  parameters(config: C): Parameter[]
  /** Names that checkpoints give a weight, the most usual first. */
  checkpointNames(config: C, name: string): string[]
  /** Longest input in tokens that the positions allow, special ones counted; null where there is no limit. */
  maxInputTokens(config: C): number | null
  source(config: C): SourceFacts
  /** The encoder, and the decoder where there is one. */
  stacks(config: C): [Stack, Stack | null]
  /** The blocks of each stack from the input on: what the names of a block's weights begin with. */
  blockNames(config: C): string[][]
  /** Last hidden states of the encoder, `[N, hidden]`. */
  encode(context: ModelContext, config: C, source: SourceInputs): Value
}

export interface Seq2SeqArchitecture<C extends Seq2SeqCommon> extends Architecture<C> {
  target(config: C): TargetFacts
  /** Longest output in tokens that the positions allow; null where there is no limit. */
  maxOutputTokens(config: C): number | null
  /** Heads of the decoder and the width of one. */
  cacheShape(config: C): CacheShape
  /** Teacher-forced decoder: hidden states of all target tokens, `[M, hidden]`. */
  decode(context: ModelContext, config: C, target: TargetInputs, encoded: Encoded): Value
  /** Key and value of each decoder layer's attention to the encoder: key 0, value 0, key 1, …; each `[B, heads, T, size]`. */
  crossAttention(context: ModelContext, config: C, memory: Value, source: SourceInputs): Value[]
  /** One position further, with the keys and values of the earlier ones given. */
  decodeStep(context: ModelContext, config: C, step: DecoderStep): DecoderStepResult
  head(context: ModelContext, config: C): Head
}

export interface EncoderArchitecture<C extends EncoderCommon> extends Architecture<C> {
  /** Before the encoder's weights in a classifier's checkpoint: `bert` for `bert.embeddings.…`. */
  readonly prefix: string
  /** Whether a weight belongs to the classifier, not to its encoder. */
  isHead(name: string): boolean
  /** Whether a weight stands under the prefix in a classifier's checkpoint. */
  hasPrefix(name: string): boolean
  /** Scores of each sequence, `[B, labels]`, before softmax or sigmoid. */
  classify(context: ModelContext, config: C, source: SourceInputs): Value
}

/** What a decoder reads of the inputs. */
export interface Encoded {
  /** Last hidden states of the encoder, `[N, hidden]`. */
  memory: Value
  source: SourceInputs
}

interface CacheShape {
  layers: number
  heads: number
  size: number
}
