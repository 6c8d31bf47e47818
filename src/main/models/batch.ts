/** Batches of token ids as the arrays that the graphs' inputs take, by the names of `inputs.ts`. */
import { LabError } from '../contract/error.ts'
import { architectureOf, seq2seqOf, type ModelConfig, type Seq2SeqConfig } from './architectures/index.ts'
import { bucketMatrix, type BucketScheme } from './buckets.ts'

/** A tensor without the runtime's class, so that the models need no runtime. */
export interface PlainTensor {
  readonly data: Float32Array | BigInt64Array
  readonly dims: readonly number[]
}

export type PlainTensors = Record<string, PlainTensor>

const blocked = -1e9

/** One row of token ids, not empty, for each sequence; `types` tells the parts of a pair apart. */
export interface SourceRow {
  readonly ids: readonly number[]
  readonly types?: readonly number[]
}

/**
 * Source inputs, padded to the longest row.
 * @throws LabError `empty-batch`, `empty-input`, `id-outside-vocabulary`, `input-too-long`
 */
export function sourceBatch(config: ModelConfig, rows: readonly SourceRow[]): PlainTensors {
  const architecture = architectureOf(config)
  const ids = rows.map((row) => row.ids)
  checkRows(config, ids, 'input', architecture.maxInputTokens(config))
  const pad = config.role === 'seq2seq' ? config.ids.pad : config.padId
  const length = longest(ids)
  const dims = [rows.length, length]
  const feeds: PlainTensors = {
    source_ids: { data: padded(ids, length, pad), dims },
    source_mask: { data: maskOf(ids, length), dims }
  }
  const { firstPosition, buckets, types: typed } = architecture.source(config)
  if (firstPosition !== null) feeds['source_positions'] = positions(firstPosition, length)
  if (buckets) feeds['source_buckets'] = square(length, buckets)
  if (typed) {
    const types = rows.map((row) => row.types ?? row.ids.map(() => 0))
    feeds['source_types'] = { data: padded(types, length, 0), dims }
  }
  return feeds
}

/** Decoder inputs for teacher forcing: `labels` are the answers' ids, which are shifted right behind the decoder's start. */
export function targetBatch(config: Seq2SeqConfig, labels: readonly (readonly number[])[]): PlainTensors {
  const architecture = seq2seqOf(config)
  checkRows(config, labels, 'output', architecture.maxOutputTokens(config))
  const { firstPosition, buckets, startsWithLast } = architecture.target(config)
  const length = longest(labels)
  const startOf = (row: readonly number[]): number => (startsWithLast ? row.at(-1)! : config.ids.decoderStart)
  const shifted = labels.map((row) => [startOf(row), ...row.slice(0, -1)])
  const causal = new Float32Array(length * length)
  for (let query = 0; query < length; query++) causal.fill(blocked, query * length + query + 1, (query + 1) * length)
  return {
    target_ids: { data: padded(shifted, length, config.ids.pad), dims: [labels.length, length] },
    causal_bias: { data: causal, dims: [1, 1, length, length] },
    ...(buckets ? { target_buckets: square(length, buckets) } : {}),
    ...(firstPosition === null ? {} : { target_positions: positions(firstPosition, length) })
  }
}

/**
 * The labels and where they lie. Each weighs `1 / total`, so that the loss is the mean over all labels; with `total` a sum over
 * several batches the losses add up to the mean over all of them.
 */
export function labelBatch(labels: readonly (readonly number[])[], total?: number): PlainTensors {
  const length = longest(labels)
  const count = labels.reduce((sum, row) => sum + row.length, 0)
  const rows = labels.flatMap((row, index) => row.map((_, position) => BigInt(index * length + position)))
  return {
    label_rows: { data: BigInt64Array.from(rows), dims: [count] },
    label_ids: { data: BigInt64Array.from(labels.flat(), BigInt), dims: [count] },
    label_weights: { data: new Float32Array(count).fill(1 / (total ?? count)), dims: [count] }
  }
}

/** All inputs of the training graph. Labels are the answers' ids with their end token. */
export function trainingBatch(
  config: Seq2SeqConfig,
  sources: readonly (readonly number[])[],
  labels: readonly (readonly number[])[],
  total?: number
): PlainTensors {
  const rows = sources.map((ids) => ({ ids }))
  return { ...sourceBatch(config, rows), ...targetBatch(config, labels), ...labelBatch(labels, total) }
}

function positions(first: number, length: number): PlainTensor {
  return { data: BigInt64Array.from({ length }, (_, index) => BigInt(first + index)), dims: [length] }
}

function square(length: number, scheme: BucketScheme): PlainTensor {
  return { data: bucketMatrix(length, length, scheme), dims: [length * length] }
}

function padded(rows: readonly (readonly number[])[], length: number, fill: number): BigInt64Array {
  const data = new BigInt64Array(rows.length * length).fill(BigInt(fill))
  rows.forEach((row, index) => {
    for (let position = 0; position < row.length; position++) data[index * length + position] = BigInt(row[position]!)
  })
  return data
}

function maskOf(rows: readonly (readonly number[])[], length: number): Float32Array {
  const data = new Float32Array(rows.length * length)
  rows.forEach((row, index) => data.fill(1, index * length, index * length + row.length))
  return data
}

function longest(rows: readonly (readonly number[])[]): number {
  return rows.reduce((most, row) => Math.max(most, row.length), 0)
}

function checkRows(
  config: ModelConfig,
  rows: readonly (readonly number[])[],
  what: 'input' | 'output',
  limit: number | null
): void {
  if (rows.length === 0) throw new LabError('empty-batch', `The batch has no ${what}s. Give at least one.`)
  rows.forEach((row, index) => {
    if (row.length === 0) {
      throw new LabError('empty-input', `The ${what} at position ${index} has no tokens. Leave empty ones out.`)
    }
    if (limit !== null && row.length > limit) {
      throw new LabError(
        'input-too-long',
        `The ${what} at position ${index} has ${row.length} tokens, but the model has positions for ${limit}. Cut it shorter.`,
        { details: { tokens: row.length, limit } }
      )
    }
    const stray = row.find((id) => !Number.isInteger(id) || id < 0 || id >= config.vocabularySize)
    if (stray !== undefined) {
      throw new LabError(
        'id-outside-vocabulary',
        `The ${what} at position ${index} has the token id ${stray}, but the vocabulary has ${config.vocabularySize} entries. ` +
          'The tokenizer does not belong to this model.',
        { details: { id: stray, vocabulary: config.vocabularySize } }
      )
    }
  })
}
