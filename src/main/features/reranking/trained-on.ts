import { gateClosed } from '../../contract/gate.ts'
import { LabError } from '../../contract/error.ts'
import type { JobInput } from '../../contract/jobs.ts'
import type { TrainRequest } from '../../contract/reranking.ts'
import { upstreamData } from '../datasets/upstream.ts'
import type { Services } from '../services.ts'

type About = JobInput<'train-reranker'>['minings'][number]

/** A mining that is there, or one that is being mined: its gate is looked at when it is done. */
interface Asked {
  about: About
  datasetId: string
  rerankerId: string | null
  iteration: number
  /** The job that is at it; null: it is there. */
  jobId: string | null
}

/**
 * The minings that a training asks for, all of one data set and with their gates open, or not and known not to be. A job of a mining
 * that is under way stands for what it will give.
 * @throws LabError `gate-closed`, `different-data`, `not-found`
 */
export function trainedOn(services: Services, { miningIds, override }: Pick<TrainRequest, 'miningIds' | 'override'>) {
  const { store, home } = services
  const asked = miningIds.map((id) => underWay(services, id) ?? known(services, id))
  const closed = asked.filter(({ about }) => about.gateOpen === false)
  if (closed.length > 0 && !override) {
    const { id, name } = closed[0]!.about
    throw gateClosed(name, store.minings.get(id).report.gate.checks)
  }
  const dataset = store.datasets.get(asked[0]!.datasetId)
  const other = asked.find(({ datasetId }) => datasetId !== dataset.id)
  if (other) {
    throw new LabError(
      'different-data',
      `"${other.about.name}" was mined on other data than "${asked[0]!.about.name}". Choose minings of one.`
    )
  }
  return {
    ...{ minings: asked, overridden: closed.length > 0, override },
    data: { id: dataset.id, name: dataset.name, path: home.dataset(upstreamData(store, dataset.id).id) },
    about: asked.map(({ about }) => about),
    dependsOn: asked.flatMap(({ jobId }) => jobId ?? [])
  }
}

function known({ store, home }: Services, id: string): Asked {
  const { name, settings, report, modelId, datasetId, rerankerId, iteration } = store.minings.get(id)
  return {
    about: {
      ...{ id, name, folder: home.mining(id), usefulness: settings.usefulness, sets: report.sets },
      ...{ model: store.models.find(modelId)?.name ?? modelId, gateOpen: report.gate.open }
    },
    ...{ datasetId, rerankerId, iteration, jobId: null }
  }
}

/** By the id of one of its jobs, a part's or the report's. */
function underWay({ store, home }: Services, jobId: string): Asked | undefined {
  const job = store.jobs.find(jobId)
  if (job?.kind !== 'mine-pairs') return undefined
  const { miningId } = job.input as JobInput<'mine-pairs'>
  const report = store.jobs
    .withStatus('queued', 'running', 'paused', 'interrupted', 'finished')
    .find((one) => one.kind === 'mine-pairs' && isReportOf(one.input as JobInput<'mine-pairs'>, miningId))
  if (report === undefined || (report.status === 'finished' && report.recorded)) return undefined
  const { name, settings, model, datasetId, reranker, iteration } = report.input as JobInput<'mine-pairs'>
  const { usefulness, sets } = settings
  return {
    about: { id: miningId, name, folder: home.mining(miningId), usefulness, sets, model: model.name, gateOpen: null },
    ...{ datasetId, rerankerId: reranker?.id ?? null, iteration, jobId: report.id }
  }
}

function isReportOf({ miningId, part }: JobInput<'mine-pairs'>, wanted: string): boolean {
  return miningId === wanted && part === null
}
