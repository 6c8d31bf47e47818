/**
 * Products in half precision. A device's kernels also add up in half precision, so that the error grows with the length of a sum: 0.4 %
 * of a result at 768 terms, 1 % at 4,096, and 10 % there where all terms have one sign. So what is summed over is cut into blocks, each
 * with a product of its own, and the blocks' results are added by a sum that devices keep in fp32: 0.24 % at any length.
 */
import { int, ints, type Emitter } from '../emitter.ts'
import type { Dim } from '../dims.ts'
import type { Value } from '../value.ts'

/** Terms of a block. Shorter ones are more exact, and their results are more to write and to read. */
const blockLength = 256
/** Blocks at most, and numbers that all blocks' results may hold together where their size is known: above that, blocks grow. */
const mostBlocks = 32
const mostNumbers = 2 ** 27

/** Writes `a · b` of two matrices in half precision after the transposes, `[m, k] · [k, n]`; gives the name of the result. */
export function emitHalfProduct(
  emitter: Emitter,
  [a, b]: readonly [Value, Value],
  { transA, transB }: { readonly transA: boolean; readonly transB: boolean },
  output = emitter.temporary()
): string {
  const inner = a.dims[transA ? 0 : 1]!
  const outer = [a.dims[transA ? 1 : 0]!, b.dims[transB ? 0 : 1]!]
  const cut = cutOf(emitter, inner, outer)
  if (cut === null) {
    const turns = { transA: int(transA ? 1 : 0), transB: int(transB ? 1 : 0) }
    emitter.add('Gemm', [a.name, b.name], [output], turns)
    return output
  }
  // Blocks come first; the left matrix is `[blocks, m, block]` and the right one `[blocks, block, n]`.
  const rows = transA ? blocksOf(emitter, a, cut, [0, [0, 2, 1]]) : blocksOf(emitter, a, cut, [1, [1, 0, 2]])
  const columns = transB ? blocksOf(emitter, b, cut, [1, [1, 2, 0]]) : blocksOf(emitter, b, cut, [0, null])
  const products = emitter.step('MatMul', [rows, columns])
  emitter.add('ReduceSum', [products, emitter.ints([0])], [output], { keepdims: int(0) })
  return output
}

/** How a dimension is cut: names of int64 vectors of one number each. */
interface Cut {
  readonly key: string
  readonly blocks: string
  readonly block: string
  /** Zeros that make the last block whole; null where none are missing. */
  readonly missing: string | null
}

/** null for a sum that is short enough as it is. */
function cutOf(emitter: Emitter, inner: Dim, outer: readonly Dim[]): Cut | null {
  const size = outer.every((dim) => typeof dim === 'number') ? Number(outer[0]) * Number(outer[1]) : 0
  const most = Math.max(1, Math.min(mostBlocks, Math.floor(mostNumbers / Math.max(1, size))))
  if (typeof inner === 'number') {
    const count = Math.min(most, Math.ceil(inner / blockLength))
    if (count === 1) return null
    const length = Math.ceil(inner / count)
    const rest = count * length - inner
    return {
      ...{ key: `${count} of ${length}`, blocks: emitter.ints([count]), block: emitter.ints([length]) },
      missing: rest === 0 ? null : emitter.ints([rest])
    }
  }
  if (most === 1) return null
  const key = `${inner} in ${most}`
  const number = (name: string, make: () => string): string => emitter.shared(`cut ${name} ${key}`, make)
  const length = emitter.dimension(inner)
  const step = (type: string, x: string, y: string): string => emitter.step(type, [x, y])
  const whole = (x: string, by: string): string => step('Div', step('Add', x, step('Sub', by, emitter.ints([1]))), by)
  const blocks = number('blocks', () => step('Min', whole(length, emitter.ints([blockLength])), emitter.ints([most])))
  const block = number('block', () => whole(length, blocks))
  const missing = number('missing', () => step('Sub', step('Mul', blocks, block), length))
  return { key, blocks, block, missing }
}

/** A matrix with one axis cut in two, blocks and what is in a block, and then turned. Several products of one matrix share it. */
function blocksOf(
  emitter: Emitter,
  { name, dims, dtype }: Value,
  { key, blocks, block, missing }: Cut,
  [axis, turn]: readonly [0 | 1, readonly number[] | null]
): string {
  const join = (parts: readonly string[]): string => emitter.step('Concat', parts, { axis: int(0) })
  const none = emitter.ints([0])
  const pads = (zeros: string): string =>
    emitter.shared(`pads ${axis} ${key}`, () =>
      join(axis === 0 ? [none, none, zeros, none] : [none, none, none, zeros])
    )
  const other = dims[1 - axis]!
  // A length that is not known is worked out from the others.
  const rest = emitter.ints([typeof other === 'number' ? other : -1])
  const shape = (): string =>
    emitter.shared(`blocks ${axis} ${key} ${rest}`, () =>
      join(axis === 0 ? [blocks, block, rest] : [rest, blocks, block])
    )
  const cut = emitter.shared(`cut ${name} ${axis} ${key}`, () => {
    const whole = missing === null ? name : emitter.step('Pad', [name, pads(missing), emitter.scalar(0, dtype)])
    return emitter.step('Reshape', [whole, shape()])
  })
  if (turn === null) return cut
  return emitter.shared(`turned ${cut} ${turn.join()}`, () => emitter.step('Transpose', [cut], { perm: ints(turn) }))
}
