/** Reverse-mode differentiation: one walk over the nodes from the last to the first, adding gradients as ordinary nodes. */
import { LabError } from '../contract/error.ts'
import { isFloat, sameDims, type GraphBuilder, type Node, type Op, type Value } from '../graph/index.ts'
import { BlockReplay } from './recompute.ts'
import { gradientRules, type GradientRule } from './rules.ts'

export interface BackwardOptions {
  /**
   * Hands the gradients of embedding tables out as rows, to be added where the table's gradient lies: no zero-filled table is
   * made, and only the rows that were read are written.
   */
  sparseRows?: boolean
  /** Values between two blocks of the model: what lies between them is computed again instead of being kept. */
  recomputeBetween?: readonly Value[]
  /** A scalar that all gradients are multiplied by: it stands where the loss's own gradient of 1 would. */
  seed?: Value | undefined
}

export interface Gradient {
  /** Of the value's own shape; null where only rows flow, or nothing at all. */
  readonly dense: Value | null
  /** With `sparseRows`: updates `[n, d]` to be added at row numbers `[n]`. */
  readonly rows: readonly { readonly indices: Value; readonly updates: Value }[]
}

/** The gradients of the scalar `loss` with respect to each value of `wrt`, in that order, as new nodes of the builder. */
export function backward(
  g: GraphBuilder,
  loss: Value,
  wrt: readonly Value[],
  { sparseRows = false, recomputeBetween = [], seed = g.scalar(1, loss.dtype) }: BackwardOptions = {}
): Gradient[] {
  if (loss.dims.length !== 0 || !isFloat(loss.dtype)) {
    throw new LabError(
      'graph-misfit',
      `The loss must be a floating-point scalar, but "${loss.name}" is [${loss.dims.join(', ')}].`
    )
  }
  const forward = [...g.nodes]
  const reaches = dependents(forward, wrt)
  const replay = recomputeBetween.length > 0 ? new BlockReplay(g, recomputeBetween) : null
  const contributions = new Map<Value, Value[]>([[loss, [seed]]])
  for (let index = forward.length - 1; index >= 0; index--) {
    const node = forward[index]!
    const dy = gradientOf(g, contributions, node)
    if (!dy || !node.inputs.some((input) => reaches.has(input))) continue
    const gradients = applyRule(g, replay?.copyOf(node, dy) ?? node, dy)
    node.inputs.forEach((input, position) => {
      const gradient = gradients[position]
      if (!gradient || !reaches.has(input)) return
      const list = contributions.get(input)
      const term = sumToShape(g, gradient, input)
      if (list) list.push(term)
      else contributions.set(input, [term])
    })
  }
  return wrt.map((value) => collect(g, contributions.get(value) ?? [], sparseRows))
}

/** Every value that a change of `wrt` can change. */
function dependents(nodes: readonly Node[], wrt: readonly Value[]): Set<Value> {
  const reached = new Set(wrt)
  for (const node of nodes) {
    if (node.inputs.some((input) => reached.has(input))) for (const output of node.outputs) reached.add(output)
  }
  return reached
}

/** The gradient of a node's first output, the only one that rules know; null where none arrives. */
function gradientOf(g: GraphBuilder, contributions: Map<Value, Value[]>, node: Node): Value | null {
  const [first, ...others] = node.outputs
  for (const other of others) {
    if (contributions.has(other)) {
      throw new LabError(
        'no-gradient-rule',
        `A gradient arrives at "${other.name}", which is not the first output of its ${node.op}. Only first outputs carry gradients.`
      )
    }
  }
  const terms = contributions.get(first!)
  if (!terms) return null
  contributions.delete(first!)
  return addUp(g, terms)
}

function applyRule(g: GraphBuilder, node: Node, dy: Value): readonly (Value | null)[] {
  if (!(node.op in gradientRules)) {
    throw new LabError(
      'no-gradient-rule',
      `No gradient rule for op "${node.op}" at "${node.outputs[0]!.name}". Add a row to gradient/rules.ts, or freeze the weights before it.`
    )
  }
  // The rule and the node carry the same op, which the type of an indexed record cannot express.
  const rule = gradientRules[node.op as keyof typeof gradientRules] as GradientRule<Op>
  return rule(g, node, dy)
}

/** Sums over the axes along which `target` was broadcast. */
function sumToShape(g: GraphBuilder, gradient: Value, target: Value): Value {
  if (sameDims(gradient.dims, target.dims)) return gradient
  const extra = gradient.dims.length - target.dims.length
  const stretched = target.dims.flatMap((dim, axis) =>
    dim === 1 && gradient.dims[axis + extra] !== 1 ? [axis + extra] : []
  )
  let sum = stretched.length > 0 ? g.reduceSum(gradient, stretched, true) : gradient
  if (extra > 0) {
    const leading = Array.from({ length: extra }, (_, axis) => axis)
    sum = g.reduceSum(sum, leading)
  }
  return sum
}

function collect(g: GraphBuilder, terms: readonly Value[], sparseRows: boolean): Gradient {
  if (!sparseRows) return { dense: terms.length > 0 ? addUp(g, terms) : null, rows: [] }
  const dense: Value[] = []
  const rows: { indices: Value; updates: Value }[] = []
  for (const term of terms) {
    const producer = g.producer(term)
    if (producer?.op === 'ScatterRows') rows.push({ indices: producer.inputs[0]!, updates: producer.inputs[1]! })
    else dense.push(term)
  }
  return { dense: dense.length > 0 ? addUp(g, dense) : null, rows }
}

function addUp(g: GraphBuilder, terms: readonly Value[]): Value {
  return terms.slice(1).reduce((sum, term) => g.add(sum, term), terms[0]!)
}
