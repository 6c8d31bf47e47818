/** The bookkeeping under `GraphBuilder`: inputs, constants, nodes and outputs, each given its type as it is added. */
import { LabError } from '../contract/error.ts'
import { checkGraph, checkPublicName } from './check.ts'
import { constantData } from './constants.ts'
import { canonicalDim, sameDims, type Dim } from './dims.ts'
import type { DType } from './dtype.ts'
import { inferTypes } from './ops/index.ts'
import type { Op, OpAttributes } from './ops/attributes.ts'
import {
  describeType,
  type ConstantData,
  type Graph,
  type GraphConstant,
  type GraphInput,
  type GraphOutput,
  type InputRole,
  type Node,
  type Value
} from './value.ts'

export class NodeBuilder {
  readonly name: string
  readonly #inputs = new Map<string, GraphInput>()
  readonly #constants: GraphConstant[] = []
  readonly #scalars = new Map<string, Value>()
  readonly #nodes: Node[] = []
  readonly #producers = new Map<Value, Node>()
  readonly #outputs: GraphOutput[] = []
  #count = 0

  constructor(name: string) {
    this.name = name
  }

  /** A tensor the caller feeds at run time. A symbol in `dims` takes its value from the fed shape. */
  input(name: string, dims: readonly Dim[], dtype: DType = 'float32'): Value {
    return this.addInput(name, dims, dtype, { kind: 'data' })
  }

  /** A checkpoint's tensor, in the checkpoint's own layout. Asking again for the same name gives the same value (tied weights). */
  weight(name: string, dims: readonly Dim[], dtype: DType = 'float32'): Value {
    const known = this.#inputs.get(name)
    if (!known) return this.addInput(name, dims, dtype, { kind: 'weight' })
    if (known.role.kind !== 'weight' || !sameDims(known.value.dims, dims) || known.value.dtype !== dtype) {
      throw new LabError(
        'graph-misfit',
        `Weight "${name}" is ${describeType(known.value)} and cannot also be ${describeType({ dtype, dims })}.`
      )
    }
    return known.value
  }

  /** A tensor that is part of the graph itself. */
  constant(data: ConstantData, dims: readonly number[], dtype: DType): Value {
    const value: Value = { name: this.#fresh(), dtype, dims }
    this.#constants.push({ value, data })
    return value
  }

  /** A scalar constant; equal ones are shared. */
  scalar(number: number, dtype: DType = 'float32'): Value {
    const key = `${dtype} ${Object.is(number, -0) ? '-0' : number}`
    const known = this.#scalars.get(key)
    if (known) return known
    const value = this.constant(constantData(dtype, [number]), [], dtype)
    this.#scalars.set(key, value)
    return value
  }

  /** Adds an operation and returns its outputs. The named methods of `GraphBuilder` say it more briefly. */
  node<O extends Op>(op: O, inputs: readonly Value[], attributes: OpAttributes[O]): readonly Value[] {
    const outputs = inferTypes(op, inputs, attributes).map(({ dtype, dims }): Value => ({
      name: this.#fresh(),
      dtype,
      dims
    }))
    // Op and attributes belong together by this method's own signature; the union of node types cannot express it.
    const node = { op, inputs, outputs, attributes } as unknown as Node
    this.#nodes.push(node)
    for (const output of outputs) this.#producers.set(output, node)
    return outputs
  }

  /** Makes a value fetchable under a name. */
  output(name: string, value: Value): void {
    checkPublicName(name)
    this.#outputs.push({ name, value })
  }

  /** The node that computes a value; undefined for inputs and constants. */
  producer(value: Value): Node | undefined {
    return this.#producers.get(value)
  }

  get nodes(): readonly Node[] {
    return this.#nodes
  }

  get inputs(): readonly GraphInput[] {
    return [...this.#inputs.values()]
  }

  /** The finished, checked graph. Nodes that no output needs are left out, and so are the inputs and constants only they read. */
  build(): Graph {
    const needed = new Set<Value>(this.#outputs.map(({ value }) => value))
    const nodes: Node[] = []
    for (let index = this.#nodes.length - 1; index >= 0; index--) {
      const node = this.#nodes[index]!
      if (!node.outputs.some((output) => needed.has(output))) continue
      for (const input of node.inputs) needed.add(input)
      nodes.push(node)
    }
    return checkGraph({
      name: this.name,
      inputs: this.inputs.filter(({ value }) => needed.has(value)),
      constants: this.#constants.filter(({ value }) => needed.has(value)),
      nodes: nodes.reverse(),
      outputs: [...this.#outputs]
    })
  }

  /** Declares an input of any role. */
  protected addInput(name: string, dims: readonly Dim[], dtype: DType, role: InputRole): Value {
    checkPublicName(name)
    if (this.#inputs.has(name)) throw new LabError('graph-misfit', `The graph already has an input named "${name}".`)
    const value: Value = { name, dtype, dims: dims.map(canonicalDim) }
    this.#inputs.set(name, { value, role })
    return value
  }

  #fresh(): string {
    return `_${this.#count++}`
  }
}
