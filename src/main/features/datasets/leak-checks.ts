import type { Asked } from '../../contract/client.ts'
import type { Dataset } from '../../contract/data.ts'
import type { Job, JobInput, JobOutput } from '../../contract/jobs.ts'
import type { Contract } from '../../contract/routes.ts'
import type { EndedJob } from '../../jobs/handlers.ts'
import type { Services } from '../services.ts'

/** Looks for the new dataset's rows among all targets, or for a new target's rows among all upstream data. */
export function checkAllLeaks(services: Services, dataset: Dataset): void {
  const { store } = services
  const upstream = dataset.kind === 'upstream' ? [dataset] : store.datasets.list().filter((d) => d.kind === 'upstream')
  const targets = dataset.kind === 'upstream' ? store.targets.list() : store.targets.ofDataset(dataset.id)
  for (const { id } of targets)
    for (const data of upstream)
      if (!store.leaks.checked(id, data.id)) queueCheck(services, id, data.id, { priority: -10 })
}

/** The look for a target's rows among upstream data: the one that is under way, which goes on, or a new one. */
export function checkLeaks(
  services: Pick<Services, 'home' | 'store' | 'jobs'>,
  targetId: string,
  datasetId: string,
  queued: { experimentId?: string; priority?: number } = {}
): Job {
  const { store, jobs } = services
  const underWay = store.jobs
    .withStatus('queued', 'running', 'paused', 'interrupted')
    .find((job) => job.kind === 'leak-check' && isPair(job.input as JobInput<'leak-check'>, targetId, datasetId))
  if (underWay === undefined) return queueCheck(services, targetId, datasetId, queued)
  return underWay.status === 'running' ? jobs.get(underWay.id) : jobs.resume(underWay.id)
}

/** What the look has found; `checked`: when there was one. Throws `not-found`. */
export function leaksOf({ store }: Services, { id, datasetId }: Asked<Contract['targets']['leaks']>) {
  store.targets.get(id)
  return { checked: store.leaks.checked(id, datasetId), leaks: store.leaks.of(id, datasetId) }
}

/** Takes what a look has found into the store. */
export function keepLeaks(
  { store, changes }: Services,
  { input, output }: EndedJob<'leak-check'> & { output: JobOutput<'leak-check'> }
): void {
  // Either may have been deleted meanwhile.
  if (!store.targets.find(input.targetId) || !store.datasets.find(input.datasetId)) return
  store.leaks.save(input.targetId, input.datasetId, output.seconds, output.leaks)
  changes.changed('targets', input.targetId)
}

function queueCheck(
  { home, store, jobs }: Pick<Services, 'home' | 'store' | 'jobs'>,
  targetId: string,
  datasetId: string,
  queued: { experimentId?: string; priority?: number }
): Job {
  const target = store.targets.get(targetId)
  const dataset = store.datasets.get(datasetId)
  return jobs.add(
    'leak-check',
    { dataset: home.dataset(datasetId), target: home.dataset(target.datasetId), datasetId, targetId },
    { ...queued, title: { says: 'look-for-leaks', of: { target: target.name, data: dataset.name } } }
  )
}

function isPair(input: JobInput<'leak-check'>, targetId: string, datasetId: string): boolean {
  return input.targetId === targetId && input.datasetId === datasetId
}
