import { elementBytes } from './dtype.ts'
import { readPickle, type Machine } from './pickle.ts'
import { isList, PickleEnded, PickleError, type PickleValue } from './pickle-values.ts'
import { damaged, type ByteSource } from './source.ts'
import type { StoredTensor } from './tensor.ts'
import { stateDictTensors, torchMachine, type StorageReference, type TorchReading } from './torch-tensors.ts'

const magic = 0x1950a86a20f9469cfc6cn
/** The pickles come before the elements; their length is not written anywhere, so more is read until they end. */
const firstRead = 1024 * 1024
const largestPickles = 64 * 1024 * 1024

/**
 * The layout before PyTorch 1.6: pickles of a magic number, a version, the writing machine, the tensors, and the storage
 * keys; then each storage in the order of the keys, its number of elements before it.
 * @throws LabError `checkpoint-damaged`; PickleError
 */
export async function readTorchLegacy(
  file: ByteSource,
  { shapesOnly = false }: TorchReading = {}
): Promise<StoredTensor[]> {
  const { value, keys, end, storages } = await readPickles(file)
  if (shapesOnly) return stateDictTensors(value, () => ({ source: file, offset: 0 }))
  const starts = new Map<string, number>()
  let position = end
  for (const key of keys) {
    const storage = storages.get(key)
    if (!storage || starts.has(key)) throw damaged(file.file, `its storage "${key}" is listed twice or never used`)
    const length = storage.elements * elementBytes[storage.dtype]
    if (position + 8 + length > file.length) {
      throw damaged(
        file.file,
        `storage "${key}" ends at byte ${position + 8 + length}, but the file has ${file.length}`
      )
    }
    const declared = new Uint8Array(8)
    await file.read(declared, position)
    const elements = new DataView(declared.buffer).getBigInt64(0, true)
    if (elements !== BigInt(storage.elements)) {
      throw damaged(file.file, `storage "${key}" should have ${storage.elements} elements, but claims ${elements}`)
    }
    starts.set(key, position + 8)
    position += 8 + length
  }
  for (const key of storages.keys()) {
    if (!starts.has(key)) throw damaged(file.file, `the storage "${key}" is used but not there`)
  }
  return stateDictTensors(value, (storage) => ({ source: file, offset: starts.get(storage.key)! }))
}

interface Pickles {
  value: PickleValue
  keys: string[]
  /** Position after the last pickle. */
  end: number
  storages: Map<string, StorageReference>
}

async function readPickles(file: ByteSource): Promise<Pickles> {
  for (let length = firstRead; ; length *= 4) {
    const bytes = new Uint8Array(Math.min(length, largestPickles, file.length))
    await file.read(bytes, 0)
    try {
      return parsePickles(file.file, bytes)
    } catch (error) {
      if (!(error instanceof PickleEnded) || bytes.length < length) throw error
    }
  }
}

function parsePickles(file: string, bytes: Uint8Array): Pickles {
  const first = readPickle(bytes, 0, plain)
  if (first.value !== magic) throw damaged(file, 'it is a pickle, but not one that torch.save wrote')
  const version = readPickle(bytes, first.end, plain)
  const machine = readPickle(bytes, version.end, plain)
  if (machine.value instanceof Map && machine.value.get('little_endian') === false) {
    throw damaged(file, 'its numbers are not little-endian', 'Save the weights again on a little-endian machine.')
  }
  const storages = new Map<string, StorageReference>()
  const tensors = readPickle(bytes, machine.end, torchMachine(storages))
  const listed = readPickle(bytes, tensors.end, plain)
  const keys = isList(listed.value) ? listed.value.filter((key) => typeof key === 'string') : []
  return { value: tensors.value, keys, end: listed.end, storages }
}

/** For the pickles that hold plain values only. */
const plain: Machine = {
  call: (callee) => {
    throw new PickleError(`it calls ${callee.module}.${callee.name} where only plain values belong`)
  },
  make: (of) => {
    throw new PickleError(`it makes ${of.module}.${of.name} where only plain values belong`)
  },
  persistent: () => {
    throw new PickleError('it refers to a storage where only plain values belong')
  }
}
