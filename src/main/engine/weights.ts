/**
 * A model's weights in memory, as fp32 in the checkpoint's layout. Every session of the engine reads the same arrays: there is
 * one copy, and training changes it in place.
 */
import { adviseLargePages } from '../../../native/index.ts'
import { LabError } from '../contract/error.ts'
import type { Graph } from '../graph/index.ts'
import { drawParameter } from '../models/create.ts'
import type { LocatedParameter } from '../models/locate.ts'
import { parameterSize } from '../models/parameters.ts'
import type { Checkpoint } from '../models/weights/checkpoint.ts'
import { normalNumbers } from '../random/labelled.ts'
import type { QuantizedBase } from './quantized-base.ts'
import { float32, floats, type Tensor } from './tensors.ts'

/** From here on an array holds a large page for sure, wherever it begins. */
const largeBytes = 4 * 2 ** 20

/** An array of zeros, in large pages where the system gives them: products that read a large weight anew look up far fewer addresses. */
function largeArray(length: number): Float32Array {
  const array = new Float32Array(length)
  if (array.byteLength >= largeBytes) adviseLargePages(array)
  return array
}

export class WeightStore {
  readonly parameters: readonly LocatedParameter[]
  readonly #tensors: Map<string, Tensor>
  /** Weights that are no longer what the model folder holds. */
  readonly changed = new Set<string>()

  /** Linear layers in fewer bits, instead of in fp32. */
  readonly rounded: QuantizedBase | null

  private constructor(
    parameters: readonly LocatedParameter[],
    tensors: Map<string, Tensor>,
    rounded: QuantizedBase | null
  ) {
    this.parameters = parameters
    this.#tensors = tensors
    this.rounded = rounded
  }

  /** Reads all weights but the rounded ones; those that the checkpoint leaves out get their initial values. */
  static async read(
    checkpoint: Pick<Checkpoint, 'read'>,
    parameters: readonly LocatedParameter[],
    rounded: QuantizedBase | null = null
  ): Promise<WeightStore> {
    const tensors = new Map<string, Tensor>()
    const normal = normalNumbers(0, 'fresh weights')
    for (const parameter of parameters) {
      if (rounded?.has(parameter.name)) continue
      const data =
        parameter.source === null
          ? drawParameter(parameter, normal)
          : await checkpoint.read(parameter.source, largeArray(parameterSize(parameter)))
      tensors.set(parameter.name, float32(data, parameter.dims))
    }
    return new WeightStore(parameters, tensors, rounded)
  }

  has(name: string): boolean {
    return this.#tensors.has(name) || this.rounded?.has(name) === true
  }

  /** Of a rounded weight: what it stands for, as a copy. */
  tensor(name: string): Tensor {
    const tensor = this.#tensors.get(name)
    if (tensor) return tensor
    if (!this.rounded?.has(name))
      throw new LabError('tensor-missing', `The model has no weight named "${name}".`, { details: { name } })
    const { data, dims } = this.rounded.weight(name)
    return float32(data, dims)
  }

  data(name: string): Float32Array {
    return floats(this.tensor(name))
  }

  dims(name: string): readonly number[] {
    return this.#tensors.get(name)?.dims ?? this.tensor(name).dims
  }

  /** What a session of this graph is to be fed for the weights it reads. */
  feeds(graph: Graph): Record<string, Tensor> {
    const weights = graph.inputs.filter(({ role, value }) => role.kind === 'weight' && this.has(value.name))
    return Object.fromEntries(weights.map(({ value }) => [value.name, this.tensor(value.name)]))
  }

  /** Copies a weight into another array and keeps it there from now on; the old array is empty afterwards. */
  move(name: string, target: Float32Array): void {
    const { dims, data } = { dims: this.dims(name), data: this.data(name) }
    target.set(data)
    this.#tensors.set(name, float32(target, dims))
    // Freed at once: the garbage collector would let gigabytes pile up first.
    if (data.buffer instanceof ArrayBuffer && data.byteLength === data.buffer.byteLength) data.buffer.transfer(0)
  }
}
