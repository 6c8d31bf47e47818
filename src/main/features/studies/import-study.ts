import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import type { JobOutput } from '../../contract/jobs.ts'
import { LabError } from '../../contract/error.ts'
import { importedStudySchema, type ImportedStudy, type StudyContents } from '../../contract/study-zip.ts'
import { moveIntoPlace, writeWhole } from '../../files/durable.ts'
import { studyRecordsSchema, unpackedName, type StudyRecords } from '../../study-files/study-records.ts'
import { lookIntoStudy } from '../../study-files/unpack-study.ts'
import type { EndedJob } from '../../jobs/handlers.ts'
import type { Store } from '../../store/store.ts'
import type { Services } from '../services.ts'

const importedName = 'imported.json'

/** What a zip holds and what of it is here already. Throws as `unpackStudy`, and `other-content`. */
export async function lookAtStudy({ store }: Services, path: string): Promise<StudyContents> {
  const records = await lookIntoStudy(path)
  const { imported, isNew } = planOf(records, store, basename(path))
  const bytesOf = (folder: string) =>
    records.files.reduce((sum, { name, bytes }) => (name.startsWith(`${folder}/`) ? sum + bytes : sum), 0)
  const item = (
    what: 'datasets' | 'models' | 'targets' | 'experiments',
    one: { id: string; name: string },
    bytes: number
  ) => ({
    what,
    id: one.id,
    name: one.name,
    bytes,
    here: !isNew(what, one.id)
  })
  return {
    path: resolve(path),
    madeAt: records.madeAt,
    lab: records.lab,
    bytes: records.files.reduce((sum, { bytes }) => sum + bytes, 0),
    imported,
    items: [
      ...records.experiments.map(({ id, spec }) => {
        const own = records.links.filter(({ experimentId }) => experimentId === id)
        const bytes = own.reduce((sum, { runId }) => sum + bytesOf(`runs/${runId}`), 0)
        return item('experiments', { id, name: spec.name }, bytes + bytesOf(`results/${id}`))
      }),
      ...records.datasets.map((one) => item('datasets', one, bytesOf(`datasets/${one.id}`))),
      ...records.targets.map((one) => item('targets', one, 0)),
      ...records.models.map((one) => item('models', one, bytesOf(`models/${one.id}`)))
    ]
  }
}

/** Starts taking a zip in. Whatever is wrong with its records is said at once. */
export async function importStudyFile(services: Services, path: string) {
  const { store, jobs } = services
  const whole = resolve(path)
  const { folders } = planOf(await lookIntoStudy(whole), store, basename(whole))
  return jobs.add('import-study', { path: whole, folders }, { title: { says: 'open', of: { name: basename(whole) } } })
}

/**
 * What was unpacked and checked is moved into place, and then recorded at once. Called again for the same job, it finds what it has
 * recorded. Throws `other-content`.
 */
export async function keepImported(
  { store, home, changes }: Services,
  { input, folder }: EndedJob<'import-study'> & { output: JobOutput<'import-study'> }
): Promise<void> {
  if (existsSync(join(folder, importedName))) return
  const text = await readFile(join(folder, unpackedName), 'utf8')
  const records = studyRecordsSchema.parse(JSON.parse(text))
  const plan = planOf(records, store, basename(input.path))
  for (const one of plan.folders) {
    const [place, id] = one.split('/') as [string, string]
    const [from, to] = [join(folder, place, id), home.inside(place, id)]
    await mkdir(from, { recursive: true })
    // A folder that no record names is what a stopped import or a deletion left.
    if (existsSync(to)) await home.remove(to)
    await moveIntoPlace(from, to)
  }
  record(records, plan, store)
  await writeWhole(join(folder, importedName), JSON.stringify(plan.imported))
  for (const what of ['datasets', 'models', 'targets', 'indices', 'experiments'] as const) changes.changed(what)
}

/** What came of a finished import. Throws `not-found`. */
export async function importedBy({ store }: Services, jobId: string): Promise<ImportedStudy> {
  const { kind, status, folder } = store.jobs.get(jobId)
  const path = join(folder, importedName)
  if (kind !== 'import-study' || status !== 'finished' || !existsSync(path))
    throw new LabError('not-found', `The job ${jobId} has taken no study in, or nobody has kept what it said.`)
  return importedStudySchema.parse(JSON.parse(await readFile(path, 'utf8')))
}

interface Plan {
  /** What is new here: `runs/<id>` and so on. */
  folders: string[]
  isNew: (place: string, id: string) => boolean
  imported: ImportedStudy
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
