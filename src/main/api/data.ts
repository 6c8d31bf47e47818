import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Dataset, Target } from '../contract/data.ts'
import { LabError } from '../contract/error.ts'
import type { JobOutput, Outcome } from '../contract/jobs.ts'
import type { EndedJob } from '../jobs/handlers.ts'
import { newId } from '../store/new-id.ts'
import { ask } from '../features/datasets/ask.ts'
import { os } from './base.ts'
import { checkAllLeaks } from '../features/datasets/leak-checks.ts'
import { installDemo } from '../features/datasets/install-demo.ts'
import type { Services } from '../features/services.ts'
import { addQuerySets, addTarget } from './targets.ts'
import { filesOf, removeUploads, takeUpload } from '../features/datasets/uploads.ts'

export function dataRoutes(services: Services) {
  const { home, store, jobs } = services
  jobs.onFinished('import-dataset', async (job) => {
    const outcome = await keepDataset(services, job)
    await removeUploads(services, filesOf(job.input))
    return outcome
  })
  jobs.onStopped('import-dataset', ({ status, input, folder }) => {
    // At once, so that a retry cannot have begun in the folder.
    if (status !== 'interrupted' && store.datasets.find(input.datasetId) === undefined) home.removeNow(folder)
  })
  return {
    list: os.data.list.handler(() => store.datasets.list()),
    get: os.data.get.handler(({ input }) => store.datasets.get(input.id)),
    tasks: os.data.tasks.handler(async ({ input }) => (await ask(services, input.id, { what: 'tasks' })).tasks),
    lengths: os.data.lengths.handler(async ({ input: { id, ...rest } }) => {
      return (await ask(services, id, { what: 'lengths', ...rest })).histogram
    }),
    search: os.data.search.handler(async ({ input: { id, ...rest } }) => {
      const { total, examples } = await ask(services, id, { what: 'search', ...rest })
      return { total, examples }
    }),
    example: os.data.example.handler(async ({ input }) => {
      return (await ask(services, input.id, { what: 'example', id: input.exampleId })).example
    }),
    rejected: os.data.rejected.handler(async ({ input }) => {
      return (await ask(services, input.id, { what: 'rejected' })).rejected
    }),
    preview: os.data.preview.handler(async ({ input, signal }) => {
      await mustExist([input.file])
      return jobs.ask('preview-import', input, signal)
    }),
    import: os.data.import.handler(async ({ input }) => {
      await mustExist([...input.files, ...[input.groupsFile, input.querySetsFile].filter((path) => path !== null)])
      const datasetId = newId('dataset')
      const source = input.files.map((path) => basename(path)).join(', ')
      const request = { ...input, root: null, datasetId, source }
      return jobs.add('import-dataset', request, { title: `Import ${input.name}`, folder: home.dataset(datasetId) })
    }),
    upload: os.data.upload.handler(({ input }) => takeUpload(services, input)),
    installDemo: os.data.installDemo.handler(() => installDemo(services))
  }
}

/**
 * Takes a finished import into the store. The same content as a dataset that is already there is not kept twice; query
 * sets that came with it still go to the target that is there.
 */
async function keepDataset(
  services: Services,
  job: EndedJob<'import-dataset'> & { output: JobOutput<'import-dataset'> }
): Promise<Outcome> {
  const { home, store, changes } = services
  const { input, output } = job
  const same = store.datasets.findByHash(output.contentHash, input.kind)
  if (same && same.id !== input.datasetId) {
    store.jobHistory.log(job.id, 'warn', `This content is already here as "${same.name}"; it was not added again.`)
    await home.remove(job.folder)
    const target = store.targets.ofDataset(same.id)[0]
    if (target) await addQuerySets(services, target, output.querySets)
    return { what: 'dataset', id: same.id, already: true }
  }
  const dataset: Dataset = {
    id: input.datasetId,
    name: input.name,
    kind: input.kind,
    contentHash: output.contentHash,
    examples: output.examples,
    tasks: output.tasks,
    groups: output.groups,
    duplicates: output.duplicates,
    rejected: output.rejected,
    bytes: output.bytes,
    source: input.source,
    licence: input.licence,
    createdAt: new Date().toISOString()
  }
  // A lab that died in between comes here a second time.
  if (!store.datasets.find(dataset.id)) store.datasets.insert(dataset)
  changes.changed('datasets', dataset.id)
  if (dataset.kind === 'target') {
    const target = store.targets.ofDataset(dataset.id)[0] ?? addTarget(services, dataset, output.sourceItems)
    await addQuerySets(services, target, output.querySets)
    // Questions without answers are their own queries: nothing is tested on them.
    if (!output.labelled && output.querySets.length === 0) await queryItself(services, target, output.sourceItems)
  }
  checkAllLeaks(services, dataset)
  return { what: 'dataset', id: dataset.id, already: false }
}

const usualQueries = { size: 16, rounds: 5, seed: 42 }

async function queryItself(services: Services, target: Target, sourceItems: number): Promise<void> {
  const size = Math.min(usualQueries.size, sourceItems)
  const { sets } = await ask(services, target.datasetId, { what: 'sample', ...usualQueries, size })
  await addQuerySets(
    services,
    target,
    sets.map((queries, round) => ({ size, round, queries }))
  )
}

async function mustExist(paths: readonly string[]): Promise<void> {
  for (const path of paths)
    if (!(await stat(path).catch(() => null)))
      throw new LabError('file-missing', `There is no file at ${path}.`, { details: { path } })
}
