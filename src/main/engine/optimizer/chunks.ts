/** Which parts of the trained weights the threads take, and where what is rounded lies. */
import { paddedLength } from './memory.ts'
import { sizeOf, type RoundedSlot, type Slot } from './optimizer.ts'
import { leastRounded } from './rounding.ts'
import type { Chunk, RoundedChunk } from './team.ts'

/** Floats that hold bytes as they lie, the same turned around, and a scale for each row. */
export function roundedLengths(dims: readonly number[]): number[] {
  const words = Math.ceil(sizeOf(dims) / 4)
  return [words, words, dims[0]!]
}

export function roundedSlot([values, turned, scale]: readonly Float32Array[], length: number): RoundedSlot {
  const bytesOf = (array: Float32Array) => new Int8Array(array.buffer, array.byteOffset, length)
  return { values: bytesOf(values!), turned: bytesOf(turned!), scale: scale! }
}

/** A thread takes `chunkElements` at a time: four arrays of as many as usual fit into a core's cache. Of what is rounded it takes whole rows. */
export function chunksOf(slot: Slot, chunkElements = 1 << 16): Chunk[] {
  const { memory, dims, weight, gradient, state, decays, rounded } = slot
  const chunks: Chunk[] = []
  const [first, second] = [state[0] ?? weight, state[1] ?? weight]
  const width = dims.at(-1)!
  // No fewer rows than can be rounded; the last chunk takes what would be too few.
  const few = rounded ? leastRounded * width : 0
  const most = rounded ? Math.max(1, Math.floor(chunkElements / width / leastRounded)) * few : chunkElements
  for (let start = 0; start < weight.length;) {
    const end = weight.length - start - most < few ? weight.length : start + most
    const addresses = [weight, gradient, first, second].map((array) => array.byteOffset + start * 4)
    chunks.push({
      ...{ memory, addresses: addresses as unknown as Chunk['addresses'], decays },
      count: end === weight.length ? paddedLength(end) - start : end - start,
      rounded: rounded && roundedChunk(rounded, { start, end, width, stride: dims[0]! })
    })
    start = end
  }
  return chunks
}

function roundedChunk(
  { values, turned, scale }: RoundedSlot,
  { start, end, width, stride }: { start: number; end: number; width: number; stride: number }
): RoundedChunk {
  const row = start / width
  return {
    addresses: [values.byteOffset + start, turned.byteOffset + row, scale.byteOffset + 4 * row],
    ...{ rows: (end - start) / width, width, stride }
  }
}
