/** What the architectures are written with: the graph builder, the model's weights by name, and the places that options act on. */
import { LabError } from '../contract/error.ts'
import type { Adapter, GraphBuilder, Value } from '../graph/index.ts'
import type { Parameter } from './parameters.ts'

/** Activation functions; `gelu_new` is the tanh approximation. */
export type Activation = 'relu' | 'gelu' | 'gelu_new' | 'silu' | 'tanh'

/** By the names that Transformers uses in config.json. */
export const activationNames: Readonly<Record<string, Activation>> = {
  relu: 'relu',
  gelu: 'gelu',
  gelu_python: 'gelu',
  gelu_new: 'gelu_new',
  gelu_fast: 'gelu_new',
  gelu_pytorch_tanh: 'gelu_new',
  silu: 'silu',
  swish: 'silu',
  tanh: 'tanh'
}

export interface ContextOptions {
  /** Put dropout in. Without it the graph computes what a model in evaluation mode computes. */
  training?: boolean
  /** Replaces every rate of the configuration that is not 0; null or absent: as the configuration says. */
  dropout?: number | null
  /** Linear layers whose weights are fed in fewer bits. */
  quantized?: Quantization
  /** Put beside the linear layers. */
  adapter?: Adapter
  /** Told of each layer of a step whose way forward could be rounded: what it gives rounded, and what it gives else. The graph goes on from this. */
  compare?: (layer: string, rounded: Value, precise: Value) => void
}

/** Linear layers, by their names without `.weight`, and how their weights lie: see `DequantizedMatMul`. */
export interface Quantization {
  readonly layers: ReadonlySet<string>
  /** Those of them whose inputs are rounded as well, for products of 8 bits. */
  readonly fast: ReadonlySet<string>
  /** For the steps of a training; left out for what answers and gives vectors. */
  readonly steps?: RoundedSteps
  /** null: int8 with a scale for each output; otherwise so many places of a 4-bit code have one. */
  readonly block: number | null
  /** Whether int8 lies as uint8 that is 128 more, as on a device. */
  readonly raised?: boolean
}

export interface RoundedSteps {
  /** Those of the fast layers that are trained: what keeps them in full keeps them in 8 bits beside, and gradients flow to the one. */
  readonly trained: ReadonlySet<string>
  /** Whether fast layers lie beside their weights in full: the values are there turned around as well, for the way forward. */
  readonly beside: boolean
  /** Those of the fast layers of which only gradients are rounded, beside those that an architecture names itself. */
  readonly precise: ReadonlySet<string>
}

export class ModelContext {
  readonly g: GraphBuilder
  readonly #parameters: ReadonlyMap<string, Parameter>
  readonly #options: ContextOptions
  readonly #boundaries: Value[] = []

  constructor(g: GraphBuilder, parameters: readonly Parameter[], options: ContextOptions = {}) {
    this.g = g
    this.#parameters = new Map(parameters.map((parameter) => [parameter.name, parameter]))
    this.#options = options
  }

  has(name: string): boolean {
    return this.#parameters.has(name)
  }

  /** A weight as an input of the graph. Asking twice gives the same value, so tied weights add up their gradients. */
  weight(name: string): Value {
    const parameter = this.#parameters.get(name)
    if (!parameter) throw new Error(`The architecture has no parameter "${name}".`)
    return this.g.weight(name, parameter.dims)
  }

  /**
   * Every linear layer goes through here: x `[n, in]` to `[n, out]` by `<name>.weight` and, where there is one, `<name>.bias`.
   * @param precise small errors of it make large ones: fast steps round only its gradients
   */
  linear(x: Value, name: string, { precise = false } = {}): Value {
    const bias = this.has(`${name}.bias`) ? this.weight(`${name}.bias`) : undefined
    const { quantized } = this.#options
    if (!quantized?.layers.has(name)) return this.g.linear(x, this.weight(`${name}.weight`), bias)
    const { block, fast, steps, raised = false } = quantized
    const weight = this.weight(`${name}.weight`)
    const [outputs, inputs] = weight.dims as [number, number]
    const size = outputs * inputs
    const names = quantizedNames(name)
    const values =
      block === null
        ? this.g.weight(names.values, weight.dims, raised ? 'uint8' : 'int8')
        : this.g.weight(names.values, [Math.ceil(size / 2)], 'uint8')
    const scale = this.g.weight(names.scale, [block === null ? outputs : Math.ceil(size / block)])
    if (!fast.has(name)) return this.g.dequantizedLinear(x, weight, { values, scale, block }, bias)
    if (!steps) return this.g.quantizedLinear(x, weight, { values, scale }, bias)
    const { trained, beside } = steps
    const product = (precise: boolean): Value => {
      const across = beside && !precise ? { turned: this.g.weight(names.turned, [inputs, outputs], 'int8') } : {}
      const live = trained.has(name) || (beside && precise)
      return this.g.quantizedLinear(x, weight, { values, scale, ...across, live, precise }, bias)
    }
    const { compare } = this.#options
    if (!compare || precise) return product(precise || steps.precise.has(name))
    const exact = product(true)
    compare(name, product(false), exact)
    return exact
  }

  /** By `<name>.weight` and, where there is one, `<name>.bias`. */
  layerNorm(x: Value, name: string, epsilon: number): Value {
    const scale = this.weight(`${name}.weight`)
    const size = scale.dims[0] as number
    const bias = this.has(`${name}.bias`)
      ? this.weight(`${name}.bias`)
      : this.g.constant(new Float32Array(size), [size], 'float32')
    return this.g.layerNorm(x, scale, bias, epsilon)
  }

  dropout(x: Value, rate: number): Value {
    if (!this.#options.training || rate === 0) return x
    return this.g.dropout(x, this.#options.dropout ?? rate)
  }

  activation(x: Value, name: Activation): Value {
    switch (name) {
      case 'relu':
        return this.g.relu(x)
      case 'gelu':
        return this.g.gelu(x)
      case 'gelu_new':
        return this.g.gelu(x, 'tanh')
      case 'silu':
        return this.g.mul(x, this.g.sigmoid(x))
      case 'tanh':
        return this.g.tanh(x)
    }
  }

  /** Marks a value between two blocks: the backward pass may compute what lies between two such values again. */
  boundary(x: Value): Value {
    this.#boundaries.push(x)
    return x
  }

  /** Builds one block, which ends in a boundary. */
  block(build: () => Value): Value {
    return this.boundary(build())
  }

  get boundaries(): readonly Value[] {
    return this.#boundaries
  }
}

/** Inputs of a quantised linear layer. */
export function quantizedNames(name: string): { values: string; scale: string; turned: string } {
  return { values: `${name}.weight.rounded`, scale: `${name}.weight.scale`, turned: `${name}.weight.turned` }
}

/** For a caller that asks an encoder for an answer, or the other way round. */
export function wrongRole(role: string, wanted: string): LabError {
  return new LabError('wrong-role', `This model is a ${role}; for this a ${wanted} is needed. Choose another model.`, {
    details: { role, wanted }
  })
}
