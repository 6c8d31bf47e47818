import { elementBytes, elementCount, isSize, isStoredType } from './dtype.ts'
import { damaged, slice, type ByteSource } from './source.ts'
import { parseUniqueKeys } from './json.ts'
import type { StoredTensor } from './tensor.ts'

export interface ReadHeader {
  tensors: StoredTensor[]
  metadata: Record<string, string>
}

/** The format's own limit on the header. */
const largestHeader = 100_000_000

/** A header, and where in the file the elements begin, which the tensors' offsets count from. */
type SafetensorsHeader = ReadHeader & { dataStart: number }

/**
 * Reads the header of a safetensors file: 8 bytes of length, a JSON object, then the elements. Held to the format's
 * rules: the tensors cover the data without holes or overlaps, names are unique, sizes follow from type and shape.
 * @see https://github.com/huggingface/safetensors
 * @throws LabError `checkpoint-damaged`, `checkpoint-unsupported`
 */
export async function readSafetensors(file: ByteSource): Promise<SafetensorsHeader> {
  const prefix = new Uint8Array(8)
  if (file.length < 8) throw damaged(file.file, `it has ${file.length} bytes, too few for a safetensors file`)
  await file.read(prefix, 0)
  const declared = new DataView(prefix.buffer).getBigUint64(0, true)
  if (declared > BigInt(largestHeader)) {
    throw damaged(
      file.file,
      `its header claims ${declared} bytes, more than the ${largestHeader} that safetensors allows`
    )
  }
  const length = Number(declared)
  if (8 + length > file.length) {
    throw damaged(file.file, `its header claims ${length} bytes, but the file has only ${file.length}`)
  }
  const bytes = new Uint8Array(length)
  await file.read(bytes, 8)
  return tensorsOf(file, parseHeader(file.file, bytes), 8 + length)
}

function parseHeader(file: string, bytes: Uint8Array): Map<string, unknown> {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw damaged(file, 'its header is not UTF-8')
  }
  try {
    return parseUniqueKeys(text)
  } catch (cause) {
    throw damaged(file, `its header is not a proper JSON object (${cause instanceof Error ? cause.message : ''})`)
  }
}

function tensorsOf(file: ByteSource, header: Map<string, unknown>, dataStart: number): SafetensorsHeader {
  const dataLength = file.length - dataStart
  const data = slice(file, dataStart, dataLength)
  const metadata: Record<string, string> = {}
  const tensors: (StoredTensor & { end: number })[] = []
  for (const [name, entry] of header) {
    if (name === '__metadata__') readMetadata(file.file, entry, metadata)
    else tensors.push(tensorOf(data, name, entry))
  }
  // The format allows neither holes nor overlaps; a lie about one tensor's place shows up here.
  let covered = 0
  for (const tensor of tensors.toSorted((a, b) => a.offset - b.offset || a.end - b.end)) {
    if (tensor.offset !== covered) {
      const fault = tensor.offset < covered ? 'overlaps the tensor before it' : 'leaves a hole before it'
      throw damaged(file.file, `tensor "${tensor.name}" at byte ${tensor.offset} ${fault} (expected ${covered})`)
    }
    covered = tensor.end
  }
  if (covered !== dataLength) {
    throw damaged(file.file, `its tensors end at byte ${covered} of the data, but the file has ${dataLength}`)
  }
  return { tensors: tensors.map(({ end: _, ...tensor }) => tensor), dataStart, metadata }
}

function tensorOf(data: ByteSource, name: string, entry: unknown): StoredTensor & { end: number } {
  const fault = (found: string): Error => damaged(data.file, `tensor "${name}" ${found}`, undefined, { tensor: name })
  if (typeof entry !== 'object' || entry === null) throw fault('has no description in the header')
  const { dtype, shape, data_offsets: offsets } = entry as Record<string, unknown>
  if (typeof dtype !== 'string' || !isStoredType(dtype)) {
    const found = typeof dtype === 'string' ? dtype : JSON.stringify(dtype)
    throw damaged(
      data.file,
      `tensor "${name}" has the element type ${found}, which the lab cannot read`,
      'Use a checkpoint in F32, F16 or BF16.',
      { tensor: name, dtype: found }
    )
  }
  const count = Array.isArray(shape) ? elementCount(shape) : null
  if (!Array.isArray(shape) || count === null) throw fault(`has the impossible shape ${JSON.stringify(shape)}`)
  const [begin, end] = Array.isArray(offsets) && offsets.length === 2 ? (offsets as unknown[]) : []
  if (!isSize(begin) || !isSize(end) || begin > end || end > data.length) {
    throw fault(`lies at bytes ${JSON.stringify(offsets)}, but the data has ${data.length}`)
  }
  const bytes = count * elementBytes[dtype]
  if (end - begin !== bytes) {
    throw fault(`of shape [${shape.join(', ')}] and type ${dtype} needs ${bytes} bytes, but is given ${end - begin}`)
  }
  return { name, dtype, shape: shape as number[], source: data, offset: begin, end, strides: null, storage: name }
}

function readMetadata(file: string, entry: unknown, metadata: Record<string, string>): void {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    throw damaged(file, 'its __metadata__ is not an object')
  }
  for (const [key, value] of Object.entries(entry)) {
    if (typeof value !== 'string') throw damaged(file, `its __metadata__ entry "${key}" is not a string`)
    metadata[key] = value
  }
}
