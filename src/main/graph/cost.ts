/** How much arithmetic a graph asks for: the products, beside which everything else is small. */
import { evaluateDim, type Bindings, type Dim } from './dims.ts'
import type { Graph, Node } from './value.ts'

/** Floating-point operations of all matrix products, a multiplication and an addition counted as two. */
export function productFlops(graph: Graph, bindings: Bindings): number {
  const count = (dims: readonly Dim[]) => dims.reduce<number>((product, dim) => product * evaluateDim(dim, bindings), 1)
  return graph.nodes.reduce(
    (sum, node) => sum + 2 * count(node.outputs.at(-1)?.dims ?? []) * evaluateDim(innerDim(node), bindings),
    0
  )
}

/** The dimension that a product sums over; 0 for nodes that are no products. */
function innerDim({ op, inputs, attributes }: Node): Dim {
  const dims = inputs[0]?.dims ?? []
  switch (op) {
    case 'Gemm':
    case 'MatMul':
      return dims.at(attributes.transA ? -2 : -1)!
    case 'QuantizedMatMul':
    case 'DequantizedMatMul':
    case 'HeadLoss':
      return dims.at(-1)!
    default:
      return 0
  }
}
