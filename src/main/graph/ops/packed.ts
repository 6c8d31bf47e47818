/**
 * Between packed rows `[n, heads·size]`, one for each token, and sequences side by side `[batch, heads, length, size]`, with
 * nothing where a sequence is shorter than the longest. Two int64 tables say where each piece of a row goes and comes from:
 * `slots` `[batch, heads, length]` the pieces of the rows (n·heads and more: none), `rows` `[n, heads]` the places of the sequences.
 * Each of the two ops is the other's gradient.
 */
import { addDims, multiplyDims } from '../dims.ts'
import { int } from '../emitter.ts'
import type { Value } from '../value.ts'
import { expectCount, expectDims, expectRank, expectType, misfit, names, type OpRow } from './row.ts'

export const packed: { [O in 'Spread' | 'Collect']: OpRow<O> } = {
  /** x `[n, heads·size]`, slots, rows: `[batch, heads, length, size]`, zero where there is no token. */
  Spread: {
    infer(inputs) {
      const [x, slots, rows] = expectTables('Spread', inputs)
      expectRank('Spread', inputs, x, 2)
      const heads = slots.dims[1]!
      expectDims('Spread', inputs, rows, [x.dims[0]!, heads])
      const size = Number(x.dims[1]) / Number(heads)
      if (!Number.isInteger(size)) throw misfit('Spread', 'the width cannot be divided by the heads', inputs)
      return [{ dtype: x.dtype, dims: [...slots.dims, size] }]
    },
    emit(emitter, { inputs, outputs }) {
      const [x, slots] = inputs as [Value, Value]
      const size = outputs[0]!.dims[3]!
      const nothing = emitter.step('Expand', [emitter.scalar(0, x.dtype), emitter.ints([1, Number(x.dims[1])])])
      const longer = emitter.step('Concat', [x.name, nothing], { axis: int(0) })
      const from = [addDims(x.dims[0]!, 1), x.dims[1]!]
      const pieces = [multiplyDims(from[0]!, slots.dims[1]!), size]
      const cut = emitter.step('Reshape', [longer, emitter.reshapeTarget(from, pieces)])
      emitter.add('Gather', [cut, slots.name], names(outputs), { axis: int(0) })
    }
  },
  /** x `[batch, heads, length, size]`, slots, rows: `[n, heads·size]`. */
  Collect: {
    infer(inputs) {
      const [x, slots, rows] = expectTables('Collect', inputs)
      expectRank('Collect', inputs, x, 4)
      expectDims('Collect', inputs, slots, x.dims.slice(0, 3))
      return [{ dtype: x.dtype, dims: [rows.dims[0]!, multiplyDims(x.dims[1]!, x.dims[3]!)] }]
    },
    emit(emitter, { inputs, outputs }) {
      const [x, , rows] = inputs as [Value, Value, Value]
      const size = x.dims[3]!
      const cut = emitter.step('Reshape', [x.name, emitter.ints([-1, Number(size)])])
      const pieces = emitter.step('Gather', [cut, rows.name], { axis: int(0) })
      emitter.add('Reshape', [pieces, emitter.ints([-1, Number(outputs[0]!.dims[1])])], names(outputs))
    }
  }
}

function expectTables(op: 'Spread' | 'Collect', inputs: readonly Value[]): [Value, Value, Value] {
  expectCount(op, inputs, 3)
  const [x, slots, rows] = inputs as [Value, Value, Value]
  expectType(op, inputs, slots, 'int64')
  expectType(op, inputs, rows, 'int64')
  expectRank(op, inputs, slots, 3)
  expectRank(op, inputs, rows, 2)
  if (slots.dims[1] !== rows.dims[1]) throw misfit(op, 'the two tables are of different numbers of heads', inputs)
  return [x, slots, rows]
}
