/**
 * A model's weights in memory, as fp32 in the checkpoint's layout. Every session of the engine reads the same arrays: there is
 * one copy, and training changes it in place.
 */
import { LabError } from '../contract/error.ts'
import type { Graph } from '../graph/index.ts'
import { drawParameter } from '../models/create.ts'
import type { LocatedParameter } from '../models/locate.ts'
import type { Checkpoint } from '../models/weights/checkpoint.ts'
import { normalNumbers } from '../random/labelled.ts'
import { float32, floats, type Tensor } from './tensors.ts'

export class WeightStore {
  readonly parameters: readonly LocatedParameter[]
  readonly #tensors: Map<string, Tensor>
  /** Weights that are no longer what the model folder holds. */
  readonly changed = new Set<string>()

  private constructor(parameters: readonly LocatedParameter[], tensors: Map<string, Tensor>) {
    this.parameters = parameters
    this.#tensors = tensors
  }

  /** Reads all weights; those that the checkpoint leaves out get their initial values. */
  static async read(
    checkpoint: Pick<Checkpoint, 'read'>,
    parameters: readonly LocatedParameter[]
  ): Promise<WeightStore> {
    const tensors = new Map<string, Tensor>()
    const normal = normalNumbers(0, 'fresh weights')
    for (const parameter of parameters) {
      const data =
        parameter.source === null ? drawParameter(parameter, normal) : await checkpoint.read(parameter.source)
      tensors.set(parameter.name, float32(data, parameter.dims))
    }
    return new WeightStore(parameters, tensors)
  }

  has(name: string): boolean {
    return this.#tensors.has(name)
  }

  tensor(name: string): Tensor {
    const tensor = this.#tensors.get(name)
    if (!tensor) throw new LabError('tensor-missing', `The model has no weight named "${name}".`, { details: { name } })
    return tensor
  }

  data(name: string): Float32Array {
    return floats(this.tensor(name))
  }

  dims(name: string): readonly number[] {
    return this.tensor(name).dims
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
