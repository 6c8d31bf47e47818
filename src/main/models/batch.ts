/** Batches of token ids as the arrays that the graphs' inputs take, by the names of `inputs.ts`. */
import { LabError } from '../contract/error.ts'
import { evaluateDim } from '../graph/index.ts'
import { architectureOf, seq2seqOf, type ModelConfig, type Seq2SeqConfig } from './architectures/index.ts'
import { startsName } from './attention.ts'
import { bucketMatrix, bucketOf, type BucketScheme } from './buckets.ts'
import { rowsName, slotsName } from './inputs.ts'
import type { SourceTable } from './source-table.ts'

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
 * Source inputs: the tokens of all rows, one row behind the other, and how they make sequences.
 * @throws LabError `empty-batch`, `empty-input`, `id-outside-vocabulary`, `input-too-long`
 */
export function sourceBatch(config: ModelConfig, rows: readonly SourceRow[]): PlainTensors {
  const architecture = architectureOf(config)
  const ids = rows.map((row) => row.ids)
  checkRows(config, ids, 'input', architecture.maxInputTokens(config))
  const length = longest(ids)
  const [encoder, decoder] = architecture.stacks(config)
  const feeds: PlainTensors = {
    source_ids: packed(ids),
    source_mask: { data: maskOf(ids, length), dims: [rows.length, length] },
    [startsName]: { data: BigInt64Array.from(startsOf(ids), BigInt), dims: [rows.length] },
    ...packingTables('source', ids, [encoder.heads, ...(decoder ? [decoder.heads] : [])])
  }
  const { firstPosition, buckets, types: typed, uncountedId, tables = [] } = architecture.source(config)
  if (firstPosition !== null) feeds['source_positions'] = positions(firstPosition, ids, uncountedId)
  if (buckets) feeds['source_buckets'] = square(length, buckets)
  if (typed) feeds['source_types'] = packed(rows.map((row) => row.types ?? row.ids.map(() => 0)))
  const lengths = ids.map((row) => row.length)
  for (const table of tables) feeds[table.name] = filled(table, lengths)
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
    target_ids: packed(shifted),
    ...packingTables('target', labels, [architecture.cacheShape(config).heads]),
    causal_bias: { data: causal, dims: [1, 1, length, length] },
    ...(buckets ? { target_buckets: square(length, buckets) } : {}),
    ...(firstPosition === null ? {} : { target_positions: positions(firstPosition, labels) })
  }
}

/** Decoder inputs of one token each, read as it is: the first of an answer. `target_firsts`, int64 `[B]`: where each stands. */
export function firstTokenBatch(config: Seq2SeqConfig, firsts: readonly number[]): PlainTensors {
  const rows = firsts.map((id) => [id])
  const architecture = seq2seqOf(config)
  checkRows(config, rows, 'output', architecture.maxOutputTokens(config))
  const { firstPosition, buckets } = architecture.target(config)
  return {
    target_ids: packed(rows),
    target_firsts: packed([rows.map((_, row) => row)]),
    ...packingTables('target', rows, [architecture.cacheShape(config).heads]),
    causal_bias: { data: new Float32Array(1), dims: [1, 1, 1, 1] },
    ...(buckets ? { target_buckets: square(1, buckets) } : {}),
    ...(firstPosition === null ? {} : { target_positions: positions(firstPosition, rows) })
  }
}

/**
 * The labels, one for each target token. Each weighs `1 / total`, so that the loss is the mean over all labels; with `total` a sum over
 * several batches the losses add up to the mean over all of them.
 */
export function labelBatch(labels: readonly (readonly number[])[], total?: number): PlainTensors {
  const ids = packed(labels)
  const count = ids.data.length
  return {
    label_ids: ids,
    label_weights: { data: new Float32Array(count).fill(1 / (total ?? count)), dims: [count] }
  }
}

/** A place in an answer: what the decoder reads there, and behind which place. */
interface Place {
  id: number
  depth: number
  parent: number
}

/**
 * For each source its answers as one tree: what several of them begin with stands once. Besides the target's inputs
 * `label_places`, int64 `[L]`: for each id of each answer, in their order, where its score stands in `[M, vocabulary]`.
 */
export function treeBatch(config: Seq2SeqConfig, answers: readonly (readonly (readonly number[])[])[]): PlainTensors {
  const architecture = seq2seqOf(config)
  for (const list of answers) checkRows(config, list, 'output', architecture.maxOutputTokens(config))
  const { firstPosition, buckets, startsWithLast } = architecture.target(config)
  const labels: bigint[] = []
  let before = 0
  const trees = answers.map((list) => {
    const places: Place[] = []
    const known = new Map<string, number>()
    for (const answer of list) {
      let parent = -1
      let id = startsWithLast ? answer.at(-1)! : config.ids.decoderStart
      for (const [depth, label] of answer.entries()) {
        const key = `${parent} ${id}`
        const place = known.get(key) ?? places.push({ id, depth, parent }) - 1
        known.set(key, place)
        labels.push(BigInt(before + place) * BigInt(config.vocabularySize) + BigInt(label))
        parent = place
        id = label
      }
    }
    before += places.length
    return places
  })
  const ids = trees.map((places) => places.map(({ id }) => id))
  const depths = trees.map((places) => places.map(({ depth }) => depth))
  const { causal, between } = readBefore(trees, buckets)
  const length = longest(ids)
  return {
    target_ids: packed(ids),
    ...packingTables('target', ids, [architecture.cacheShape(config).heads]),
    causal_bias: { data: causal, dims: [answers.length, 1, length, length] },
    ...(between ? { target_buckets: { data: between, dims: [between.length] } } : {}),
    ...(firstPosition === null
      ? {}
      : { target_positions: packed(depths.map((row) => row.map((depth) => firstPosition + depth))) }),
    label_places: { data: BigInt64Array.from(labels), dims: [labels.length] }
  }
}

/** Each place reads itself and those that lead to it: their mask, and the buckets of their distances. */
function readBefore(
  trees: readonly (readonly Place[])[],
  scheme: BucketScheme | null
): { causal: Float32Array; between: BigInt64Array | null } {
  const length = longest(trees)
  const causal = new Float32Array(trees.length * length * length).fill(blocked)
  const between = scheme ? new BigInt64Array(causal.length) : null
  trees.forEach((places, row) =>
    places.forEach(({ depth }, place) => {
      for (let read = place; read >= 0; read = places[read]!.parent) {
        const at = (row * length + place) * length + read
        causal[at] = 0
        if (scheme) between![at] = BigInt(bucketOf(places[read]!.depth - depth, scheme))
      }
    })
  )
  return { causal, between }
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

function positions(first: number, rows: readonly (readonly number[])[], uncounted: number | null = null): PlainTensor {
  return packed(
    rows.map((row) => {
      let next = first
      return row.map((id) => (id === uncounted ? first - 1 : next++))
    })
  )
}

function filled({ dims, dtype, fill }: SourceTable, lengths: readonly number[]): PlainTensor {
  const bindings = {
    N: lengths.reduce((sum, length) => sum + length, 0),
    B: lengths.length,
    T: Math.max(...lengths)
  }
  const values = fill(lengths)
  return {
    data: dtype === 'int64' ? BigInt64Array.from(Array.from(values, BigInt)) : Float32Array.from(values),
    dims: dims.map((dim) => evaluateDim(dim, bindings))
  }
}

function square(length: number, scheme: BucketScheme): PlainTensor {
  return { data: bucketMatrix(length, length, scheme), dims: [length * length] }
}

function packed(rows: readonly (readonly number[])[]): PlainTensor {
  const data = new BigInt64Array(rows.reduce((sum, row) => sum + row.length, 0))
  let at = 0
  for (const row of rows) for (const value of row) data[at++] = BigInt(value)
  return { data, dims: [data.length] }
}

/** The first token of each row among all of them. */
function startsOf(rows: readonly (readonly number[])[]): number[] {
  let start = 0
  return rows.map((row) => (start += row.length) - row.length)
}

/** The tables of `graph/ops/packed.ts` for each number of heads. */
function packingTables(
  side: 'source' | 'target',
  rows: readonly (readonly number[])[],
  headCounts: readonly number[]
): PlainTensors {
  const length = longest(rows)
  const starts = startsOf(rows)
  const tokens = starts.at(-1)! + rows.at(-1)!.length
  const tables: PlainTensors = {}
  for (const heads of new Set(headCounts)) {
    // Where there is no token: the zeros behind the last row.
    const slots = new BigInt64Array(rows.length * heads * length).fill(BigInt(tokens * heads))
    const places = new BigInt64Array(tokens * heads)
    rows.forEach((row, sequence) => {
      for (let head = 0; head < heads; head++) {
        const first = (sequence * heads + head) * length
        for (let index = 0; index < row.length; index++) {
          const piece = (starts[sequence]! + index) * heads + head
          slots[first + index] = BigInt(piece)
          places[piece] = BigInt(first + index)
        }
      }
    })
    tables[slotsName(side, heads)] = { data: slots, dims: [rows.length, heads, length] }
    tables[rowsName(side, heads)] = { data: places, dims: [tokens, heads] }
  }
  return tables
}

function maskOf(rows: readonly (readonly number[])[], length: number): Float32Array {
  const data = new Float32Array(rows.length * length)
  rows.forEach((row, index) => data.fill(1, index * length, index * length + row.length))
  return data
}

function longest(rows: readonly (readonly unknown[])[]): number {
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
