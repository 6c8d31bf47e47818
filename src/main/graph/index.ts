/**
 * ONNX graphs: typed building, checking, printing and writing. The first folder to read; `gradient/` adds the backward pass.
 *
 * ```ts
 * const g = new GraphBuilder({ name: 'scores' })
 * const ids = g.input('ids', ['B', 'T'], 'int64')                  // symbols take their values from the fed shapes
 * const table = g.weight('model.shared.weight', [50265, 768])      // fed too, in the checkpoint's [out, in] layout
 * const x = g.reshape(g.gather(table, ids), ['B*T', 768])          // dimensions are numbers or expressions over symbols
 * const y = g.gelu(g.linear(x, g.weight('fc1.weight', [3072, 768]), g.weight('fc1.bias', [3072])))
 * g.output('y', g.mul(y, 0.5))                                     // a number becomes a constant of the same type
 * const graph = g.build()                                          // pruned and checked, plain readonly data
 * console.log(dumpGraph(graph))
 * const { bytes } = encodeModel(graph, { target: 'cpu' })
 * ```
 *
 * A graph never holds weights: they are inputs, shared by every session that reads them. Conditions are `bool` values, masks
 * are best added as 0 / -1e9 before a softmax. Names that begin with `_` or `dim:` are reserved.
 */
export { GraphBuilder, type Adapter } from './builder.ts'
export { checkGraph } from './check.ts'
export {
  addDims,
  evaluateDim,
  isSymbol,
  multiplyDims,
  sameDims,
  subtractDims,
  type Bindings,
  type Dim
} from './dims.ts'
export { productFlops } from './cost.ts'
export { inHalf, type HalfOptions } from './half.ts'
export { isFloat, type DType } from './dtype.ts'
export { dumpGraph } from './dump.ts'
export { dimensionPrefix, type Target } from './emitter.ts'
export { encodeModel, stopOutputName, type StoredWeight } from './onnx.ts'
export type { Op } from './ops/attributes.ts'
export type { ConstantData, Graph, GraphConstant, Node, NodeOf, Value } from './value.ts'
