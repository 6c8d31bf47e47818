/** Matrix products. */
import { broadcastDims, type Dim } from '../dims.ts'
import { raised } from '../linear.ts'
import { contrib, flag, float, int, ints, lateShape } from '../emitter.ts'
import type { Emitter } from '../emitter.ts'
import type { Value } from '../value.ts'
import { emitHalfProduct } from './long-sums.ts'
import { expectCount, expectDims, expectFloat, expectRank, expectType, misfit, names, type OpRow } from './row.ts'

type Matrix = 'Gemm' | 'MatMul' | 'QuantizedMatMul' | 'DequantizedMatMul'

export const matrix: { [O in Matrix]: OpRow<O> } = {
  Gemm: {
    infer(inputs, { transA, transB }) {
      expectCount('Gemm', inputs, 2, 3)
      const [a, b, bias] = inputs
      expectFloat('Gemm', inputs, ...inputs)
      expectRank('Gemm', inputs, a!, 2)
      expectRank('Gemm', inputs, b!, 2)
      const [m, k] = transA ? [a!.dims[1]!, a!.dims[0]!] : [a!.dims[0]!, a!.dims[1]!]
      const [kOfB, n] = transB ? [b!.dims[1]!, b!.dims[0]!] : [b!.dims[0]!, b!.dims[1]!]
      if (k !== kOfB) throw misfit('Gemm', `the inner dimensions ${k} and ${kOfB} differ`, inputs)
      if (bias) expectDims('Gemm', inputs, bias, [n])
      return [{ dtype: a!.dtype, dims: [m, n] }]
    },
    emit(emitter, { inputs, outputs, attributes }) {
      const [a, b, bias] = inputs as [Value, Value, Value | undefined]
      const turns = { transA: flag(attributes.transA), transB: flag(attributes.transB) }
      if (a.dtype !== 'float16') return emitter.add('Gemm', names(inputs), names(outputs), turns)
      if (bias) emitter.add('Add', [emitHalfProduct(emitter, [a, b], attributes), bias.name], names(outputs))
      else emitHalfProduct(emitter, [a, b], attributes, outputs[0]!.name)
    }
  },
  MatMul: {
    infer(inputs, { transA, transB }) {
      expectCount('MatMul', inputs, 2)
      const [a, b] = inputs
      expectFloat('MatMul', inputs, a!, b!)
      if (a!.dims.length < 2 || b!.dims.length < 2) throw misfit('MatMul', 'expected at least two dimensions', inputs)
      const left = lastTwo(a!, transA)
      const right = lastTwo(b!, transB)
      if (left[1] !== right[0]) throw misfit('MatMul', `the inner dimensions ${left[1]} and ${right[0]} differ`, inputs)
      const batch = broadcastDims(a!.dims.slice(0, -2), b!.dims.slice(0, -2))
      if (!batch) throw misfit('MatMul', 'the batch dimensions cannot be broadcast together', inputs)
      return [{ dtype: a!.dtype, dims: [...batch, left[0], right[1]] }]
    },
    emit(emitter, { inputs, outputs, attributes: { transA, transB, alpha } }) {
      const [a, b] = inputs as [Value, Value]
      if (!transA && !transB && alpha === 1) return emitter.add('MatMul', names(inputs), names(outputs))
      if (emitter.target === 'cpu' && a.dtype === 'float32') {
        const attributes = { transA: flag(transA), transB: flag(transB), alpha: float(alpha) }
        return emitter.add(`${contrib}:FusedMatMul`, names(inputs), names(outputs), attributes)
      }
      const left = transA ? swapLastTwo(emitter, a) : a.name
      const right = transB ? swapLastTwo(emitter, b) : b.name
      if (alpha === 1) return emitter.add('MatMul', [left, right], names(outputs))
      emitter.add('Mul', [emitter.step('MatMul', [left, right]), emitter.scalar(alpha, a.dtype)], names(outputs))
    }
  },
  QuantizedMatMul: {
    infer(inputs, { back, turned, live }) {
      const count = 3 + Number(turned) + Number(live)
      expectCount('QuantizedMatMul', inputs, count)
      const [x, w, scale] = inputs
      expectType('QuantizedMatMul', inputs, x!, 'float32')
      expectRank('QuantizedMatMul', inputs, x!, 2)
      expectType('QuantizedMatMul', inputs, w!, 'int8')
      expectRank('QuantizedMatMul', inputs, w!, 2)
      const [outputs, width] = w!.dims as [Dim, Dim]
      const [inner, outer] = back ? [outputs, width] : [width, outputs]
      if (x!.dims[1] !== inner)
        throw misfit('QuantizedMatMul', `the inner dimensions ${x!.dims[1]} and ${inner} differ`, inputs)
      expectDims('QuantizedMatMul', inputs, scale!, [outputs])
      if (turned) expectType('QuantizedMatMul', inputs, inputs[3]!, 'int8')
      if (turned) expectDims('QuantizedMatMul', inputs, inputs[3]!, [width, outputs])
      if (live) expectDims('QuantizedMatMul', inputs, inputs.at(-1)!, [outputs, width])
      return [{ dtype: 'float32', dims: [x!.dims[0]!, outer] }]
    },
    emit(emitter, { inputs, outputs, attributes: { back, least, turned, live, precise } }) {
      const [x, w, scale, across] = names(inputs) as [string, string, string, string | undefined]
      if (precise && live) return emitter.add('Gemm', [x, inputs.at(-1)!.name], names(outputs), { transB: flag(!back) })
      // Backwards the scales lie along the dimension that is summed over: they go into the rows before these are quantised.
      const rows = back ? emitter.step('Mul', [x, scale]) : x
      const axis = emitter.ints([1])
      const largest = emitter.step('ReduceMax', [rows, axis], { keepdims: flag(true) })
      const zero = least === null ? 128 : least === 0 ? 0 : 24
      // The least step with which all of a row fits. A row of zeros has one too: nothing is divided by 0.
      const above = emitter.step('Mul', [largest, emitter.scalar(1 / (255 - zero), 'float32')])
      const below =
        least === null
          ? emitter.step('Mul', [
              emitter.step('ReduceMin', [rows, axis], { keepdims: flag(true) }),
              emitter.scalar(-1 / (zero - 1), 'float32')
            ])
          : emitter.scalar(least === 0 ? 1e-30 : -least / (zero - 1), 'float32')
      const step = emitter.step('Max', [above, below, emitter.scalar(1e-30, 'float32')])
      const steps = emitter.step('Reshape', [step, emitter.ints([-1])])
      const middle = emitter.scalar(zero, 'uint8')
      const middles = emitter.step('Expand', [middle, emitter.step('Shape', [steps])])
      const quantized = emitter.step('QuantizeLinear', [rows, steps, middles], { axis: int(0) })
      const right = back ? w : turned ? across! : emitter.step('Transpose', [w], { perm: ints([1, 0]) })
      const one = emitter.scalar(1, 'float32')
      const multiply = (rounded: string, zero: string): string =>
        emitter.step(`${contrib}:MatMulIntegerToFloat`, [rounded, right, one, back ? one : scale, zero])
      const product = multiply(quantized, middle)
      if (!precise) return emitter.add('Mul', [product, step], names(outputs))
      // What is left is at most half a step: rounded by a 254th of it.
      const rest = emitter.step('Sub', [
        rows,
        emitter.step('DequantizeLinear', [quantized, steps, middles], { axis: int(0) })
      ])
      const fine = emitter.step('Mul', [steps, emitter.scalar(1 / 254, 'float32')])
      const center = emitter.scalar(128, 'uint8')
      const centers = emitter.step('Expand', [center, emitter.step('Shape', [steps])])
      const second = multiply(emitter.step('QuantizeLinear', [rest, fine, centers], { axis: int(0) }), center)
      const both = emitter.step('Add', [product, emitter.step('Mul', [second, emitter.scalar(1 / 254, 'float32')])])
      emitter.add('Mul', [both, step], names(outputs))
    }
  },
  DequantizedMatMul: {
    infer(inputs, { back, block, dims: [outputs, width] }) {
      expectCount('DequantizedMatMul', inputs, 3)
      const [x, w, scale] = inputs
      expectType('DequantizedMatMul', inputs, x!, 'float32')
      expectRank('DequantizedMatMul', inputs, x!, 2)
      if (block !== null || w!.dtype !== 'uint8')
        expectType('DequantizedMatMul', inputs, w!, block === null ? 'int8' : 'uint8')
      const size = outputs * width
      expectDims('DequantizedMatMul', inputs, w!, block === null ? [outputs, width] : [Math.ceil(size / 2)])
      expectDims('DequantizedMatMul', inputs, scale!, [block === null ? outputs : Math.ceil(size / block)])
      const [inner, outer] = back ? [outputs, width] : [width, outputs]
      if (x!.dims[1] !== inner)
        throw misfit('DequantizedMatMul', `the inner dimensions ${x!.dims[1]} and ${inner} differ`, inputs)
      return [{ dtype: 'float32', dims: [x!.dims[0]!, outer] }]
    },
    emit(emitter, { inputs, outputs, attributes: { back, block, dims } }) {
      const [x, w, scale] = names(inputs) as [string, string, string]
      if (block !== null && !back) {
        const shape = { N: int(dims[0]), K: int(dims[1]), block_size: int(block), quant_type: int(1) }
        return emitter.add(`${contrib}:MatMulBnb4`, [x, w, scale], names(outputs), shape)
      }
      // Read anew for each product, and not before x is there: otherwise the whole model would lie in memory in fp32.
      const late = emitter.step('Reshape', [scale, lateShape(emitter, scale, x)])
      const read =
        block === null
          ? emitter.step(
              'DequantizeLinear',
              inputs[1]!.dtype === 'uint8' ? [w, late, emitter.filled(raised, 'uint8', dims[0])] : [w, late],
              { axis: int(0) }
            )
          : readCode(emitter, [w, late], block, dims)
      emitter.add('Gemm', [x, read], names(outputs), { transB: flag(!back) })
    }
  }
}

/**
 * The numbers that a 4-bit weight stands for. The runtime has no operator for that alone, and its product with the weight as it lies
 * is wrong (`transB` 0, version 1.30): so a single 1 is multiplied with all of them as a column.
 */
function readCode(
  emitter: Emitter,
  [w, scale]: readonly [string, string],
  block: number,
  dims: readonly [number, number]
): string {
  const one = emitter.step('Reshape', [emitter.scalar(1, 'float32'), emitter.ints([1, 1])])
  const shape = { N: int(dims[0] * dims[1]), K: int(1), block_size: int(block), quant_type: int(1) }
  const read = emitter.step(`${contrib}:MatMulBnb4`, [one, w, scale], shape)
  return emitter.step('Reshape', [read, emitter.ints(dims)])
}

function lastTwo(value: Value, transposed: boolean): [Dim, Dim] {
  const rows = value.dims.at(-2)!
  const columns = value.dims.at(-1)!
  return transposed ? [columns, rows] : [rows, columns]
}

function swapLastTwo(emitter: Emitter, value: Value): string {
  const perm = value.dims.map((_, axis) => axis)
  perm.push(...perm.splice(-2).reverse())
  return emitter.step('Transpose', [value.name], { perm: ints(perm) })
}
