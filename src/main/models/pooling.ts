/** From the hidden states of all tokens to one vector for each text, as sentence-transformers does it. */
import type { Dim, GraphBuilder, Value } from '../graph/index.ts'
import { firstToken } from './attention.ts'
import type { PlainTensor, SourceRow } from './batch.ts'
import type { Activation, ModelContext } from './context.ts'
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
  /** Pool over what the input `pooling_mask` `[B, T]` says, not over all tokens. */
  masked?: boolean
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

/** `[B·T, hidden]` to `[B, width]`. */
export function pool(context: ModelContext, hidden: Value, mask: Value, how: Pooled): Value {
  const { g } = context
  const [batch, length] = mask.dims as [Dim, Dim]
  const width = hidden.dims[1]!
  const over = how.masked ? g.input('pooling_mask', [batch, length]) : mask
  const modes = [how.pooling].flat()
  const parts = modes.map((mode) => {
    if (mode === 'cls' && !how.masked) return firstToken(context, hidden, batch, length)
    const states = g.reshape(hidden, [batch, length, width])
    if (mode === 'max') return maxOverTokens(g, states, over)
    const shares = mode === 'mean' ? meanShares(g, over) : g.input(`pooling_${mode}`, [batch, length])
    return g.reshape(g.matMul(g.reshape(shares, [batch, 1, length]), states), [batch, width])
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
 * The inputs of `pool` besides the source's: how much each token counts.
 * @param skipped tokens at the start that are left out: those of a prompt
 */
export function poolingBatch(how: Pooled, rows: readonly SourceRow[], skipped: number): Record<string, PlainTensor> {
  const length = rows.reduce((most, { ids }) => Math.max(most, ids.length), 0)
  const dims = [rows.length, length]
  const filled = (weight: (index: number, count: number) => number): PlainTensor => {
    const data = new Float32Array(rows.length * length)
    rows.forEach(({ ids }, row) => {
      for (let index = skipped; index < ids.length; index++) data[row * length + index] = weight(index, ids.length)
    })
    return { data, dims }
  }
  const feeds: Record<string, PlainTensor> = how.masked ? { pooling_mask: filled(() => 1) } : {}
  for (const mode of [how.pooling].flat()) {
    switch (mode) {
      case 'mean':
      case 'max':
        break
      case 'cls':
        if (how.masked) feeds['pooling_cls'] = filled((index) => (index === skipped ? 1 : 0))
        break
      case 'lasttoken':
        feeds['pooling_lasttoken'] = filled((index, count) => (index === count - 1 ? 1 : 0))
        break
      case 'mean_sqrt_len_tokens':
        feeds['pooling_mean_sqrt_len_tokens'] = filled((_, count) => 1 / Math.sqrt(count - skipped))
        break
      case 'weightedmean':
        feeds['pooling_weightedmean'] = filled((index, count) => {
          // Positions count from 1 at the text's own start, prompt or not.
          const all = (count * (count + 1)) / 2 - (skipped * (skipped + 1)) / 2
          return (index + 1) / all
        })
        break
    }
  }
  return feeds
}

function meanShares(g: GraphBuilder, mask: Value): Value {
  return g.div(mask, g.max(g.reduceSum(mask, [1], true), 1e-9))
}

function maxOverTokens(g: GraphBuilder, states: Value, mask: Value): Value {
  const [batch, length, width] = states.dims as [Dim, Dim, Dim]
  const bias = g.reshape(g.mul(g.sub(mask, 1), 1e30), [batch, length, 1])
  return g.reshape(g.reduceMax(g.add(states, bias), [1], true), [batch, width])
}

function unitLength(g: GraphBuilder, x: Value): Value {
  const norm = g.sqrt(g.reduceSum(g.mul(x, x), [1], true))
  return g.div(x, g.max(norm, 1e-12))
}
