/** The output projection with its cross-entropy. */
import { flag, int, type Emitter } from '../emitter.ts'
import { onnxTypes } from './elementwise.ts'
import { emitHalfProduct } from './long-sums.ts'
import type { Value } from '../value.ts'
import { expectCount, expectDims, expectFloat, expectRank, expectType, misfit, type OpRow } from './row.ts'
import { indexColumn } from './select.ts'

export const loss: { HeadLoss: OpRow<'HeadLoss'> } = {
  /** Outputs: weighted sum of row losses (a scalar), row losses `[m]`, probabilities `[m, v]`. */
  HeadLoss: {
    infer(inputs) {
      expectCount('HeadLoss', inputs, 4, 5)
      const [hidden, head, labels, weights, bias] = inputs as [Value, Value, Value, Value, Value | undefined]
      expectFloat('HeadLoss', inputs, hidden, head)
      expectFloat('HeadLoss', inputs, weights, ...(bias ? [bias] : []))
      expectRank('HeadLoss', inputs, hidden, 2)
      expectRank('HeadLoss', inputs, head, 2)
      expectType('HeadLoss', inputs, labels, 'int64')
      const [m, v] = [hidden.dims[0]!, head.dims[0]!]
      if (hidden.dims[1] !== head.dims[1]) throw misfit('HeadLoss', 'hidden size and head differ', inputs)
      expectDims('HeadLoss', inputs, labels, [m])
      expectDims('HeadLoss', inputs, weights, [m])
      if (bias) expectDims('HeadLoss', inputs, bias, [v])
      const { dtype } = weights
      return [
        { dtype, dims: [] },
        { dtype, dims: [m] },
        { dtype, dims: [m, v] }
      ]
    },
    emit(emitter, { inputs, outputs, attributes: { smoothing } }) {
      const [, , labels, weights] = inputs as [Value, Value, Value, Value]
      const [total, rows, probabilities] = outputs as [Value, Value, Value]
      const last = emitter.ints([1])
      const over = (type: string, x: string) => emitter.step(type, [x, last], { keepdims: int(1) })
      const times = (x: string, factor: number) => emitter.step('Mul', [x, emitter.scalar(factor, weights.dtype)])
      const logits = logitsOf(emitter, inputs)
      emitter.add('Softmax', [logits], [probabilities.name], { axis: int(-1) })
      // log Σ exp from the largest entry, whose probability is at least 1 / v: well conditioned, and the exponentials are there already.
      const logSum = emitter.step('Sub', [
        over('ReduceMax', logits),
        emitter.step('Log', [over('ReduceMax', probabilities.name)])
      ])
      const target = emitter.step('GatherElements', [logits, indexColumn(emitter, labels)], { axis: int(1) })
      let row = emitter.step('Sub', [logSum, smoothing === 0 ? target : times(target, 1 - smoothing)])
      if (smoothing !== 0) row = emitter.step('Sub', [row, times(over('ReduceMean', logits), smoothing)])
      emitter.add('Reshape', [row, emitter.ints([-1])], [rows.name])
      emitter.add('ReduceSum', [emitter.step('Mul', [rows.name, weights.name]), emitter.ints([0])], [total.name], {
        keepdims: int(0)
      })
    }
  }
}

/** Of hidden states and a head in half precision, the product alone is in half precision. */
function logitsOf(emitter: Emitter, inputs: readonly Value[]): string {
  const [hidden, head, , weights, bias] = inputs as [Value, Value, Value, Value, Value | undefined]
  if (hidden.dtype === weights.dtype)
    return emitter.step('Gemm', bias ? [hidden.name, head.name, bias.name] : [hidden.name, head.name], {
      transB: flag(true)
    })
  const product = emitHalfProduct(emitter, [hidden, head], { transA: false, transB: true })
  const logits = emitter.step('Cast', [product], { to: int(onnxTypes[weights.dtype]) })
  return bias ? emitter.step('Add', [logits, bias.name]) : logits
}
