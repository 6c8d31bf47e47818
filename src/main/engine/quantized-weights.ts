/**
 * Weights as 8-bit numbers: symmetric, a scale for each output channel. Inputs are quantised row by row in the graph
 * (`graph/ops/matrix.ts`), so that one large token does not coarsen all others.
 */
import type { ModelConfig } from '../models/config.ts'
import { quantizedNames, type Quantization } from '../models/context.ts'
import { baseLayers } from '../models/linear-layers.ts'
import type { Parameter } from '../models/parameters.ts'
import { leastRounded } from './optimizer/rounding.ts'
import { float32, tensor, type Tensor } from './tensors.ts'

/**
 * What attention carries from token to token: errors of these go into every token's result as they are, and with real weights they
 * made up a third of what was lost of neighbours (docs/limits-of-speed.md). For vectors they stay in fp32, a twelfth of a block's products.
 * Steps of a training round them too: their gradients point as well where they should. So do answers, of which as many stay the same.
 */
const valueLayer = /(^|\.)(v|v_proj|v_lin|value)$/

/** What the fast products are for: `results` (vectors and scores), answers, or the steps of a training. */
export type FastUse = 'results' | 'answers' | 'steps'

/** Those that are worth quantising. Heads decide what is chosen, and are small; so are the narrowest layers. */
export function quantizedLayers(config: ModelConfig, parameters: readonly Parameter[], use: FastUse): Set<string> {
  const layers = fastLayers(baseLayers(config, parameters), use)
  for (const { name, dims } of parameters)
    if (dims.some((dim) => dim < leastRounded)) layers.delete(name.slice(0, -'.weight'.length))
  return layers
}

/** Those whose inputs may be rounded too. */
export function fastLayers(layers: ReadonlySet<string>, use: FastUse): Set<string> {
  return new Set([...layers].filter((layer) => use !== 'results' || !valueLayer.test(layer)))
}

/** fp32 `[outputs, inputs]` to int8 of the same layout with `weight ≈ value · scale[output]`. */
export function quantizeRows(weight: Float32Array, outputs: number): { values: Int8Array; scales: Float32Array } {
  const inputs = weight.length / outputs
  const [values, scales] = [new Int8Array(weight.length), new Float32Array(outputs)]
  for (let output = 0, start = 0; output < outputs; output++, start += inputs) {
    let largest = 0
    let finite = true
    for (let at = start; at < start + inputs; at++) {
      const size = Math.abs(weight[at]!)
      if (size > largest) largest = size
      if (!(size <= Number.MAX_VALUE)) finite = false
    }
    // What is not a number has no 8-bit form: the scale carries it on, so that it shows in every result.
    const scale = !finite ? NaN : largest === 0 ? 1 : largest / 127
    scales[output] = scale
    const factor = 1 / scale
    for (let at = start; at < start + inputs; at++) values[at] = Math.round(weight[at]! * factor)
  }
  return { values, scales }
}

/** Quantised layers of a model, each made when a graph first asks for it. */
export class QuantizedWeights {
  readonly layers: ReadonlySet<string>
  readonly #owners = new Map<string, string>()
  readonly #made = new Map<string, { values: Tensor; scale: Tensor }>()
  readonly #dims: ReadonlyMap<string, readonly number[]>
  readonly #weight: (name: string) => Float32Array

  /** @param weight the elements of a weight, row-major */
  constructor(layers: ReadonlySet<string>, parameters: readonly Parameter[], weight: (name: string) => Float32Array) {
    this.layers = layers
    this.#weight = weight
    this.#dims = new Map(parameters.map(({ name, dims }) => [name, dims]))
    for (const layer of layers) {
      const { values, scale, turned } = quantizedNames(layer)
      this.#owners.set(values, layer).set(scale, layer).set(turned, layer)
    }
  }

  /** How graphs are to read the layers. */
  get how(): Quantization {
    return { layers: this.layers, fast: this.layers, block: null }
  }

  /** The tensor that a graph asks for by this name; undefined for what is no quantised layer's. */
  get(name: string): Tensor | undefined {
    const layer = this.#owners.get(name)
    if (layer === undefined) return undefined
    const made = this.#made.get(layer) ?? this.#make(layer)
    const names = quantizedNames(layer)
    if (name === names.turned) return turn(made.values)
    return name === names.values ? made.values : made.scale
  }

  #make(layer: string): { values: Tensor; scale: Tensor } {
    const [outputs, inputs] = this.#dims.get(`${layer}.weight`) as [number, number]
    const { values, scales } = quantizeRows(this.#weight(`${layer}.weight`), outputs)
    const made = { values: tensor('int8', values, [outputs, inputs]), scale: float32(scales, [outputs]) }
    this.#made.set(layer, made)
    return made
  }
}

/** int8 `[outputs, inputs]` as `[inputs, outputs]`. */
function turn({ data, dims }: Tensor): Tensor {
  const [outputs, inputs] = dims as [number, number]
  const values = data as Int8Array
  const turned = new Int8Array(values.length)
  // In squares, so that what is read and what is written both stay in the cache.
  const side = 64
  for (let top = 0; top < outputs; top += side)
    for (let left = 0; left < inputs; left += side)
      for (let output = top; output < Math.min(top + side, outputs); output++)
        for (let input = left; input < Math.min(left + side, inputs); input++)
          turned[input * outputs + output] = values[output * inputs + input]!
  return tensor('int8', turned, [inputs, outputs])
}
