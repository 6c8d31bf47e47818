/** A convolution over neighbouring tokens of each sequence. */
import type { Value } from '../../graph/index.ts'
import type { Activation, ModelContext } from '../context.ts'
import type { SourceInputs } from '../inputs.ts'
import { linearParameters, normal, normParameters, parameter, type Parameter } from '../parameters.ts'
import type { SourceTable } from '../source-table.ts'

export interface Convolution {
  /** Tokens that it sees at a time; odd. */
  width: number
  activation: Activation
}

const neighbourRows = 'source_neighbours'

/** For each token its neighbours from left to right, itself in the middle, int64 `[N·width]`; N where there is none. */
export function neighbours(width: number): SourceTable {
  return {
    name: neighbourRows,
    dtype: 'int64',
    dims: [`${width}*N`],
    fill: (lengths) => {
      const tokens = lengths.reduce((sum, length) => sum + length, 0)
      let start = 0
      return lengths.flatMap((length) => {
        const rows = Array.from({ length: length * width }, (_, at) => {
          const place = Math.floor(at / width) + (at % width) - (width >> 1)
          return place < 0 || place >= length ? tokens : start + place
        })
        start += length
        return rows
      })
    }
  }
}

/** Of its kernel, its bias and the norm behind it. */
export function convolutionParameters(name: string, hidden: number, width: number, initStd: number): Parameter[] {
  return [
    parameter(`${name}.conv.weight`, [hidden, hidden, width], normal(initStd)),
    linearParameters(`${name}.conv`, hidden, hidden, initStd)[1]!,
    ...normParameters(`${name}.LayerNorm`, hidden)
  ]
}

/**
 * What the embedded tokens say to their neighbours, added to the result of a block.
 *
 * @param name of the weights
 * @param parts `embedded` and `block`, both `[N, hidden]`
 * @returns `[N, hidden]`
 */
export function convolve(
  context: ModelContext,
  name: string,
  { width, activation, ...config }: Convolution & { hiddenSize: number; dropout: number; layerNormEpsilon: number },
  { embedded, block, source }: { embedded: Value; block: Value; source: SourceInputs }
): Value {
  const { g } = context
  const { hiddenSize } = config
  const { tokens } = source.packing
  const nothing = g.constant(new Float32Array(hiddenSize), [1, hiddenSize], 'float32')
  const near = g.gather(g.concat([embedded, nothing], 0), source.table(neighbourRows))
  const windows = g.transpose(g.reshape(near, [tokens, width, hiddenSize]), [0, 2, 1])
  const kernel = g.reshape(context.weight(`${name}.conv.weight`), [hiddenSize, hiddenSize * width])
  const bias = context.weight(`${name}.conv.bias`)
  const y = g.gemm(g.reshape(windows, [tokens, hiddenSize * width]), kernel, bias, { transB: true })
  const active = context.activation(context.dropout(y, config.dropout), activation)
  return context.layerNorm(g.add(block, active), `${name}.LayerNorm`, config.layerNormEpsilon)
}
