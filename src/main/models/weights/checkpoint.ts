import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { LabError } from '../../contract/error.ts'
import { elementBytes, elementCount, isFloatType, type StoredType } from './dtype.ts'
import { readSafetensors } from './safetensors.ts'
import { readShardIndex } from './shards.ts'
import { openFile, type OpenFile } from './source.ts'
import { readTensor, readTensorBytes, type StoredTensor } from './tensor.ts'
import { readTorch } from './torch.ts'

interface TensorInfo {
  dtype: StoredType
  shape: readonly number[]
  /** Name of the file in the folder. */
  file: string
  /** Bytes as stored. */
  bytes: number
  /** Equal for two tensors exactly if they are the same bytes in the same layout: tied weights. */
  storage: string
}

/** The weights of a model folder, read by range: opening one reads the headers only. */
export interface Checkpoint {
  /** Paths of the weights files that the tensors come from. */
  readonly files: readonly string[]
  /** The `__metadata__` of a safetensors file; empty for others. */
  readonly metadata: Readonly<Record<string, string>>
  names(): string[]
  has(name: string): boolean
  /** @throws LabError `tensor-missing` */
  info(name: string): TensorInfo
  /**
   * The tensor as fp32, row-major. With `target`, which must have exactly as many elements, the values go there and no
   * other memory is taken beyond a small buffer. Needs a floating-point tensor.
   * @throws LabError `tensor-missing`, `tensor-type`, `checkpoint-damaged`
   */
  read(name: string, target?: Float32Array): Promise<Float32Array>
  /** The tensor's elements as they are stored, little-endian and row-major. */
  readBytes(name: string): Promise<Uint8Array>
  /** Groups of two or more names that share one storage. */
  tied(): string[][]
  /** Number of elements over all tensors, tied ones counted once. */
  parameters(): number
  close(): Promise<void>
}

/** The weights files that `openCheckpoint` looks for, best first. */
const layouts = [
  { file: 'model.safetensors', kind: 'single' },
  { file: 'model.safetensors.index.json', kind: 'sharded' },
  { file: 'pytorch_model.bin', kind: 'single' },
  { file: 'pytorch_model.bin.index.json', kind: 'sharded' }
] as const

/**
 * Opens the weights of a Hugging Face model folder: model.safetensors or pytorch_model.bin (zip or legacy layout), each
 * whole or in shards with an index.
 * @throws LabError `checkpoint-missing`, `checkpoint-damaged`, `checkpoint-unsupported`
 */
export async function openCheckpoint(folder: string): Promise<Checkpoint> {
  return openFiles(await weightFiles(folder))
}

/**
 * Opens one weights file by its path: an adapter, a delta, saved training state.
 * @throws LabError as `openCheckpoint`
 */
export async function openWeights(file: string): Promise<Checkpoint> {
  return openFiles({ files: [file], placed: null, index: null })
}

interface WeightFiles {
  files: string[]
  /** From a shard index: the file that must hold each tensor. */
  placed: Map<string, string> | null
  index: string | null
}

/** Forms in which others keep weights, by the ending of their files. */
const otherForms: Readonly<Record<string, string>> = {
  ...{ onnx: 'ONNX', gguf: 'GGUF', ggml: 'GGML', h5: 'a file of TensorFlow', msgpack: 'a file of Flax' },
  ...{
    tflite: 'a file of TensorFlow Lite',
    mlmodel: 'a file of Core ML',
    ot: 'a file of rust-bert',
    pte: 'a file of ExecuTorch'
  }
}

/** Weights that are there, but in a form of others; exporters of ONNX put theirs into a folder of that name. */
async function inOtherForm(folder: string, names: readonly string[]): Promise<{ form: string; file: string } | null> {
  const below = await readdir(join(folder, 'onnx')).catch(() => [])
  for (const file of [...names, ...below.map((name) => `onnx/${name}`)].sort()) {
    const form = otherForms[/\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? '']
    if (form !== undefined) return { form, file }
  }
  return null
}

/** Paths of the weights files that a model folder is read from. */
export async function weightFiles(folder: string): Promise<WeightFiles> {
  for (const { file, kind } of layouts) {
    const path = join(folder, file)
    if (!existsSync(path)) continue
    if (kind === 'single') return { files: [path], placed: null, index: null }
    const placed = await readShardIndex(path)
    return { files: [...new Set(placed.values())].sort(), placed, index: path }
  }
  const names = await readdir(folder).catch(() => [])
  const shard = names.find((name) => /-\d+-of-\d+\.(safetensors|bin)$/.test(name))
  if (shard !== undefined)
    throw new LabError(
      'checkpoint-missing',
      `The folder ${folder} holds weights in parts (${shard}), but not their index (${shard.replace(/-\d+-of-\d+(\.\w+)$/, '$1')}.index.json), which says what is in which. Download that file too.`,
      { details: { folder, shard } }
    )
  const other = await inOtherForm(folder, names)
  if (other !== null)
    throw new LabError(
      'checkpoint-unsupported',
      `The folder ${folder} holds its weights as ${other.form} (${other.file}), which the lab does not read: it trains, and makes its graphs itself. Download the model's ${layouts[0].file} or ${layouts[2].file} as well.`,
      { details: { folder, file: other.file } }
    )
  throw new LabError(
    'checkpoint-missing',
    `The folder ${folder} has no weights: expected ${layouts.map((layout) => layout.file).join(', ')}. ` +
      'Download the model again, or choose the folder that holds its config.json and weights.',
    { details: { folder } }
  )
}

async function openFiles({ files, placed, index }: WeightFiles): Promise<Checkpoint> {
  const opened: OpenFile[] = []
  const close = async (): Promise<void> => {
    await Promise.all(opened.splice(0).map((file) => file.close()))
  }
  try {
    const tensors = new Map<string, StoredTensor>()
    let metadata: Record<string, string> = {}
    for (const path of files) {
      const file = await openFile(path)
      opened.push(file)
      const read = path.endsWith('.safetensors') ? await readSafetensors(file) : await readTorch(file)
      metadata = { ...metadata, ...read.metadata }
      for (const tensor of read.tensors) {
        // A file may hold tensors that the index places elsewhere; the index decides.
        if (placed && placed.get(tensor.name) !== path) continue
        tensors.set(tensor.name, tensor)
      }
    }
    if (placed) checkComplete(placed, tensors, index ?? '')
    return checkpointOf(files, metadata, tensors, close)
  } catch (error) {
    await close()
    throw error
  }
}

function checkComplete(placed: Map<string, string>, tensors: Map<string, StoredTensor>, index: string): void {
  for (const [name, path] of placed) {
    if (tensors.has(name)) continue
    throw new LabError(
      'checkpoint-damaged',
      `${index} says that tensor "${name}" is in ${basename(path)}, but it is not there. ` +
        'Index and shards belong to different downloads; download the model again.',
      { details: { file: path, tensor: name } }
    )
  }
}

function checkpointOf(
  files: readonly string[],
  metadata: Readonly<Record<string, string>>,
  tensors: Map<string, StoredTensor>,
  close: () => Promise<void>
): Checkpoint {
  const find = (name: string): StoredTensor => {
    const tensor = tensors.get(name)
    if (tensor) return tensor
    throw new LabError('tensor-missing', missingMessage(name, files, tensors), { details: { tensor: name } })
  }
  const tied = (): string[][] => {
    const groups = Map.groupBy(tensors.values(), storageOf)
    return [...groups.values()].filter((group) => group.length > 1).map((group) => group.map(({ name }) => name))
  }
  return {
    files,
    metadata,
    close,
    tied,
    names: () => [...tensors.keys()],
    has: (name) => tensors.has(name),
    info: (name) => {
      const tensor = find(name)
      const bytes = (elementCount(tensor.shape) ?? 0) * elementBytes[tensor.dtype]
      const { dtype, shape, source } = tensor
      return { dtype, shape, file: basename(source.file), bytes, storage: storageOf(tensor) }
    },
    read: async (name, target) => {
      const tensor = find(name)
      const count = elementCount(tensor.shape) ?? 0
      if (target && target.length !== count) {
        throw new LabError(
          'tensor-type',
          `Tensor "${name}" in ${tensor.source.file} has shape [${tensor.shape.join(', ')}], ${count} elements, ` +
            `but ${target.length} were expected. The config.json does not belong to these weights.`,
          { details: { tensor: name, expected: target.length, found: count } }
        )
      }
      return readTensor(tensor, target ?? new Float32Array(count))
    },
    readBytes: async (name) => readTensorBytes(find(name)),
    parameters: () => {
      const counted = new Set<string>()
      let total = 0
      for (const tensor of tensors.values()) {
        const storage = storageOf(tensor)
        if (isFloatType(tensor.dtype) && !counted.has(storage)) total += elementCount(tensor.shape) ?? 0
        counted.add(storage)
      }
      return total
    }
  }
}

function storageOf({ source, storage, offset, dtype, shape, strides }: StoredTensor): string {
  return `${basename(source.file)}:${storage}:${offset}:${dtype}:${shape.join('x')}:${strides?.join('x') ?? ''}`
}

function missingMessage(name: string, files: readonly string[], tensors: ReadonlyMap<string, StoredTensor>): string {
  const last = name.split('.').slice(-2).join('.')
  const near = [...tensors.keys()].filter((other) => other.endsWith(last)).slice(0, 3)
  const found = near.length > 0 ? `Found with a like ending: ${near.join(', ')}.` : `It holds ${tensors.size} others.`
  return (
    `No tensor "${name}" in ${files.join(', ')}. ${found} ` +
    'Check that the weights belong to the config.json beside them.'
  )
}
