import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Entry, ZipFile } from 'yauzl'
import { LabError } from '../../contract/error.ts'
import { checkRoom } from '../../data/import/room.ts'
import { entryContent, nextEntry, openArchive } from '../../data/import/zip-file.ts'
import { moveIntoPlace, syncFile } from '../../files/durable.ts'
import type { HomeFolder } from '../../store/home.ts'
import { newId } from '../../store/new-id.ts'
import { answersName } from '../../run-files/files.ts'
import type { Store } from '../../store/store.ts'
import { recordsName, studyRecordsSchema, type StudyRecords } from './study-records.ts'

const mostRecordBytes = 256 << 20
const mostFiles = 200_000

export interface Imported {
  experiments: { id: string; name: string }[]
  runs: number
  datasets: string[]
  targets: string[]
  models: string[]
  indices: number
  /** Things that were here already, by id. */
  there: number
}

/**
 * Takes a study's zip into this home: everything is unpacked beside, checked by size and SHA-256, moved into place, and then
 * recorded at once. Nothing of a zip that is damaged, or holds what its records do not name, comes to lie anywhere. Throws
 * `file-missing`, `file-damaged`, `archive-unsafe`, `bad-study`, `newer-study`, `other-content`, `disk-full`.
 */
export async function importStudy(
  path: string,
  { store, home }: { store: Store; home: HomeFolder }
): Promise<Imported> {
  const whole = resolve(path)
  if (!existsSync(whole))
    throw new LabError('file-missing', `There is no file at ${whole}.`, { details: { path: whole } })
  const file = { path: whole, name: whole.split(/[/\\]/).at(-1)! }
  const zip = await openArchive(file)
  const staged = home.scratch(newId('import'))
  try {
    const entries = await readDirectory(zip, file)
    const records = await readRecords(zip, entries, file)
    checkEntries(records, entries, file.name)
    const plan = planOf(records, store, file.name)
    const wanted = records.files.filter(({ name }) => plan.folders.some((folder) => name.startsWith(`${folder}/`)))
    for (const one of records.files) {
      const to = wanted.includes(one) ? join(staged, ...one.name.split('/')) : null
      await unpack(zip, entries.get(one.name)!, file, one, to, () => checkRoom(home.path))
    }
    for (const folder of plan.folders) {
      const [place, id] = folder.split('/') as [string, string]
      const to = home.inside(place, id)
      await mkdir(join(staged, place, id), { recursive: true })
      // A folder that no record names is what a stopped import or a deletion left.
      if (existsSync(to)) await home.remove(to)
      await moveIntoPlace(join(staged, place, id), to)
    }
    record(records, plan, store)
    return plan.imported
  } finally {
    zip.close()
    await home.remove(staged).catch(() => undefined)
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
  const problems = checked.error.issues
    .slice(0, 10)
    .map(({ path, message }) => `${path.map(String).join('.')}: ${message}`)
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

interface Plan {
  /** What is new here: `runs/<id>` and so on. */
  folders: string[]
  isNew: (place: string, id: string) => boolean
  imported: Imported
}

/** What is new; what is here under the same id must be the same. */
function planOf(records: StudyRecords, store: Store, name: string): Plan {
  let there = 0
  const folders: string[] = []
  const fresh = new Set<string>()
  const consider = <T extends { id: string }>(
    place: string,
    things: readonly T[],
    find: (id: string) => T | undefined,
    same: (a: T, b: T) => boolean
  ): T[] =>
    things.filter((one) => {
      const known = find(one.id)
      if (known === undefined) {
        fresh.add(`${place}/${one.id}`)
        return true
      }
      if (!same(known, one))
        throw new LabError(
          'other-content',
          `${name} holds ${place} "${one.id}", and this home has another one of that id. Import the study into another home.`
        )
      there++
      return false
    })
  const datasets = consider(
    'datasets',
    records.datasets,
    (id) => store.datasets.find(id),
    (a, b) => a.contentHash === b.contentHash && a.kind === b.kind
  )
  const models = consider(
    'models',
    records.models,
    (id) => store.models.find(id),
    (a, b) => a.fingerprint === b.fingerprint
  )
  const targets = consider(
    'targets',
    records.targets,
    (id) => store.targets.find(id),
    (a, b) => a.datasetId === b.datasetId
  )
  const runs = consider(
    'runs',
    records.runs,
    (id) => store.runs.find(id),
    (a, b) => a.fingerprint === b.fingerprint && a.status === 'finished'
  )
  const experiments = consider(
    'experiments',
    records.experiments,
    (id) => store.experiments.find(id),
    (a, b) => a.createdAt === b.createdAt
  )
  const knownIndices = new Set(store.indices.list().map(({ fingerprint }) => fingerprint))
  const indices = records.indices.filter(({ fingerprint }) => !knownIndices.has(fingerprint))
  for (const { id } of datasets) folders.push(`datasets/${id}`)
  for (const { id } of models) folders.push(`models/${id}`)
  for (const { id } of runs) folders.push(`runs/${id}`)
  for (const { id, fingerprint } of indices) {
    fresh.add(`indices/${id}`)
    folders.push(`indices/${fingerprint}`)
  }
  return {
    folders: [...new Set(folders)],
    isNew: (place, id) => fresh.has(`${place}/${id}`),
    imported: {
      experiments: experiments.map(({ id, spec }) => ({ id, name: spec.name })),
      runs: runs.length,
      datasets: datasets.map((one) => one.name),
      targets: targets.map((one) => one.name),
      models: models.map((one) => one.name),
      indices: indices.length,
      there
    }
  }
}

function record(records: StudyRecords, { isNew }: Plan, store: Store): void {
  store.transaction(() => {
    for (const one of records.datasets) if (isNew('datasets', one.id)) store.datasets.insert(one)
    for (const one of records.models) if (isNew('models', one.id)) store.models.insert(one)
    for (const one of records.targets) if (isNew('targets', one.id)) store.targets.insert(one)
    for (const one of records.querySets) if (isNew('targets', one.targetId)) store.querySets.insert(one)
    for (const { targetId, datasetId, leaks } of records.leakChecks)
      if (!store.leaks.checked(targetId, datasetId)) store.leaks.save(targetId, datasetId, 0, leaks)
    for (const one of records.indices) if (isNew('indices', one.id)) store.indices.insert(one)
    for (const one of records.experiments) if (isNew('experiments', one.id)) store.experiments.insert(one)
    for (const one of records.runs)
      if (isNew('runs', one.id)) {
        store.runs.insert(one)
        store.scores.save(
          one.id,
          records.scores.filter(({ runId }) => runId === one.id)
        )
      }
    for (const one of records.links) if (isNew('experiments', one.experimentId)) store.runs.link(one)
  })
}

/** Reads one file of the zip, checks it, and keeps it where a place is given. */
async function unpack(
  zip: ZipFile,
  entry: Entry,
  file: File,
  { name, bytes, sha256 }: StudyRecords['files'][number],
  to: string | null,
  room: () => void
): Promise<void> {
  room()
  if (to !== null) await mkdir(dirname(to), { recursive: true })
  const out = to === null ? null : await open(to, 'wx')
  const hash = createHash('sha256')
  let read = 0
  let looked = 0
  try {
    for await (const chunk of entryContent(zip, entry, file)) {
      read += chunk.length
      if (read > bytes) throw refused(file.name, `"${name}" is larger than its records say`)
      if (read - looked > 32 << 20) {
        looked = read
        room()
      }
      hash.update(chunk)
      await out?.write(chunk)
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
