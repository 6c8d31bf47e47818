import yauzl from 'yauzl'
import { messageOf } from '../../contract/error.ts'
import { elementBytes } from './dtype.ts'
import { readPickle } from './pickle.ts'
import { PickleError } from './pickle-values.ts'
import { damaged, type ByteSource } from './source.ts'
import type { StoredTensor } from './tensor.ts'
import { stateDictTensors, torchMachine, type StorageReference, type TorchReading } from './torch-tensors.ts'

/** A pickle has some 150 bytes per tensor. */
const largestPickle = 64 * 1024 * 1024
/** One entry per tensor and a few more. */
const mostEntries = 500_000

interface Region {
  name: string
  start: number
  length: number
}

/**
 * The zip layout: `<name>/data.pkl` lists the tensors, `<name>/data/<key>` is one storage each. torch.save stores
 * entries without compression, so that storages can be read by range; a compressed entry is refused, which also rules
 * out files that unpack to more than they hold.
 * @throws LabError `checkpoint-damaged`; PickleError
 */
export async function readTorchZip(
  file: ByteSource,
  { shapesOnly = false }: TorchReading = {}
): Promise<StoredTensor[]> {
  const archive = await openArchive(file)
  const entries = await listEntries(file, archive)
  const pickle = [...entries.keys()].find((name) => /^[^/]+\/data\.pkl$/.test(name))
  if (!pickle) throw damaged(file.file, 'it is a zip archive without data.pkl, so not made by torch.save')
  const root = pickle.slice(0, -'data.pkl'.length)
  await checkByteOrder(file, archive, entries.get(`${root}byteorder`))

  const place = await placeOf(file, archive, entries.get(pickle)!)
  if (place.length > largestPickle) throw damaged(file.file, `its data.pkl of ${place.length} bytes is not plausible`)
  const bytes = new Uint8Array(place.length)
  await file.read(bytes, place.start)
  const storages = new Map<string, StorageReference>()
  const { value } = readPickle(bytes, 0, torchMachine(storages))
  if (shapesOnly) return stateDictTensors(value, () => ({ source: file, offset: 0 }))

  const regions = new Map<string, Region>()
  for (const [key, storage] of storages) {
    const entry = entries.get(`${root}data/${key}`)
    if (!entry) throw damaged(file.file, `the storage "${key}" is listed but not there`)
    const region = await placeOf(file, archive, entry)
    const expected = storage.elements * elementBytes[storage.dtype]
    if (region.length !== expected) {
      throw damaged(file.file, `the storage "${key}" should have ${expected} bytes, but has ${region.length}`)
    }
    regions.set(key, region)
  }
  checkOverlaps(file, [place, ...regions.values()])
  return stateDictTensors(value, (storage) => ({ source: file, offset: regions.get(storage.key)!.start }))
}

async function openArchive(file: ByteSource): Promise<yauzl.ZipFile> {
  try {
    const archive = await yauzl.fromRandomAccessReaderPromise(new SourceReader(file), file.length, { autoClose: false })
    if (archive.entryCount > mostEntries) throw new PickleError(`it has ${archive.entryCount} entries`)
    return archive
  } catch (cause) {
    throw damaged(file.file, `it is not a whole zip archive (${messageOf(cause)})`)
  }
}

async function listEntries(file: ByteSource, archive: yauzl.ZipFile): Promise<Map<string, yauzl.Entry>> {
  const entries = new Map<string, yauzl.Entry>()
  try {
    for await (const entry of archive.eachEntry()) {
      if (entries.has(entry.fileName)) throw new PickleError(`the entry "${entry.fileName}" comes twice`)
      entries.set(entry.fileName, entry)
    }
  } catch (cause) {
    throw damaged(file.file, `its table of contents cannot be read (${messageOf(cause)})`)
  }
  return entries
}

/** Where an entry's bytes lie in the file. */
async function placeOf(file: ByteSource, archive: yauzl.ZipFile, entry: yauzl.Entry): Promise<Region> {
  const { fileName: name, compressedSize: length } = entry
  if (entry.compressionMethod !== 0 || entry.isEncrypted() || entry.uncompressedSize !== length) {
    throw damaged(
      file.file,
      `the entry "${name}" is compressed or encrypted, which torch.save never does`,
      'Save the weights again with torch.save, or use the safetensors file of this model.'
    )
  }
  let start: number
  try {
    start = (await archive.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart
  } catch (cause) {
    throw damaged(file.file, `the entry "${name}" is not where the table of contents says (${messageOf(cause)})`)
  }
  if (start + length > file.length) {
    throw damaged(file.file, `the entry "${name}" ends at byte ${start + length}, but the file has only ${file.length}`)
  }
  return { name, start, length }
}

async function checkByteOrder(file: ByteSource, archive: yauzl.ZipFile, entry: yauzl.Entry | undefined): Promise<void> {
  if (!entry) return
  const { start, length } = await placeOf(file, archive, entry)
  const bytes = new Uint8Array(Math.min(length, 16))
  await file.read(bytes, start)
  if (new TextDecoder().decode(bytes) !== 'little') {
    throw damaged(file.file, 'its numbers are not little-endian', 'Save the weights again on a little-endian machine.')
  }
}

function checkOverlaps(file: ByteSource, regions: readonly Region[]): void {
  let end = 0
  let before = ''
  for (const region of regions.filter(({ length }) => length > 0).sort((a, b) => a.start - b.start)) {
    if (region.start < end) throw damaged(file.file, `the entries "${before}" and "${region.name}" overlap`)
    end = region.start + region.length
    before = region.name
  }
}

/** Lets yauzl read headers from a source that is already open. Streams of contents are never asked for. */
class SourceReader extends yauzl.RandomAccessReader {
  private readonly source: ByteSource

  constructor(source: ByteSource) {
    super()
    this.source = source
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void
  ): void {
    this.source.read(buffer.subarray(offset, offset + length), position).then(
      () => callback(null),
      (error: unknown) => callback(error instanceof Error ? error : new Error(messageOf(error)))
    )
  }

  override close(callback: (error: Error | null) => void): void {
    callback(null)
  }
}
