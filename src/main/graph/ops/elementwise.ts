/** Operations on each element, with NumPy broadcasting. */
import { contrib, int, lateShape, text } from '../emitter.ts'
import type { DType } from '../dtype.ts'
import type { Op } from './attributes.ts'
import { broadcast, expectCount, expectFloat, expectType, misfit, names, type OpRow } from './row.ts'

type Arithmetic = 'Add' | 'Sub' | 'Mul' | 'Div' | 'Pow' | 'Min' | 'Max'
type Comparison = 'Equal' | 'Less' | 'Greater'
type Logical = 'And' | 'Or'
type Unary = 'Neg' | 'Abs' | 'Reciprocal' | 'Sqrt' | 'Exp' | 'Log' | 'Tanh' | 'Sigmoid' | 'Erf' | 'Relu'
type Elementwise =
  Arithmetic | Comparison | Logical | Unary | 'Not' | 'Where' | 'Gelu' | 'Cast' | 'Identity' | 'Barrier'

/** The element types as ONNX numbers them. */
export const onnxTypes: Record<DType, number> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11
}

function arithmetic(op: Arithmetic): OpRow<Arithmetic> {
  return {
    infer(inputs) {
      expectCount(op, inputs, 2)
      const dtype = inputs[0]!.dtype
      if (inputs[1]!.dtype !== dtype || dtype === 'bool') throw misfit(op, 'expected two numbers of one type', inputs)
      return [{ dtype, dims: broadcast(op, inputs) }]
    },
    emit: (emitter, node) => emitter.add(op, names(node.inputs), names(node.outputs))
  }
}

function comparison(op: Comparison): OpRow<Comparison> {
  return {
    infer(inputs) {
      expectCount(op, inputs, 2)
      if (inputs[0]!.dtype !== inputs[1]!.dtype) throw misfit(op, 'expected two values of one type', inputs)
      return [{ dtype: 'bool', dims: broadcast(op, inputs) }]
    },
    emit: (emitter, node) => emitter.add(op, names(node.inputs), names(node.outputs))
  }
}

function logical(op: Logical): OpRow<Logical> {
  return {
    infer(inputs) {
      expectCount(op, inputs, 2)
      for (const value of inputs) expectType(op, inputs, value, 'bool')
      return [{ dtype: 'bool', dims: broadcast(op, inputs) }]
    },
    emit: (emitter, node) => emitter.add(op, names(node.inputs), names(node.outputs))
  }
}

function unary<O extends Unary>(op: O): OpRow<O> {
  return {
    infer(inputs) {
      expectCount(op, inputs, 1)
      const [x] = inputs
      if (op === 'Neg' || op === 'Abs') {
        if (x!.dtype === 'bool') throw misfit(op, 'expected numbers', inputs)
      } else expectFloat(op, inputs, x!)
      return [{ dtype: x!.dtype, dims: x!.dims }]
    },
    emit: (emitter, node) => emitter.add(op, names(node.inputs), names(node.outputs))
  }
}

export const elementwise: { [O in Elementwise & Op]: OpRow<O> } = {
  Add: arithmetic('Add'),
  Sub: arithmetic('Sub'),
  Mul: arithmetic('Mul'),
  Div: arithmetic('Div'),
  Pow: arithmetic('Pow'),
  Min: arithmetic('Min'),
  Max: arithmetic('Max'),
  Equal: comparison('Equal'),
  Less: comparison('Less'),
  Greater: comparison('Greater'),
  And: logical('And'),
  Or: logical('Or'),
  Neg: unary('Neg'),
  Abs: unary('Abs'),
  Reciprocal: unary('Reciprocal'),
  Sqrt: unary('Sqrt'),
  Exp: unary('Exp'),
  Log: unary('Log'),
  Tanh: unary('Tanh'),
  Sigmoid: unary('Sigmoid'),
  Erf: unary('Erf'),
  Relu: unary('Relu'),
  Not: {
    infer(inputs) {
      expectCount('Not', inputs, 1)
      expectType('Not', inputs, inputs[0]!, 'bool')
      return [{ dtype: 'bool', dims: inputs[0]!.dims }]
    },
    emit: (emitter, node) => emitter.add('Not', names(node.inputs), names(node.outputs))
  },
  Where: {
    infer(inputs) {
      expectCount('Where', inputs, 3)
      const [condition, a, b] = inputs
      expectType('Where', inputs, condition!, 'bool')
      if (a!.dtype !== b!.dtype) throw misfit('Where', 'expected both branches to be of one type', inputs)
      return [{ dtype: a!.dtype, dims: broadcast('Where', inputs) }]
    },
    emit: (emitter, node) => emitter.add('Where', names(node.inputs), names(node.outputs))
  },
  Gelu: {
    infer(inputs) {
      expectCount('Gelu', inputs, 1)
      expectFloat('Gelu', inputs, inputs[0]!)
      return [{ dtype: inputs[0]!.dtype, dims: inputs[0]!.dims }]
    },
    emit(emitter, { inputs, outputs, attributes }) {
      // The contrib operator is the one that has a kernel on every provider; the tanh form has one only on the CPU.
      if (attributes.approximate === 'none') return emitter.add(`${contrib}:Gelu`, names(inputs), names(outputs))
      if (emitter.target === 'cpu')
        return emitter.add('Gelu', names(inputs), names(outputs), { approximate: text('tanh') })
      emitter.add(`${contrib}:FastGelu`, names(inputs), names(outputs))
    }
  },
  Cast: {
    infer(inputs, { to }) {
      expectCount('Cast', inputs, 1)
      return [{ dtype: to, dims: inputs[0]!.dims }]
    },
    emit: (emitter, node) =>
      emitter.add('Cast', names(node.inputs), names(node.outputs), { to: int(onnxTypes[node.attributes.to]) })
  },
  Identity: {
    infer(inputs) {
      expectCount('Identity', inputs, 1)
      return [{ dtype: inputs[0]!.dtype, dims: inputs[0]!.dims }]
    },
    emit: (emitter, node) => emitter.add('Identity', names(node.inputs), names(node.outputs))
  },
  Barrier: {
    infer(inputs) {
      expectCount('Barrier', inputs, 2)
      return [{ dtype: inputs[0]!.dtype, dims: inputs[0]!.dims }]
    },
    emit(emitter, { inputs, outputs }) {
      const [x, gate] = names(inputs) as [string, string]
      emitter.add('Reshape', [x, lateShape(emitter, x, gate)], names(outputs))
    }
  }
}
