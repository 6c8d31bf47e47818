import { open, type FileHandle } from 'node:fs/promises'
import { LabError } from '../../contract/error.ts'
import { replaceFile } from '../../files/durable.ts'
import { elementBytes, elementCount, fromFloat32, isFloatType, type StoredType } from './dtype.ts'

type Elements = Float32Array | Uint8Array

export interface TensorToWrite {
  name: string
  /** Float32Array data is converted to `dtype`; a Uint8Array holds the elements as they are to be stored. */
  dtype: StoredType
  shape: readonly number[]
  /** The elements, row-major, or a function that gets them when it is their turn. */
  data: Elements | (() => Elements | Promise<Elements>)
}

/** Values converted at a time. */
const chunkElements = 1 << 20

/**
 * Writes a safetensors file tensor by tensor: into a file beside `path`, forced to disk, then renamed, so that `path`
 * is at every moment the old file or the new one. Data starts at a multiple of 8 bytes. Tensors are stored widest type
 * first, by name within a type, so the same tensors give the same bytes.
 * @throws LabError `tensor-type` where data and shape disagree; nothing is left behind then
 */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<TensorToWrite>,
  metadata: Readonly<Record<string, string>> = {}
): Promise<void> {
  const ordered = inFileOrder(tensors)
  const needed = ordered.reduce((sum, { dtype, shape }) => sum + bytesOf(dtype, shape), 0)
  await replaceFile(
    path,
    async (beside) => {
      const file = await open(beside, 'w')
      try {
        await writeAll(file, headerBytes(ordered, metadata))
        for (const tensor of ordered) await writeTensor(file, path, tensor)
      } finally {
        await file.close()
      }
    },
    { needed }
  )
}

function inFileOrder(tensors: Iterable<TensorToWrite>): TensorToWrite[] {
  const ordered = [...tensors].sort((a, b) => {
    const wider = elementBytes[b.dtype] - elementBytes[a.dtype]
    return wider !== 0 ? wider : a.name < b.name ? -1 : 1
  })
  const names = new Set<string>()
  for (const { name, shape } of ordered) {
    if (name === '__metadata__' || names.has(name)) {
      throw new LabError('tensor-type', `Two tensors to write are named "${name}", or the name is reserved.`)
    }
    if (elementCount(shape) === null) {
      throw new LabError('tensor-type', `Tensor "${name}" to write has the impossible shape [${shape.join(', ')}].`)
    }
    names.add(name)
  }
  return ordered
}

function headerBytes(tensors: readonly TensorToWrite[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const entries: [string, unknown][] = []
  if (Object.keys(metadata).length > 0) entries.push(['__metadata__', metadata])
  let offset = 0
  for (const { name, dtype, shape } of tensors) {
    const end = offset + bytesOf(dtype, shape)
    entries.push([name, { dtype, shape, data_offsets: [offset, end] }])
    offset = end
  }
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)))
  const length = Math.ceil(text.length / 8) * 8
  const bytes = new Uint8Array(8 + length).fill(0x20) // padded with spaces
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(text, 8)
  return bytes
}

function bytesOf(dtype: StoredType, shape: readonly number[]): number {
  return (elementCount(shape) ?? 0) * elementBytes[dtype]
}

async function writeTensor(file: FileHandle, path: string, { name, dtype, shape, data }: TensorToWrite): Promise<void> {
  const elements = typeof data === 'function' ? await data() : data
  const converted = elements instanceof Float32Array
  const found = converted ? elements.length * elementBytes[dtype] : elements.length
  if (found !== bytesOf(dtype, shape) || (converted && !isFloatType(dtype))) {
    throw new LabError(
      'tensor-type',
      `Tensor "${name}" for ${path} has shape [${shape.join(', ')}] and type ${dtype}, ${bytesOf(dtype, shape)} bytes, ` +
        `but its data makes ${found}.`,
      { details: { tensor: name, file: path } }
    )
  }
  if (!converted || !isFloatType(dtype)) {
    await writeAll(file, elements as Uint8Array)
    return
  }
  for (let start = 0; start < elements.length; start += chunkElements) {
    await writeAll(file, fromFloat32(dtype, elements.subarray(start, start + chunkElements)))
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let done = 0
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done)
    done += bytesWritten
  }
}
