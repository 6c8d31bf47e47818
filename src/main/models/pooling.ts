/** From the hidden states of all tokens to one vector for each text, as sentence-transformers does it. */
import type { GraphBuilder, Value } from '../graph/index.ts'
import type { PlainTensor, SourceRow } from './batch.ts'
import type { Activation, ModelContext } from './context.ts'
import type { SourceInputs } from './inputs.ts'
import { linearParameters, type Parameter } from './parameters.ts'

/**
 * `mean` of all tokens, `cls`: the first, `max` of each number, `mean_sqrt_len_tokens`: sum over the root of their count,
 * `weightedmean`: later tokens count more (SGPT), `lasttoken`.
 */
const poolingModes = ['mean', 'cls', 'max', 'mean_sqrt_len_tokens', 'weightedmean', 'lasttoken'] as const
export type PoolingMode = (typeof poolingModes)[number]

/** What is done to the pooled vector. */
export type AfterPooling =
  | { readonly kind: 'normalize' }
  | {
      readonly kind: 'linear'
      /** Of its weights, without `.weight`. */
      readonly name: string
      /** Folder of its files in the model's folder. */
      readonly path: string
      readonly inputs: number
      readonly outputs: number
      readonly bias: boolean
      readonly activation: Activation | null
    }

/** How texts become vectors. */
export interface Pooled {
  pooling: PoolingMode | readonly PoolingMode[]
  /** Bring the vector to length 1 at the end. */
  normalize: boolean
  after?: readonly AfterPooling[]
}

export function isPoolingMode(mode: string): mode is PoolingMode {
  return (poolingModes as readonly string[]).includes(mode)
}

/** Width of the vectors. */
export function pooledSize(hiddenSize: number, { pooling, after = [] }: Pick<Pooled, 'pooling' | 'after'>): number {
  const dense = after.filter((step) => step.kind === 'linear').at(-1)
  return dense ? dense.outputs : [pooling].flat().length * hiddenSize
}

/** Weights of the dense layers. They are not trained. */
export function poolingParameters(after: readonly AfterPooling[]): Parameter[] {
  return after.flatMap((step) => {
    if (step.kind !== 'linear') return []
    const both = linearParameters(step.name, step.outputs, step.inputs, 0)
    return (step.bias ? both : both.slice(0, 1)).map((parameter) => ({ ...parameter, trainable: false }))
  })
}

/** `[N, hidden]` to `[B, width]`. */
export function pool(context: ModelContext, hidden: Value, { packing }: SourceInputs, how: Pooled): Value {
  const { g } = context
  const { tokens, sequences } = packing
  const parts = [how.pooling].flat().map((mode) => {
    const name = `pooling_${mode}`
    switch (mode) {
      case 'cls':
      case 'lasttoken':
        return g.gather(hidden, g.input(name, [sequences], 'int64'))
      case 'max':
        return g.reduceMax(g.gather(hidden, g.input(name, [sequences, packing.length], 'int64')), [1])
      case 'mean':
      case 'mean_sqrt_len_tokens':
      case 'weightedmean':
        return sumOfTokens(g, g.input(name, [sequences, tokens]), hidden)
    }
  })
  let x = parts.length === 1 ? parts[0]! : g.concat(parts, 1)
  for (const step of how.after ?? []) {
    if (step.kind === 'normalize') x = unitLength(g, x)
    else {
      const y = context.linear(x, step.name)
      x = step.activation === null ? y : context.activation(y, step.activation)
    }
  }
  return how.normalize ? unitLength(g, x) : x
}

/**
 * shares `[B, N]`, hidden `[N, width]`: `[B, width]`. Written as the transposed product, with at least as many rows as columns:
 * the runtime deals the longer side to its threads, and by how many columns each has of it cuts the sums over the tokens, so that
 * their last digits would hang on the number of threads. Of rows it may deal as many or few as it likes.
 */
function sumOfTokens(g: GraphBuilder, shares: Value, hidden: Value): Value {
  return g.transpose(g.matMul(hidden, shares, { transA: true, transB: true }), [1, 0])
}

/**
 * The inputs of `pool` besides the source's: which tokens count, and how much.
 * @param skipped tokens at the start that are left out: those of a prompt
 */
export function poolingBatch(how: Pooled, rows: readonly SourceRow[], skipped = 0): Record<string, PlainTensor> {
  const tokens = rows.reduce((sum, { ids }) => sum + ids.length, 0)
  const shares = (share: (index: number, count: number) => number): PlainTensor => {
    const data = new Float32Array(rows.length * tokens)
    let start = 0
    rows.forEach(({ ids }, row) => {
      const own = data.subarray(row * tokens + start, row * tokens + start + ids.length)
      for (let index = skipped; index < ids.length; index++) own[index] = share(index, ids.length)
      start += ids.length
    })
    return { data, dims: [rows.length, tokens] }
  }
  const places = (place: (count: number) => number): PlainTensor => {
    let start = 0
    const data = rows.map(({ ids }) => BigInt(place(ids.length) + (start += ids.length) - ids.length))
    return { data: BigInt64Array.from(data), dims: [rows.length] }
  }
  const feeds: Record<string, PlainTensor> = {}
  for (const mode of [how.pooling].flat()) {
    const name = `pooling_${mode}`
    switch (mode) {
      case 'mean':
        feeds[name] = shares((_, count) => 1 / (count - skipped))
        break
      case 'mean_sqrt_len_tokens':
        feeds[name] = shares((_, count) => 1 / Math.sqrt(count - skipped))
        break
      case 'weightedmean':
        feeds[name] = shares((index, count) => {
          // Positions count from 1 at the text's own start, prompt or not.
          const all = (count * (count + 1)) / 2 - (skipped * (skipped + 1)) / 2
          return (index + 1) / all
        })
        break
      case 'cls':
        feeds[name] = places((count) => Math.min(skipped, count - 1))
        break
      case 'lasttoken':
        feeds[name] = places((count) => count - 1)
        break
      case 'max':
        feeds[name] = tokensOf(rows, skipped)
        break
    }
  }
  return feeds
}
/** The tokens that a maximum is taken over, int64 `[B, T]`; where there are fewer the last one stands again. */
function tokensOf(rows: readonly SourceRow[], skipped: number): PlainTensor {
  const length = rows.reduce((most, { ids }) => Math.max(most, ids.length), 0)
  const data = new BigInt64Array(rows.length * length)
  let start = 0
  rows.forEach(({ ids }, row) => {
    const last = ids.length - 1
    for (let index = 0; index < length; index++) {
      data[row * length + index] = BigInt(start + Math.min(Math.max(index, skipped), last))
    }
    start += ids.length
  })
  return { data, dims: [rows.length, length] }
}

function unitLength(g: GraphBuilder, x: Value): Value {
  const norm = g.sqrt(g.reduceSum(g.mul(x, x), [1], true))
  return g.div(x, g.max(norm, 1e-12))
}
