import { existsSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import type { Experiment } from '../../contract/experiments.ts'
import type { Job } from '../../contract/jobs.ts'
import { modelRoleNames } from '../../contract/strategies.ts'
import { packedStudySchema, type PackedStudy, type StudyChoice, type StudySizes } from '../../contract/study-zip.ts'
import { LabError } from '../../contract/error.ts'
import { newId } from '../../store/new-id.ts'
import { carriedFiles } from '../../study-files/pack-study.ts'
import { writePacking, type Packing } from '../../study-files/packing.ts'
import { recordsVersion, type StudyRecords } from '../../study-files/study-records.ts'
import type { Services } from '../services.ts'
import { freePath } from '../free-path.ts'
import { resultsToWrite } from './results-to-write.ts'

/** How large what was chosen is, by item. Throws `not-found`, `experiment-running`. */
export function sizesOf(services: Services, chosen: StudyChoice): StudySizes {
  const { folders, missing } = gather(chosen, services)
  const items = folders.map(({ name, called }) => {
    const [what, id] = name.split('/') as [StudySizes['items'][number]['what'], string]
    const files = carriedFiles(services.home.inside(what, id), what === 'runs', chosen.weights)
    return { what, id, name: called, bytes: files.reduce((sum, path) => sum + statSync(path).size, 0) }
  })
  return {
    items,
    bytes: items.reduce((sum, { bytes }) => sum + bytes, 0),
    missing,
    suggested: freePath(services, 'recross-study', '.zip')
  }
}

/**
 * Starts writing a zip: what is in it is settled here, from the tables alone, so that the job is there at once; a worker works out
 * the results and packs. Throws `not-found`, `experiment-running`, `file-exists`,
 * `folder-missing`, `nothing-chosen`.
 */
export async function exportStudyFile(
  services: Services,
  { path: given, overwrite, ...chosen }: StudyChoice & { path: string; overwrite: boolean }
): Promise<Job> {
  const { store, home, jobs, version } = services
  const path = resolve(given)
  if (!overwrite && existsSync(path))
    throw new LabError('file-exists', `There is a file at ${path} already. Choose another name, or overwrite it.`, {
      details: { path }
    })
  if (!existsSync(dirname(path)))
    throw new LabError('folder-missing', `There is no folder ${dirname(path)} to write ${basename(path)} into.`, {
      details: { folder: dirname(path) }
    })
  const { records, folders, missing } = gather(chosen, services)
  if (folders.length === 0 && records.experiments.length === 0)
    throw new LabError(
      'nothing-chosen',
      'Nothing was chosen to be packed. Choose an experiment, data, a target or a model.'
    )
  const packing: Packing = {
    records,
    folders: folders.map(({ name }) => name),
    results: records.experiments.map(({ id }) => resultsToWrite(services, store.experiments.get(id))),
    weights: chosen.weights,
    version
  }
  const folder = home.scratch(newId('pack'))
  await mkdir(folder, { recursive: true })
  await writePacking(folder, packing, home.path)
  return jobs.add('export-study', { path, missing }, { title: { says: 'pack', of: { name: basename(path) } }, folder })
}

/** What a finished export wrote. Throws `not-found`. */
export function packedBy({ store }: Services, jobId: string): PackedStudy {
  const { kind, status, output } = store.jobs.get(jobId)
  if (kind !== 'export-study' || status !== 'finished')
    throw new LabError('not-found', `The job ${jobId} has packed no study.`)
  return packedStudySchema.parse(output)
}

interface Gathered {
  records: Omit<StudyRecords, 'files'>
  /** Names of folders, in the home as in the zip, and what people call them. */
  folders: { name: string; called: string }[]
  /** What was asked for and is not in this home any more. */
  missing: string[]
}

function gather(chosen: StudyChoice, { store, version }: Services): Gathered {
  const experiments = unique(chosen.experimentIds).map((id) => store.experiments.get(id))
  const running = experiments.find(({ status }) => status === 'running' || status === 'planned')
  if (running)
    throw new LabError(
      'experiment-running',
      `"${running.spec.name}" is still running. Export it when it is over, or pause it.`
    )
  const runs = uniqueById(experiments.flatMap(({ id }) => store.runs.ofExperiment(id))).filter(
    ({ status }) => status === 'finished'
  )
  const kept = new Set(runs.map(({ id }) => id))
  const missing: string[] = []
  const found = <T>(noun: string, id: string, thing: T | undefined): T[] => {
    if (thing !== undefined) return [thing]
    missing.push(`${noun} ${id}`)
    return []
  }
  const targetIds = unique([
    ...chosen.targetIds,
    ...(chosen.data ? experiments.flatMap(({ spec }) => spec.targetIds) : [])
  ])
  const targets = targetIds.flatMap((id) => found('target', id, store.targets.find(id)))
  const datasetIds = unique([
    ...chosen.datasetIds,
    ...(chosen.data ? experiments.map(({ spec }) => spec.datasetId) : []),
    ...targets.map(({ datasetId }) => datasetId)
  ])
  const datasets = datasetIds.flatMap((id) => found('data set', id, store.datasets.find(id)))
  const modelIds = unique([
    ...chosen.modelIds,
    ...(chosen.models ? experiments.flatMap(({ spec }) => modelsOf(spec)) : [])
  ])
  const models = modelIds.flatMap((id) => found('model', id, store.models.find(id)))
  const has = (list: readonly { id: string }[], id: string) => list.some((one) => one.id === id)
  const indices = chosen.indices
    ? store.indices.list().filter(({ datasetId, modelId }) => has(datasets, datasetId) && has(models, modelId))
    : []
  const datasetIdsHere = datasets.map(({ id }) => id)
  const leakChecks = targets.flatMap(({ id: targetId }) =>
    datasetIdsHere
      .filter((datasetId) => store.leaks.checked(targetId, datasetId))
      .map((datasetId) => ({ targetId, datasetId, leaks: store.leaks.of(targetId, datasetId) }))
  )
  return {
    missing,
    folders: [
      ...runs.map(({ id, strategy }) => ({ name: `runs/${id}`, called: strategy })),
      ...datasets.map(({ id, name }) => ({ name: `datasets/${id}`, called: name })),
      ...models.map(({ id, name }) => ({ name: `models/${id}`, called: name })),
      ...unique(indices.map(({ fingerprint }) => fingerprint)).map((fingerprint) => ({
        name: `indices/${fingerprint}`,
        called: fingerprint.slice(0, 12)
      }))
    ],
    records: {
      format: 'recross-lab-study',
      version: recordsVersion,
      lab: version,
      madeAt: new Date().toISOString(),
      experiments: experiments.map(({ id, spec, status, createdAt, finishedAt }) => ({
        id,
        spec,
        status,
        createdAt,
        finishedAt
      })),
      runs: runs.map((run) => ({ ...run, jobId: null })),
      links: experiments.flatMap(({ id }) => store.runs.links(id)).filter(({ runId }) => kept.has(runId)),
      scores: runs.flatMap(({ id }) => store.scores.ofRun(id)),
      datasets,
      targets,
      querySets: targets.flatMap(({ id }) => store.querySets.ofTarget(id)),
      leakChecks,
      models,
      indices
    }
  }
}

function modelsOf({ models }: Experiment['spec']): string[] {
  return modelRoleNames.flatMap((role) => models[role] ?? [])
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}

function uniqueById<T extends { id: string }>(things: readonly T[]): T[] {
  return [...new Map(things.map((one) => [one.id, one])).values()]
}
