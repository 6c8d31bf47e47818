/**
 * Tensors that stay on a WebGPU device between runs. They are freed by hand: the garbage collector does not know how large they
 * are. `getData` on such a tensor ends the process in this version of the binding, so downloads go through a session whose output
 * lies in ordinary memory.
 */
import { GraphBuilder } from '../graph/index.ts'
import type { Provider } from '../contract/providers.ts'
import { GraphSession } from './session.ts'
import { float32, floats, Tensor } from './tensors.ts'

export class DeviceMemory {
  readonly #upload: GraphSession
  readonly #download: GraphSession

  private constructor(upload: GraphSession, download: GraphSession) {
    this.#upload = upload
    this.#download = download
  }

  static async open(provider: Provider): Promise<DeviceMemory> {
    const upload = await GraphSession.create(copyGraph('upload'), { provider, onDevice: ['y'] })
    return new DeviceMemory(upload, await GraphSession.create(copyGraph('download'), { provider }))
  }

  async upload(data: Float32Array, dims: readonly number[]): Promise<Tensor> {
    return owned(await this.#bring(data), 'float32', dims)
  }

  /** Bytes lie there as they are: the runtime's kernels read four of them from a word. */
  async uploadBytes(data: Uint8Array, dims: readonly number[]): Promise<Tensor> {
    const words = new Float32Array(Math.ceil(data.length / 4))
    new Uint8Array(words.buffer).set(data)
    return owned(await this.#bring(words), 'uint8', dims)
  }

  /** Copies a tensor's elements into `target`. */
  async download(tensor: Tensor, target: Float32Array): Promise<void> {
    const { y } = await this.#download.run({ x: view(tensor, [target.length]) })
    target.set(floats(y!))
  }

  async close(): Promise<void> {
    await this.#upload.release()
    await this.#download.release()
  }

  async #bring(words: Float32Array): Promise<Tensor> {
    const { y } = await this.#upload.run({ x: float32(words, [words.length]) })
    return y!
  }
}

/** The same buffer seen in another shape. Disposing it frees nothing. */
function view(tensor: Tensor, dims: readonly number[]): Tensor {
  return Tensor.fromGpuBuffer(tensor.gpuBuffer, { dataType: 'float32', dims })
}

/** The same buffer in another shape, or as bytes, in the place of the tensor given: disposing it frees the buffer. */
function owned(tensor: Tensor, dataType: 'float32' | 'uint8', dims: readonly number[]): Tensor {
  return Tensor.fromGpuBuffer(tensor.gpuBuffer, { dataType, dims, dispose: () => tensor.dispose() })
}

function copyGraph(name: string) {
  const g = new GraphBuilder({ name })
  g.output('y', g.identity(g.input('x', ['N'])))
  return g.build()
}
