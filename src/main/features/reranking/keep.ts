import type { JobInput, JobOutput, JobStatus, Outcome } from '../../contract/jobs.ts'
import type { EndedJob } from '../../jobs/handlers.ts'
import { keepModel } from '../models/keep-model.ts'
import type { Services } from '../services.ts'

/** Takes in what minings and trainings have made, as they end. */
export function keepReranking(services: Services): void {
  const { jobs } = services
  jobs.onFinished('mine-pairs', (job) => keepMining(services, job))
  jobs.onStopped('mine-pairs', async ({ status, folder, input }) => {
    // After an error the finished sets stay for the next attempt; what the user has thrown away does not.
    if (status === 'cancelled' && !services.store.minings.find(input.miningId)) await services.home.remove(folder)
  })
  jobs.onFinished('train-reranker', (job) => keepTrained(services, job))
  jobs.onStopped('train-reranker', (job) => dropTrained(services, job))
  jobs.onFinished('train-retriever', (job) => keepTrained(services, job))
  jobs.onStopped('train-retriever', (job) => dropTrained(services, job))
}

/** What the trainings have in common. */
type Trained = Pick<JobInput<'train-reranker'>, 'modelId' | 'name'> & { base: { id: string; name: string } }

function keepMining(
  services: Services,
  { id, input, output }: EndedJob<'mine-pairs'> & { output: JobOutput<'mine-pairs'> }
): Outcome | void {
  const { store, changes } = services
  const { miningId, name, datasetId, model, reranker, iteration, source, settings } = input
  if (output.report === null) {
    const report = reportOf(services, id)
    return report === undefined ? undefined : { what: 'job', id: report, already: false }
  }
  const outcome: Outcome = { what: 'mining', id: miningId, already: false }
  // The data may have been deleted meanwhile.
  if (store.minings.find(miningId) || !store.datasets.find(datasetId)) return outcome
  store.minings.insert({
    ...{ id: miningId, name, datasetId, modelId: model.id, rerankerId: reranker?.id ?? null, iteration, source },
    ...{ settings, report: output.report, bytes: output.bytes, seconds: output.seconds },
    createdAt: new Date().toISOString()
  })
  changes.changed('minings', miningId)
  return outcome
}

function keepTrained(
  services: Services,
  { input, output }: { input: Trained; output: JobOutput<'train-reranker'> }
): Outcome {
  return keepModel(services, {
    ...{ id: input.modelId, name: input.name, ...output, prefix: '' },
    source: `trained here from ${input.base.name}`,
    licence: services.store.models.find(input.base.id)?.licence ?? 'unknown'
  })
}

async function dropTrained(
  { store, home }: Services,
  { status, folder, input }: { status: JobStatus; folder: string; input: Trained }
): Promise<void> {
  if (status === 'cancelled' && !store.models.find(input.modelId)) await home.remove(folder)
}

/** The job that makes the report when a part is done. */
function reportOf({ store }: Services, part: string): string | undefined {
  return store.jobs.withStatus('queued', 'running', 'paused', 'interrupted').find((job) => job.dependsOn.includes(part))
    ?.id
}
