/**
 * Where trained weights live: with their gradients and the optimiser's state in WebAssembly memories, shared where ONNX Runtime takes
 * such arrays. Sessions read and
 * write them as ordinary typed arrays without copying, the kernels update them in place, and helper threads see the same bytes.
 */
import { adviseLargePages } from '../../../../native/index.ts'
import { LabError } from '../../contract/error.ts'
import { maximumPages } from './kernels.ts'

const pageBytes = 65536
/** Arrays start on cache lines; the padding stays zero. */
const alignFloats = 16

export interface ArrayRequest {
  /** Lengths of arrays that one kernel call needs together, and which therefore share a memory. */
  readonly lengths: readonly number[]
}

/** Arrays of one request, and the number of the memory they lie in. */
export interface Allocation {
  readonly memory: number
  readonly arrays: readonly Float32Array[]
}

export class ParameterMemory {
  readonly memories: readonly WebAssembly.Memory[]
  readonly allocations: readonly Allocation[]

  /** Reserves zeroed arrays for all requests; as many memories of at most 4 GB as it takes. */
  constructor(requests: readonly ArrayRequest[], shared = true) {
    const limit = maximumPages * pageBytes
    const placed: { memory: number; offsets: number[] }[] = []
    const sizes = [0]
    for (const { lengths } of requests) {
      const bytes = lengths.reduce((sum, length) => sum + paddedLength(length) * 4, 0)
      if (bytes > limit) {
        throw new LabError(
          'parameter-too-large',
          `One weight needs ${bytes} bytes to train, and at most ${limit} are possible. Train with LoRA or freeze this weight.`
        )
      }
      if (sizes.at(-1)! + bytes > limit) sizes.push(0)
      const memory = sizes.length - 1
      const offsets: number[] = []
      for (const length of lengths) {
        offsets.push(sizes[memory]!)
        sizes[memory]! += paddedLength(length) * 4
      }
      placed.push({ memory, offsets })
    }
    this.memories = sizes.map((bytes) => reserve(bytes, shared))
    for (const { buffer } of this.memories) adviseLargePages(new Float32Array(buffer))
    this.allocations = placed.map(({ memory, offsets }, index) => ({
      memory,
      arrays: offsets.map(
        (offset, at) => new Float32Array(this.memories[memory]!.buffer, offset, requests[index]!.lengths[at])
      )
    }))
  }

  get bytes(): number {
    return this.memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0)
  }
}

/** The length that a kernel may work through: whole vectors. */
export function paddedLength(length: number): number {
  return Math.ceil(length / alignFloats) * alignFloats
}

function reserve(bytes: number, shared: boolean): WebAssembly.Memory {
  const pages = Math.max(1, Math.ceil(bytes / pageBytes))
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: maximumPages, shared })
  } catch (cause) {
    throw new LabError(
      'out-of-memory',
      `Training needs ${Math.ceil(bytes / 2 ** 20)} MB for weights, gradients and optimiser state, which could not be reserved. Train with LoRA, fewer blocks, or Adafactor, or close other programs.`,
      { cause }
    )
  }
}
