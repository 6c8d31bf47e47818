/** Collects the ONNX nodes that the ops' rows write, with shared constants and the dimensions whose values the session must feed. */
import { constantData } from './constants.ts'
import type { Dim } from './dims.ts'
import type { DType } from './dtype.ts'
import type { ConstantData, Value } from './value.ts'

/**
 * What the nodes are for. `cpu` uses ONNX Runtime's fused operators where they are faster; `gpu` keeps to operators that run
 * on the device everywhere, because one that falls back to the CPU costs two copies.
 */
export type Target = 'cpu' | 'gpu'

export type OnnxAttribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] }

export interface OnnxNode {
  readonly type: string
  readonly domain: string
  readonly name: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, OnnxAttribute>>
}

export interface OnnxConstant {
  readonly name: string
  readonly dtype: DType
  readonly dims: readonly number[]
  readonly data: ConstantData
}

export interface Emission {
  readonly nodes: readonly OnnxNode[]
  readonly constants: readonly OnnxConstant[]
  /** Each is a graph input `dim:<expression>`, int64 `[1]`. */
  readonly dimensions: readonly Dim[]
}

export const contrib = 'com.microsoft'
export const dimensionPrefix = 'dim:'

export const int = (value: number): OnnxAttribute => ({ kind: 'int', value })
export const flag = (value: boolean): OnnxAttribute => ({ kind: 'int', value: value ? 1 : 0 })
export const float = (value: number): OnnxAttribute => ({ kind: 'float', value })
export const text = (value: string): OnnxAttribute => ({ kind: 'text', value })
export const ints = (value: readonly number[]): OnnxAttribute => ({ kind: 'ints', value })

/**
 * The shape of the first, but not before the second is there: a Reshape to its own shape costs nothing, and the zero that is added to
 * the shape is worked out from that of what it waits for.
 */
export function lateShape(emitter: Emitter, name: string, gate: string): string {
  const first = emitter.step('Slice', [emitter.step('Shape', [gate]), emitter.ints([0]), emitter.ints([1])])
  const zero = emitter.step('Mul', [first, emitter.ints([0])])
  return emitter.step('Add', [emitter.step('Shape', [name]), zero])
}

export class Emitter {
  readonly target: Target
  readonly #nodes: OnnxNode[] = []
  readonly #constants: OnnxConstant[] = []
  readonly #shared = new Map<string, string>()
  readonly #dimensions = new Set<Dim>()
  #temporaries = 0

  constructor(target: Target) {
    this.target = target
  }

  /** Adds an ONNX node; one of a domain of its own is named as `domain:type`. */
  add(
    named: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {}
  ): void {
    const [type = '', domain = ''] = named.split(':').reverse()
    this.#nodes.push({
      type,
      domain,
      name: `${type}/${outputs.find((name) => name !== '') ?? ''}`,
      inputs,
      outputs,
      attributes
    })
  }

  /** Adds an ONNX node with one output that only its own op reads, and returns that output's name. */
  step(type: string, inputs: readonly string[], attributes: Readonly<Record<string, OnnxAttribute>> = {}): string {
    const output = this.temporary()
    this.add(type, inputs, [output], attributes)
    return output
  }

  /** A name that nothing has yet. */
  temporary(): string {
    return `_e${this.#temporaries++}`
  }

  /** Declares a graph's own constant. */
  name(value: Value, data: ConstantData): void {
    this.#constants.push({ name: value.name, dtype: value.dtype, dims: value.dims as number[], data })
  }

  /** A scalar constant of the given type. */
  scalar(number: number, dtype: DType): string {
    return this.#share(`${dtype}()${number}`, dtype, [], [number])
  }

  /** A vector of one number. */
  filled(number: number, dtype: DType, length: number): string {
    return this.#share(`${dtype}[${length}]${number}`, dtype, [length], new Array<number>(length).fill(number))
  }

  /** An int64 vector. */
  ints(values: readonly number[]): string {
    return this.#share(`int64[]${values.join()}`, 'int64', [values.length], values)
  }

  /** The dimensions as an int64 vector, read from the session where they are symbolic. */
  shape(dims: readonly Dim[]): string {
    if (dims.every((dim) => typeof dim === 'number')) return this.ints(dims)
    const parts = dims.map((dim) => this.dimension(dim))
    if (parts.length === 1) return parts[0]!
    return this.shared(`shape:${dims.join()}`, () => this.step('Concat', parts, { axis: int(0) }))
  }

  /** What several ops read alike, written once. */
  shared(key: string, make: () => string): string {
    const known = this.#shared.get(key)
    if (known !== undefined) return known
    const name = make()
    this.#shared.set(key, name)
    return name
  }

  /** One dimension as an int64 vector of length 1. */
  dimension(dim: Dim): string {
    if (typeof dim === 'number') return this.ints([dim])
    this.#dimensions.add(dim)
    return dimensionPrefix + dim
  }

  /**
   * The target of a Reshape. ONNX copies a dimension for 0 and works one out for -1, so most symbolic shapes need no
   * run-time value.
   */
  reshapeTarget(from: readonly Dim[], to: readonly Dim[]): string {
    const open = to.map((dim, axis) => (typeof dim === 'number' ? dim : dim === from[axis] ? 0 : -1))
    const unknown = open.filter((dim) => dim === -1).length
    const literalZero = to.includes(0)
    if (unknown <= 1 && !literalZero) return this.ints(open)
    return this.shape(to)
  }

  finish(): Emission {
    return { nodes: this.#nodes, constants: this.#constants, dimensions: [...this.#dimensions] }
  }

  #share(key: string, dtype: DType, dims: readonly number[], values: readonly number[]): string {
    return this.shared(key, () => {
      const name = `_k${this.#constants.length}`
      this.#constants.push({ name, dtype, dims, data: constantData(dtype, values) })
      return name
    })
  }
}
