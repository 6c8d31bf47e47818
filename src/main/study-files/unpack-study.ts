import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Entry, ZipFile } from 'yauzl'
import { LabError, problemsOf } from '../contract/error.ts'
import { entryContent, nextEntry, openArchive } from '../data/import/zip-file.ts'
import { syncFile } from '../files/durable.ts'
import { refuseLfsPointer } from '../files/lfs-pointer.ts'
import { answersName } from '../run-files/files.ts'
import { recordsName, studyRecordsSchema, type StudyRecords } from './study-records.ts'

const mostRecordBytes = 256 << 20
const mostFiles = 200_000

/** What a study's zip holds, by its records, which fit its directory. Nothing of it is unpacked. Throws as `unpackStudy`. */
export async function lookIntoStudy(path: string): Promise<StudyRecords> {
  return inZip(path, ({ records }) => Promise.resolve(records))
}

interface Unpacking {
  /** Folders of the zip that are wanted, such as `runs/<id>`; every file is checked all the same. */
  folders: ReadonlySet<string>
  to: string
  /** Called with every piece that was read, in bytes. */
  each: (bytes: number) => Promise<void>
}

/**
 * Unpacks a study's zip beside, each file checked by size and SHA-256. What is damaged, or is not named by the records, is refused.
 * Throws `file-missing`, `file-damaged`, `archive-unsafe`, `bad-study`, `newer-study`, `disk-full`.
 */
export async function unpackStudy(path: string, { folders, to, each }: Unpacking): Promise<StudyRecords> {
  return inZip(path, async ({ zip, entries, records, file }) => {
    for (const folder of folders) await mkdir(join(to, ...folder.split('/')), { recursive: true })
    for (const one of records.files) {
      const wanted = folders.has(one.name.split('/').slice(0, 2).join('/'))
      const path = wanted ? join(to, ...one.name.split('/')) : null
      await unpack({ zip, file, entry: entries.get(one.name)! }, one, path, each)
    }
    return records
  })
}

interface Opened {
  zip: ZipFile
  entries: ReadonlyMap<string, Entry>
  records: StudyRecords
  file: File
}

async function inZip<T>(path: string, work: (opened: Opened) => Promise<T>): Promise<T> {
  const whole = resolve(path)
  if (!existsSync(whole))
    throw new LabError('file-missing', `There is no file at ${whole}.`, { details: { path: whole } })
  refuseLfsPointer(whole)
  const file = { path: whole, name: whole.split(/[/\\]/).at(-1)! }
  const zip = await openArchive(file)
  try {
    const entries = await readDirectory(zip, file)
    const records = await readRecords(zip, entries, file)
    checkEntries(records, entries, file.name)
    return await work({ zip, entries, records, file })
  } finally {
    zip.close()
  }
}

type File = { path: string; name: string }

async function readDirectory(zip: ZipFile, file: File): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>()
  for (let entry = await nextEntry(zip, file); entry; entry = await nextEntry(zip, file)) {
    if (entry.fileName.endsWith('/')) continue
    if (entries.has(entry.fileName)) throw refused(file.name, `"${entry.fileName.slice(0, 200)}" is in it twice`)
    if (entry.isEncrypted()) throw refused(file.name, 'it is encrypted')
    entries.set(entry.fileName, entry)
    if (entries.size > mostFiles) throw refused(file.name, `it holds more than ${mostFiles} files`)
  }
  return entries
}

async function readRecords(zip: ZipFile, entries: ReadonlyMap<string, Entry>, file: File): Promise<StudyRecords> {
  const entry = entries.get(recordsName)
  if (!entry) throw new LabError('bad-study', `${file.name} is no exported study: there is no ${recordsName} in it.`)
  if (entry.uncompressedSize > mostRecordBytes) throw refused(file.name, `its ${recordsName} is too large`)
  const chunks: Buffer[] = []
  for await (const chunk of entryContent(zip, entry, file)) chunks.push(chunk)
  let value: unknown
  try {
    value = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch (cause) {
    throw new LabError('file-damaged', `${recordsName} in ${file.name} is no JSON. Export the study again.`, { cause })
  }
  const { version } = value as { version?: unknown }
  if (typeof version === 'number' && version > 1)
    throw new LabError('newer-study', `${file.name} was written by a newer lab. Install that version to open it.`)
  const checked = studyRecordsSchema.safeParse(value)
  if (checked.success) return checked.data
  const problems = problemsOf(checked.error).slice(0, 10)
  throw new LabError('bad-study', `The records in ${file.name} are not as they must be. ${problems.join('; ')}.`, {
    details: { problems }
  })
}

/** Every file is named once, with its size, in a folder of a record; nothing else is in the zip. */
function checkEntries({ files, ...records }: StudyRecords, entries: ReadonlyMap<string, Entry>, name: string): void {
  const owned = new Set([
    ...records.runs.map(({ id }) => `runs/${id}`),
    ...records.datasets.map(({ id }) => `datasets/${id}`),
    ...records.models.map(({ id }) => `models/${id}`),
    ...records.indices.map(({ fingerprint }) => `indices/${fingerprint}`)
  ])
  const named = new Set<string>([recordsName])
  for (const { name: file, bytes } of files) {
    const key = file.toLowerCase()
    if (named.has(key)) throw refused(name, `"${file}" is named twice in it`)
    named.add(key)
    const entry = entries.get(file)
    if (!entry) throw damaged(name, `"${file}" is missing`)
    if (entry.uncompressedSize !== bytes) throw damaged(name, `"${file}" has another size than its records say`)
    const [place, id] = file.split('/')
    const free = place === 'results' || file === 'ro-crate-metadata.json'
    if (!free && !owned.has(`${place}/${id}`)) throw refused(name, `"${file}" belongs to nothing in it`)
  }
  for (const entry of entries.keys())
    if (!named.has(entry.toLowerCase())) throw refused(name, `"${entry.slice(0, 200)}" is not in its records`)
  for (const { id } of records.datasets)
    if (!entries.has(`datasets/${id}/examples.db`)) throw damaged(name, `the data set ${id} has no examples`)
  for (const { id, targetIds } of records.runs)
    for (const target of targetIds)
      if (!entries.has(`runs/${id}/${answersName(target)}`))
        throw damaged(name, `run ${id} has no answers to ${target}`)
}

/** Reads one file of the zip, checks it, and keeps it where a place is given. */
async function unpack(
  { zip, file, entry }: Pick<Opened, 'zip' | 'file'> & { entry: Entry },
  { name, bytes, sha256 }: StudyRecords['files'][number],
  to: string | null,
  each: (bytes: number) => Promise<void>
): Promise<void> {
  await each(0)
  if (to !== null) await mkdir(dirname(to), { recursive: true })
  const out = to === null ? null : await open(to, 'wx')
  const hash = createHash('sha256')
  let read = 0
  try {
    for await (const chunk of entryContent(zip, entry, file)) {
      read += chunk.length
      if (read > bytes) throw refused(file.name, `"${name}" is larger than its records say`)
      hash.update(chunk)
      await out?.write(chunk)
      await each(chunk.length)
    }
  } finally {
    await out?.close()
  }
  if (read !== bytes || hash.digest('hex') !== sha256) throw damaged(file.name, `"${name}" is not what was exported`)
  if (to !== null) await syncFile(to)
}

function damaged(file: string, what: string): LabError {
  return new LabError('file-damaged', `${file} is damaged: ${what}. Copy or export it again.`, { details: { file } })
}

function refused(file: string, what: string): LabError {
  return new LabError(
    'archive-unsafe',
    `${file} was refused: ${what}. Nothing of it was kept. Export the study again.`,
    {
      details: { file }
    }
  )
}
