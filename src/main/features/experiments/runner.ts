import type { Experiment, ExperimentSpec, ExperimentStatus, KeepWeights } from '../../contract/experiments.ts'
import type { KeptWeights, Run, Score } from '../../contract/runs.ts'
import type { Job, JobOutput, JobStatus } from '../../contract/jobs.ts'
import { RunFolder } from '../../run-files/run-folder.ts'
import type { HomeFolder } from '../../store/home.ts'
import { newId } from '../../store/new-id.ts'
import type { JobRecord } from '../../store/schema.ts'
import type { Store } from '../../store/store.ts'
import type { Changes } from '../../jobs/changes.ts'
import { computingCores } from '../../jobs/cores.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import type { Services } from '../services.ts'
import { computingOf } from './computing.ts'
import { keptBytes, sized, usualKeep, WeightKeeper } from './kept-weights.ts'
import { requireOwn } from './own.ts'
import { planRuns } from './plan-runs.ts'
import { waitsForLeakChecks } from './preparation.ts'
import { compareRepeat } from './repeat.ts'
import { prepareExperiment, resolveVariants } from './prepare-experiment.ts'
import { normalise } from './resolve.ts'
import { createRuns, newRun, queueRuns, titleOf } from './queue-runs.ts'

type RunnerParts = Pick<Services, 'store' | 'home' | 'jobs' | 'changes' | 'underway' | 'version'>

/**
 * Runs experiments on the persistent queue. First what all runs need (a look for leaks, indices), then every run as a
 * job of its own. All state is in the store, so that a lab that dies at any moment finds at its next start where it was:
 * `advance` does whatever comes next, and doing it twice does no harm.
 */
export class ExperimentRunner {
  readonly #store: Store
  readonly #home: HomeFolder
  readonly #jobs: Jobs
  readonly #changes: Changes
  readonly #version: string
  readonly #weights: WeightKeeper
  readonly #parts: RunnerParts

  /** `version` of the lab is kept with every run. */
  constructor(parts: RunnerParts) {
    const { store, home, jobs, changes, version } = parts
    this.#parts = parts
    this.#store = store
    this.#home = home
    this.#jobs = jobs
    this.#changes = changes
    this.#version = version
    this.#weights = new WeightKeeper({ store, home })
    jobs.onFinished('run-strategy', ({ input, output }) => this.#finished(input.runId, output))
    jobs.onStopped('run-strategy', ({ input, status }) => this.#stopped(input.runId, status))
    jobs.onFinished('leak-check', () => this.recover())
    jobs.onStopped('leak-check', ({ input }) => this.#notPrepared(input.targetId, input.datasetId))
  }

  /** Starts an experiment, or says what does not fit. */
  start(asked: ExperimentSpec): Experiment {
    const variants = resolveVariants(asked, this.#store, this.#home)
    const runs = variants.flatMap(({ resolved }) => sized(planRuns(resolved.spec), resolved))
    // From now on it is known what is kept, whatever later versions would take for usual.
    const spec = { ...normalise(asked), keepWeights: asked.keepWeights ?? usualKeep(keptBytes(runs)) }
    const id = newId('experiment')
    this.#store.experiments.insert({ id, spec, status: 'running', createdAt: now(), finishedAt: null })
    this.#advance(id)
    return this.get(id)
  }

  get(id: string): Experiment {
    return this.#store.experiments.counted(id)
  }

  /** The runs of an experiment; how far they are follows from their jobs. */
  runs(id: string): Run[] {
    this.#store.experiments.get(id)
    return this.#store.runs.ofExperiment(id).map((run) => this.#live(run))
  }

  /** Throws `not-found`. */
  scores(id: string): Score[] {
    this.#store.experiments.get(id)
    return this.#store.scores.ofExperiment(id)
  }

  /** Experiments that are running but have not come to their runs go on, if they can. */
  recover(): void {
    for (const { id, status } of this.#store.experiments.list()) {
      if (status !== 'running') continue
      try {
        this.#advance(id)
      } catch {
        // Something that it needs is gone; whoever resumes it is told what.
        this.#setStatus(id, 'failed')
      }
    }
  }

  pause(id: string): Experiment {
    this.#each(id, ['queued', 'running'], (job) => this.#jobs.pause(job.id))
    return this.#setStatus(id, 'paused')
  }

  /** Lets everything go on that was paused or interrupted, and tries again what ended badly. */
  resume(id: string): Experiment {
    this.#setStatus(id, 'running')
    this.#each(id, ['failed', 'crashed', 'cancelled'], (job) => this.#retry(job))
    this.#each(id, ['paused', 'interrupted', 'queued', 'running'], (job) => this.#jobs.resume(job.id))
    this.#advance(id)
    return this.get(id)
  }

  /** What of the tuned weights is there. */
  weights(id: string): KeptWeights {
    return this.#weights.of(id)
  }

  async keepWeights(id: string, keepWeights: KeepWeights): Promise<KeptWeights> {
    const { spec } = this.#store.experiments.get(id)
    this.#store.experiments.update(id, { spec: { ...spec, keepWeights } })
    await this.#weights.settle(id)
    this.#changes.changed('experiments', id)
    return this.#weights.of(id)
  }

  cancel(id: string): Experiment {
    this.#setStatus(id, 'cancelled')
    this.#each(id, ['queued', 'running', 'paused', 'interrupted'], (job) => this.#jobs.cancel(job.id))
    return this.get(id)
  }

  /** Computes a finished run once more in a folder of its own; when it is done its log says whether all numbers are equal. */
  repeat(runId: string): Job {
    const run = this.#store.runs.get(runId)
    requireOwn(this.#store.experiments.get(run.experimentId).spec)
    const input = new RunFolder(this.#home.run(runId)).askedNow(this.#home.path)
    const model = this.#store.models.get(input.model.id)
    const { cores } = computingOf(input, model, { cores: computingCores(this.#store) })
    const id = newId('run')
    const job = this.#jobs.add(
      'run-strategy',
      { ...input, runId: id },
      { title: titleOf(this.#parts, run, true), folder: this.#home.run(id), cores }
    )
    this.#store.runs.insert({
      ...newRun(run, id),
      experimentId: run.experimentId,
      jobId: job.id
    })
    return job
  }

  /** Does what comes next. */
  #advance(id: string): void {
    const { spec } = this.#store.experiments.get(id)
    if (this.#store.runs.links(id).length === 0) {
      const waits = resolveVariants(spec, this.#store, this.#home).map(({ resolved }) =>
        waitsForLeakChecks(this.#parts, id, resolved)
      )
      if (waits.includes(true)) return this.#changes.changed('experiments', id)
      createRuns(this.#parts, id, prepareExperiment(spec, this.#store, this.#home).runs)
    }
    queueRuns(this.#parts, id)
    this.#settle(id)
  }

  #finished(runId: string, output: JobOutput<'run-strategy'>): void {
    const run = this.#store.runs.find(runId)
    if (!run) return
    const { provider, seconds, peakBytes, scores } = output
    const versions = { 'recross-lab': this.#version, ...output.versions }
    this.#store.scores.save(runId, scores)
    this.#store.runs.update(runId, { status: 'finished', provider, seconds, peakBytes, versions, finishedAt: now() })
    this.#spareTwins(run)
    const experiments = this.#store.runs.experimentsOf(runId)
    if (experiments.length === 0) this.#tellRepeat(run)
    for (const id of experiments) {
      this.#settle(id)
      // What cannot be deleted now is tried again with the next run, and with the button.
      this.#parts.underway.also(this.#weights.settle(id))
    }
  }

  /** Other experiments that were waiting for their turn to compute the same take over what is there now. */
  #spareTwins(run: Run): void {
    for (const twin of this.#store.runs.queuedTwins(run)) {
      const { jobId } = twin
      if (jobId === null || twin.targetIds.join() !== run.targetIds.join()) continue
      const spared = this.#store.transaction(() => {
        if (!this.#jobs.withdraw(jobId)) return false
        this.#store.runs.replace(twin.id, run.id)
        return true
      })
      if (spared) this.#parts.underway.also(this.#home.remove(this.#home.run(twin.id)))
    }
  }

  /** A run outside every experiment is a repetition: its log says how it compares. */
  #tellRepeat(run: Run): void {
    if (run.jobId === null) return
    const { equal, sentence, original } = compareRepeat(run, this.#store, this.#home)
    if (equal && original !== null) this.#parts.underway.also(this.#weights.giveBack(original, run.id))
    this.#store.jobHistory.log(run.jobId, equal ? 'info' : 'warn', sentence)
  }

  #stopped(runId: string, status: 'failed' | 'crashed' | 'cancelled' | 'interrupted'): void {
    if (!this.#store.runs.find(runId)) return
    this.#store.runs.update(runId, { status: runStatus[status] })
    for (const id of this.#store.runs.experimentsOf(runId)) this.#settle(id)
  }

  /** Without a look for leaks the experiments that wait for it cannot start; they can be resumed. */
  #notPrepared(targetId: string, datasetId: string): void {
    for (const { id, spec, status } of this.#store.experiments.list()) {
      const waits = status === 'running' && this.#store.runs.links(id).length === 0
      if (waits && spec.datasetId === datasetId && spec.targetIds.includes(targetId)) this.#setStatus(id, 'failed')
    }
  }

  /** Ends an experiment when nothing of it is left to do. One failed run does not stop the others. */
  #settle(experimentId: string | null): void {
    const experiment = experimentId === null ? undefined : this.#store.experiments.find(experimentId)
    if (!experiment) return
    const jobs = this.#store.jobs.ofExperiment(experiment.id)
    const busy = jobs.some((job) => !ended.includes(job.status) && job.status !== 'interrupted')
    const runs = this.#store.runs.ofExperiment(experiment.id)
    const done = runs.length > 0 && runs.every((run) => run.status === 'finished')
    if (['running', 'paused'].includes(experiment.status) && done) this.#setStatus(experiment.id, 'finished')
    else if (experiment.status === 'running' && !busy && jobs.length > 0) this.#setStatus(experiment.id, 'failed')
    else this.#changes.changed('experiments', experiment.id)
  }

  #setStatus(id: string, status: ExperimentStatus): Experiment {
    const over = status === 'finished' || status === 'failed' || status === 'cancelled'
    this.#store.experiments.update(id, { status, finishedAt: over ? now() : null })
    this.#changes.changed('experiments', id)
    return this.get(id)
  }

  #retry(job: JobRecord): void {
    // Retrying one job takes along those that failed because of it.
    if (!['failed', 'crashed', 'cancelled'].includes(this.#store.jobs.get(job.id).status)) return
    this.#jobs.retry(job.id)
    const run = this.#store.runs.findByJob(job.id)
    if (run) this.#store.runs.update(run.id, { status: 'planned' })
  }

  #each(id: string, status: readonly JobStatus[], work: (job: JobRecord) => void): void {
    this.#store.experiments.get(id)
    for (const job of this.#store.jobs.ofExperiment(id)) if (status.includes(job.status)) work(job)
  }

  #live(run: Run): Run {
    if (run.status === 'finished' || run.jobId === null) return run
    const job = this.#store.jobs.find(run.jobId)
    return job ? { ...run, status: runStatus[job.status] } : run
  }
}

const ended: readonly JobStatus[] = ['finished', 'failed', 'crashed', 'cancelled']

const runStatus: Readonly<Record<JobStatus, ExperimentStatus>> = {
  queued: 'planned',
  running: 'running',
  paused: 'paused',
  interrupted: 'paused',
  finished: 'finished',
  failed: 'failed',
  crashed: 'failed',
  cancelled: 'cancelled'
}

function now(): string {
  return new Date().toISOString()
}
