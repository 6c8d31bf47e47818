import { elementBytes, elementCount, isSize, type StoredType } from './dtype.ts'
import type { Machine } from './pickle.ts'
import { isList, PickleError, PickleGlobal, PickleOther, type PickleValue } from './pickle-values.ts'
import { spanOf, type StoredTensor } from './tensor.ts'
import type { ByteSource } from './source.ts'

export interface TorchReading {
  /**
   * Only names, types and shapes are wanted: the elements are not asked for, so that a file that is still on its server is looked at by
   * a few requests and not by one for each tensor.
   */
  shapesOnly?: boolean
}

/** A storage as the pickle refers to it: its elements lie elsewhere in the file. */
export class StorageReference {
  readonly key: string
  readonly dtype: StoredType
  readonly elements: number
  /** First element within the storage `key`; not 0 only for views in the legacy layout. */
  readonly start: number

  constructor(key: string, dtype: StoredType, elements: number, start: number) {
    this.key = key
    this.dtype = dtype
    this.elements = elements
    this.start = start
  }
}

/** A tensor as the pickle describes it, checked against its storage. */
class TensorReference {
  readonly storage: StorageReference
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[] | null

  constructor(storage: StorageReference, offset: number, shape: readonly number[], strides: readonly number[] | null) {
    this.storage = storage
    this.offset = offset
    this.shape = shape
    this.strides = strides
  }
}

const storageTypes: Readonly<Record<string, StoredType>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL'
}

/**
 * What training programs leave beside the weights: options, counters, numbers of numpy, dates. Only names that could do no harm if they were
 * called, which they are not; whatever else a file names is refused, as it might be a trap for the next program that opens it.
 */
const beside = new Set([
  'collections.Counter',
  'collections.defaultdict',
  'argparse.Namespace',
  'torch.Size',
  'torch.device',
  '_codecs.encode',
  'builtins.set',
  'builtins.frozenset',
  'builtins.bytearray',
  'builtins.complex',
  'datetime.datetime',
  'datetime.date',
  'datetime.timedelta',
  'pathlib.PosixPath',
  'pathlib.WindowsPath',
  'pathlib.PurePosixPath',
  'pathlib.PureWindowsPath',
  'pathlib._local.PosixPath',
  'pathlib._local.WindowsPath',
  'numpy.dtype',
  'numpy.ndarray',
  'numpy.core.multiarray.scalar',
  'numpy.core.multiarray._reconstruct',
  'numpy._core.multiarray.scalar',
  'numpy._core.multiarray._reconstruct'
])
/** Dictionaries with something more, which weights do not need. */
const dictionaries = new Set(['collections.Counter', 'collections.defaultdict'])

/** Stands for what lies beside the weights. Throws where the name is none of those that may. */
function other(of: PickleGlobal): PickleValue {
  const name = `${of.module}.${of.name}`
  if (!beside.has(name)) throw new PickleError(`it calls ${JSON.stringify(name)}, which no file of plain weights needs`)
  return dictionaries.has(name) ? new Map() : new PickleOther(of)
}

/** The calls and references that a file of weights may make. Notes each storage that it meets in `storages`. */
export function torchMachine(storages: Map<string, StorageReference>): Machine {
  return {
    call: (callee, parameters) => {
      switch (`${callee.module}.${callee.name}`) {
        case 'collections.OrderedDict':
          return dictionaryOf(parameters)
        case 'torch._utils._rebuild_tensor':
        case 'torch._utils._rebuild_tensor_v2':
          return tensorOf(parameters)
        case 'torch._utils._rebuild_parameter':
          if (parameters[0] instanceof TensorReference) return parameters[0]
          throw new PickleError('a parameter in it is made of something that is no tensor')
        default:
          return other(callee)
      }
    },
    make: other,
    persistent: (reference) => {
      const storage = storageOf(reference)
      const known = storages.get(storage.key)
      if (!known) storages.set(storage.key, storage)
      else if (known.dtype !== storage.dtype || known.elements !== storage.elements) {
        throw new PickleError(`it describes the storage "${storage.key}" in two different ways`)
      }
      return storage
    }
  }
}

/** Where training programs keep the weights among what else they save: Lightning, plain PyTorch loops, fairseq, DeepSpeed. */
const stateDictKeys = ['state_dict', 'model_state_dict', 'model', 'module', 'net'] as const

/** A file that is sound, but has no weights where the lab looks. */
export class NoTensorsError extends PickleError {}

/**
 * The tensors of a state dict, or of the one state dict inside a training checkpoint.
 * @param locate where the elements of each storage lie: source and first byte
 * @throws PickleError where the value is not a dictionary with tensors
 */
export function stateDictTensors(
  value: PickleValue,
  locate: (storage: StorageReference) => { source: ByteSource; offset: number }
): StoredTensor[] {
  if (!(value instanceof Map)) throw new PickleError('it does not hold a dictionary of tensors')
  const tensors: StoredTensor[] = []
  for (const [name, entry] of weightsIn(value)) {
    if (!(entry instanceof TensorReference)) continue
    if (typeof name !== 'string') throw new PickleError('a tensor in it has a name that is not a text')
    const { storage, shape, strides } = entry
    const { source, offset } = locate(storage)
    const first = offset + (storage.start + entry.offset) * elementBytes[storage.dtype]
    tensors.push({ name, dtype: storage.dtype, shape, strides, source, offset: first, storage: storage.key })
  }
  if (tensors.length === 0 && value.size > 0) {
    const keys = [...value.keys()].filter((key) => typeof key === 'string').slice(0, 8)
    throw new NoTensorsError(
      `it holds ${keys.join(', ')}, but no weights, neither directly nor under ${stateDictKeys.join(', ')}`
    )
  }
  return tensors
}

/** The dictionary itself where it has tensors, otherwise the first of the usual ones inside it that has. */
function weightsIn(value: Map<PickleValue, PickleValue>): Map<PickleValue, PickleValue> {
  const hasTensors = (map: Map<PickleValue, PickleValue>): boolean =>
    [...map.values()].some((entry) => entry instanceof TensorReference)
  if (hasTensors(value)) return value
  const inner = stateDictKeys.map((key) => value.get(key)).filter((entry) => entry instanceof Map)
  const usual = inner.find(hasTensors)
  if (usual) return usual
  // Under a name of somebody's own: where there are two, nobody knows which.
  const own = [...value.values()].filter((entry) => entry instanceof Map && hasTensors(entry))
  return own.length === 1 ? (own[0] as Map<PickleValue, PickleValue>) : value
}

function dictionaryOf(parameters: readonly PickleValue[]): PickleValue {
  const pairs = parameters[0] ?? []
  if (!isList(pairs)) throw new PickleError('it makes a dictionary of something that is no list')
  const map = new Map<PickleValue, PickleValue>()
  for (const pair of pairs) {
    if (!isList(pair) || pair.length !== 2) throw new PickleError('it makes a dictionary of something that is no pair')
    map.set(pair[0]!, pair[1]!)
  }
  return map
}

/** `('storage', type, key, place, elements[, view])` */
function storageOf(reference: PickleValue): StorageReference {
  if (!isList(reference)) throw new PickleError('it refers to something that is no storage')
  const [tag, type, key, , elements, view] = reference
  if (tag !== 'storage' || !(type instanceof PickleGlobal) || typeof key !== 'string') {
    throw new PickleError('it refers to something that is no storage')
  }
  const dtype = Object.hasOwn(storageTypes, type.name) ? storageTypes[type.name] : undefined
  if (type.module !== 'torch' || !dtype) {
    throw new PickleError(`storage "${key}" has the type "${type.module}.${type.name}", which is not known`)
  }
  if (!isSize(elements) || !Number.isSafeInteger(elements * elementBytes[dtype])) {
    throw new PickleError(`storage "${key}" claims an impossible number of elements`)
  }
  if (view === null || view === undefined) return new StorageReference(key, dtype, elements, 0)
  // A view of another storage, written before PyTorch 0.4: (key of the view, first element, elements).
  const [, start, length] = isList(view) ? view : []
  if (!isSize(start) || !isSize(length) || start + length > elements) {
    throw new PickleError(`a view of storage "${key}" lies outside of it`)
  }
  return new StorageReference(key, dtype, elements, start)
}

/** `(storage, offset, shape, strides, …)`; what follows (needs gradient, hooks) says nothing about the values. */
function tensorOf(parameters: readonly PickleValue[]): TensorReference {
  const [storage, offset, shape, strides] = parameters
  if (!(storage instanceof StorageReference)) throw new PickleError('a tensor in it has no storage')
  const fault = (found: string): PickleError => new PickleError(`a tensor in storage "${storage.key}" ${found}`)
  if (!isSize(offset) || !isSizes(shape) || !isSizes(strides) || shape.length !== strides.length) {
    throw fault('has an impossible shape, offset or strides')
  }
  const count = elementCount(shape)
  const span = spanOf(shape, strides)
  if (count === null || !Number.isSafeInteger(span) || offset + span > storage.elements - storage.start) {
    throw fault(`of shape [${shape.join(', ')}] at element ${offset} does not fit in its ${storage.elements} elements`)
  }
  if (count > storage.elements) {
    throw fault(`of shape [${shape.join(', ')}] repeats its ${storage.elements} elements, which is not supported`)
  }
  return new TensorReference(storage, offset, shape, isRowMajor(shape, strides) ? null : strides)
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  if (shape.includes(0)) return true
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== expected) return false
    expected *= shape[axis]!
  }
  return true
}

function isSizes(value: PickleValue | undefined): value is readonly number[] {
  return value !== undefined && isList(value) && value.length <= 64 && value.every(isSize)
}
