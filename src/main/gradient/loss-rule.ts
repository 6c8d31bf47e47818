/** Gradient of the output projection with its cross-entropy. */
import type { GraphBuilder, NodeOf, Value } from '../graph/index.ts'

/**
 * With q = p - smoothing/v - (1 - smoothing)·onehot(label) the gradient of the logits is weight · q. The weight of a row is
 * applied on the `[m, d]` side, so that the large `[m, v]` matrix is read and written once. The head's gradient is written as
 * qᵀ·hidden: with the few dozen labels of a batch it takes half the time of (hiddenᵀ·q)ᵀ, whose result is moved once more. From
 * about two hundred labels on the other form would be a quarter faster.
 */
export function headLossRule(g: GraphBuilder, node: NodeOf<'HeadLoss'>, dy: Value): readonly (Value | null)[] {
  const [hidden, head, labels, weights, bias] = node.inputs as [Value, Value, Value, Value, Value | undefined]
  const [, rowLosses, probabilities] = node.outputs as [Value, Value, Value]
  const { smoothing } = node.attributes
  const column = g.unsqueeze(labels, 1)
  const base = smoothing === 0 ? probabilities : g.sub(probabilities, smoothing / Number(head.dims[0]))
  const atLabel = g.sub(g.gatherElements(base, column, 1), 1 - smoothing)
  const q = g.scatterElements(base, column, atLabel, { axis: 1 })
  const scale = g.unsqueeze(g.mul(weights, dy), 1)
  const dHidden = g.mul(g.gemm(q, head), scale)
  const dHead = g.gemm(q, g.mul(hidden, scale), undefined, { transA: true })
  const dBias = bias ? [g.reduceSum(g.mul(q, scale), [0])] : []
  return [dHidden, dHead, null, g.mul(rowLosses, dy), ...dBias]
}
