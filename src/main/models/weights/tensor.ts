import { LabError } from '../../contract/error.ts'
import { elementBytes, elementCount, isFloatType, toFloat32, type StoredType } from './dtype.ts'
import type { ByteSource } from './source.ts'

/** Where a tensor's elements lie. Whoever makes one has checked that they lie inside the source. */
export interface StoredTensor {
  name: string
  dtype: StoredType
  shape: readonly number[]
  source: ByteSource
  /** First byte within the source. */
  offset: number
  /** In elements, as PyTorch counts; null for row-major. */
  strides: readonly number[] | null
  /** Names the storage within the file; the same for tensors that share one. */
  storage: string
}

/** Elements converted at a time: the only memory that a conversion needs beside the target. */
const chunkElements = 1 << 20

/** The tensor as fp32 in `target`, row-major. */
export async function readTensor(tensor: StoredTensor, target: Float32Array): Promise<Float32Array> {
  const { name, dtype, source, offset } = tensor
  if (!isFloatType(dtype)) {
    throw new LabError(
      'tensor-type',
      `Tensor "${name}" in ${source.file} has elements of type ${dtype}; a weight must be F64, F32, F16 or BF16. ` +
        'Quantised checkpoints are not supported; use the original one.',
      { details: { tensor: name, dtype, file: source.file } }
    )
  }
  if (tensor.strides) {
    const bytes = await readTensorBytes(tensor)
    toFloat32(dtype, bytes, target)
    return target
  }
  if (dtype === 'F32') {
    await source.read(new Uint8Array(target.buffer, target.byteOffset, target.byteLength), offset)
    return target
  }
  const width = elementBytes[dtype]
  const buffer = new Uint8Array(Math.min(chunkElements, target.length) * width)
  for (let start = 0; start < target.length; start += chunkElements) {
    const count = Math.min(chunkElements, target.length - start)
    const bytes = count * width === buffer.length ? buffer : buffer.subarray(0, count * width)
    await source.read(bytes, offset + start * width)
    toFloat32(dtype, bytes, target.subarray(start, start + count))
  }
  return target
}

/** The elements as stored, row-major. */
export async function readTensorBytes(tensor: StoredTensor): Promise<Uint8Array> {
  const width = elementBytes[tensor.dtype]
  const count = elementCount(tensor.shape) ?? 0
  const bytes = new Uint8Array(count * width)
  if (count === 0) return bytes
  if (!tensor.strides) {
    await tensor.source.read(bytes, tensor.offset)
    return bytes
  }
  const span = spanOf(tensor.shape, tensor.strides)
  const stored = new Uint8Array(span * width)
  await tensor.source.read(stored, tensor.offset)
  gather(stored, bytes, width, { shape: tensor.shape, strides: tensor.strides })
  return bytes
}

/** Elements between the first and the last one that a strided tensor touches, both counted; 0 for an empty tensor. */
export function spanOf(shape: readonly number[], strides: readonly number[]): number {
  if (shape.includes(0)) return 0
  return shape.reduce((span, dimension, axis) => span + (dimension - 1) * strides[axis]!, 1)
}

function gather(
  stored: Uint8Array,
  target: Uint8Array,
  width: number,
  { shape, strides }: { shape: readonly number[]; strides: readonly number[] }
): void {
  const position = new Array<number>(shape.length).fill(0)
  let from = 0
  for (let to = 0; to < target.length; to += width) {
    for (let byte = 0; byte < width; byte++) target[to + byte] = stored[from * width + byte]!
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!
      position[axis]!++
      if (position[axis]! < shape[axis]!) break
      from -= strides[axis]! * shape[axis]!
      position[axis] = 0
    }
  }
}
