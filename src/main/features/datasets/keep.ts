import type { Dataset, Target } from '../../contract/data.ts'
import { usualQueries } from '../../contract/kinds/data.ts'
import type { JobOutput, Outcome } from '../../contract/jobs.ts'
import type { EndedJob } from '../../jobs/handlers.ts'
import type { Services } from '../services.ts'
import { ask } from './ask.ts'
import { checkAllLeaks, keepLeaks } from './leak-checks.ts'
import { addQuerySets } from './query-sets.ts'
import { addTarget } from './targets.ts'
import { filesOf, removeUploads } from './uploads.ts'

/** Takes in what imports and looks for leaks have made, as they end. */
export function keepDatasets(services: Services): void {
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
  jobs.onFinished('leak-check', (job) => keepLeaks(services, job))
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

async function queryItself(services: Services, target: Target, sourceItems: number): Promise<void> {
  const size = Math.min(usualQueries.size, sourceItems)
  const { sets } = await ask(services, target.datasetId, { what: 'sample', ...usualQueries, size })
  await addQuerySets(
    services,
    target,
    sets.map((queries, round) => ({ size, round, queries }))
  )
}
