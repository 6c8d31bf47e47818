import type { Job, JobKind } from '../../contract/jobs.ts'
import { isTuned } from '../../contract/strategies.ts'
import type { JobRecord } from '../../store/schema.ts'
import type { Store } from '../../store/store.ts'
import type { NeededIndex } from './needed-indices.ts'
import type { ResolvedSpec } from './resolve.ts'

/** How the features that own leaks and indices are asked for them. Both return the job that does it. */
export interface PreparationRequests {
  checkLeaks(targetId: string, datasetId: string, experimentId: string): Job
  /** Has a job that somebody else asked for start soon, also where it was left behind by an earlier lab. */
  hurry(jobId: string): void
  /** `place`: where it is built; null: here. */
  buildIndex(request: { datasetId: string; index: NeededIndex; experimentId: string; place: string | null }): {
    indexId: string
    job: Job
  }
}

/** What all runs of an experiment need before the first of them can start. */
export class Preparation {
  readonly #store: Store
  readonly #requests: PreparationRequests

  constructor(store: Store, requests: PreparationRequests) {
    this.#store = store
    this.#requests = requests
  }

  /**
   * Whether the experiment still waits to learn which upstream rows are a target's own data. Asks for every look that
   * nobody has taken and that is not under way.
   */
  waitsForLeakChecks(experimentId: string, { spec, dataset, targets, tuneFor }: ResolvedSpec): boolean {
    if (!spec.retrieval.withoutLeaks || !spec.strategies.some(isTuned)) return false
    const asked = tuneFor === null ? targets : [...targets, tuneFor]
    const byId = new Map(asked.map((one) => [one.target.id, one]))
    const open = [...byId.values()].filter(({ leaks }) => leaks === null)
    const underWay = this.#underWay('leak-check').map((job) => ({ id: job.id, pair: job.input as LeakPair }))
    for (const { target } of open) {
      const known = underWay.find(({ pair }) => pair.targetId === target.id && pair.datasetId === dataset.id)
      if (known) this.#requests.hurry(known.id)
      else this.#requests.checkLeaks(target.id, dataset.id, experimentId)
    }
    return open.length > 0
  }

  /** The job that builds an index, started once however many runs and experiments wait for it. */
  buildIndex(
    experimentId: string,
    datasetId: string,
    index: NeededIndex,
    place: string | null
  ): { indexId: string; jobId: string } {
    const underWay = this.#underWay('build-index').find((job) => job.folder === index.folder)
    if (underWay) {
      this.#requests.hurry(underWay.id)
      return { indexId: (underWay.input as { indexId: string }).indexId, jobId: underWay.id }
    }
    const { indexId, job } = this.#requests.buildIndex({ datasetId, index, experimentId, place })
    return { indexId, jobId: job.id }
  }

  #underWay(kind: JobKind): JobRecord[] {
    return this.#store.jobs.withStatus('queued', 'running', 'paused', 'interrupted').filter((job) => job.kind === kind)
  }
}

interface LeakPair {
  targetId: string
  datasetId: string
}
