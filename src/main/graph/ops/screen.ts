/** The product by which a head is screened: what may be the largest score, and what cannot be. */
import { contrib, flag, int } from '../emitter.ts'
import { expectCount, expectDims, expectRank, expectType, misfit, names, type OpRow } from './row.ts'

/** Rows in 8 bits lie around this, at most `reach` away from it: two products with int8 always add up within 16 bits, so that no processor
 * cuts any off. */
const middle = 64
const reach = 63
/** So that a row of zeros has a unit. */
const leastUnit = 1e-10

export const screen: { [O in 'RoundedProduct']: OpRow<O> } = {
  RoundedProduct: {
    infer(inputs) {
      expectCount('RoundedProduct', inputs, 3)
      const [x, w, scale] = inputs
      expectType('RoundedProduct', inputs, x!, 'float32')
      expectRank('RoundedProduct', inputs, x!, 2)
      expectType('RoundedProduct', inputs, w!, 'int8')
      expectRank('RoundedProduct', inputs, w!, 2)
      const [rows, width] = x!.dims
      const [inner, outputs] = w!.dims
      if (width !== inner) throw misfit('RoundedProduct', `the inner dimensions ${width} and ${inner} differ`, inputs)
      expectDims('RoundedProduct', inputs, scale!, [outputs!])
      return [
        { dtype: 'float32', dims: [rows!, outputs!] },
        { dtype: 'float32', dims: [rows!, 1] },
        { dtype: 'float32', dims: [rows!, width!] }
      ]
    },
    emit(emitter, { inputs, outputs }) {
      const [x, w, scale] = names(inputs) as [string, string, string]
      const [product, unit, rest] = names(outputs) as [string, string, string]
      const largest = emitter.step('ReduceMax', [emitter.step('Abs', [x]), emitter.ints([1])], { keepdims: flag(true) })
      const step = emitter.step('Mul', [largest, emitter.scalar(1 / reach, 'float32')])
      emitter.add('Max', [step, emitter.scalar(leastUnit, 'float32')], [unit])
      const units = emitter.step('Reshape', [unit, emitter.ints([-1])])
      const centre = emitter.scalar(middle, 'uint8')
      const centres = emitter.step('Expand', [centre, emitter.step('Shape', [units])])
      const rounded = emitter.step('QuantizeLinear', [x, units, centres], { axis: int(0) })
      const read = emitter.step('DequantizeLinear', [rounded, units, centres], { axis: int(0) })
      emitter.add('Sub', [x, read], [rest])
      const one = emitter.scalar(1, 'float32')
      emitter.add(`${contrib}:MatMulIntegerToFloat`, [rounded, w, one, scale, centre], [product])
    }
  }
}
