/**
 * Mixed precision: a finished graph whose matrix products are computed in half precision, and all else as it was. What a product reads is
 * cast to half precision once, however many products read it; what it gives is cast back. Norms, softmax, losses, sums along the
 * residual stream and whatever a graph is fed or gives stay in fp32 (Micikevicius et al., "Mixed Precision Training", 2018).
 */
import { checkGraph } from './check.ts'
import type { DType } from './dtype.ts'
import { inferTypes } from './ops/index.ts'
import type { Op, OpAttributes } from './ops/attributes.ts'
import type { Graph, GraphConstant, Node, NodeOf, Value } from './value.ts'

export interface HalfOptions {
  /**
   * Weights whose products stay in fp32, with all that is read beside them: their inputs can be larger than half precision reaches
   * (65,504).
   */
  exact?: ReadonlySet<string>
}

/** The graph with its products in half precision. Products of other types than fp32 are left as they are. */
export function inHalf(graph: Graph, { exact = new Set() }: HalfOptions = {}): Graph {
  const kept = exactValues(graph, exact)
  const pass = new HalfPass(graph)
  for (const node of graph.nodes) {
    if (isProduct(node) && !node.inputs.some((input) => kept.has(input))) pass.half(node)
    else pass.keep(node)
  }
  return pass.finish()
}

type Product = NodeOf<'Gemm'> | NodeOf<'MatMul'> | NodeOf<'HeadLoss'>

function isProduct(node: Node): node is Product {
  return (node.op === 'Gemm' || node.op === 'MatMul' || node.op === 'HeadLoss') && node.inputs[0]!.dtype === 'float32'
}

/** The weights that are named, and what products read beside them. */
function exactValues(graph: Graph, names: ReadonlySet<string>): Set<Value> {
  const weights = new Set(graph.inputs.map(({ value }) => value).filter(({ name }) => names.has(name)))
  const kept = new Set(weights)
  for (const node of graph.nodes)
    if (isProduct(node) && node.inputs.some((input) => weights.has(input)))
      for (const input of node.inputs.slice(0, 2)) kept.add(input)
  return kept
}

class HalfPass {
  readonly #graph: Graph
  readonly #nodes: Node[] = []
  readonly #constants: GraphConstant[]
  readonly #halves = new Map<Value, Value>()
  #count = 0

  constructor(graph: Graph) {
    this.#graph = graph
    this.#constants = [...graph.constants]
  }

  keep(node: Node): void {
    this.#nodes.push(node)
  }

  half(node: Product): void {
    const [a, b, ...others] = node.inputs as [Value, Value, ...Value[]]
    const operands = [this.#halfOf(a), this.#halfOf(b)]
    if (node.op === 'HeadLoss') {
      this.#nodes.push({ ...node, inputs: [...operands, ...others] })
      return
    }
    // Scores are scaled behind the product, in fp32: in front of it they would lose small numbers, in half precision large ones.
    const [alpha, bias] = node.op === 'MatMul' ? [node.attributes.alpha, undefined] : [1, others[0]]
    const product =
      node.op === 'MatMul'
        ? this.#add('MatMul', operands, { ...node.attributes, alpha: 1 })
        : this.#add('Gemm', operands, node.attributes)
    const after = bias ?? (alpha === 1 ? null : this.#scalar(alpha))
    const [output] = node.outputs as [Value]
    if (after === null) this.#add('Cast', [product], { to: 'float32' }, output)
    else this.#add(bias ? 'Add' : 'Mul', [this.#add('Cast', [product], { to: 'float32' }), after], {}, output)
  }

  finish(): Graph {
    return checkGraph({ ...this.#graph, constants: this.#constants, nodes: this.#nodes })
  }

  #halfOf(value: Value): Value {
    const known = this.#halves.get(value)
    if (known) return known
    const half = this.#add('Cast', [value], { to: 'float16' })
    this.#halves.set(value, half)
    return half
  }

  #add<O extends Op>(op: O, inputs: readonly Value[], attributes: OpAttributes[O], output?: Value): Value {
    const [type] = inferTypes(op, inputs, attributes)
    const value = output ?? { name: this.#fresh(), ...type! }
    // Op and attributes belong together by this method's own signature; the union of node types cannot express it.
    this.#nodes.push({ op, inputs, outputs: [value], attributes } as unknown as Node)
    return value
  }

  #scalar(number: number): Value {
    const value: Value = { name: this.#fresh(), dtype: 'float32' satisfies DType, dims: [] }
    this.#constants.push({ value, data: Float32Array.of(number) })
    return value
  }

  #fresh(): string {
    return `_h${this.#count++}`
  }
}
