import type { RateTest } from '../../../main/contract/rate-test.ts'
import type { Client } from '../api/client.ts'
import type { LabState } from './lab.svelte.ts'
import { Resource } from './resource.svelte.ts'
import { StartedJob } from './started-job.svelte.ts'
import type { NewExperiment } from './wizards/new-experiment.svelte.ts'

const lookEvery = 1500
/** Steps with each rate, as a test is asked for without saying otherwise. */
export const rateSteps = 16

/** A learning rate range test from the wizard of experiments, with what the wizard has so far; watched while it goes on. */
export class RateSearch {
  readonly work: StartedJob
  readonly found: Resource<RateTest>
  /** The rate was put into the wizard; kept: presets begin with it from now on. */
  taken = $state<number | null>(null)
  kept = $state(false)
  readonly #client: Client
  readonly #lab: LabState
  readonly #form: NewExperiment

  constructor(client: Client, lab: LabState, form: NewExperiment) {
    this.#client = client
    this.#lab = lab
    this.#form = form
    this.work = new StartedJob(client, lab, form.wizard.values.rateJob)
    this.found = new Resource(() => client.models.rateTest({ jobId: this.work.id ?? '' }))
  }

  async start(): Promise<void> {
    const { models, datasetId, targetIds, settings } = $state.snapshot(this.#form.wizard.values)
    const modelId = models.base
    if (modelId === null || datasetId === null || settings === null) return
    const { tune, provider, seed } = settings
    this.found.clear()
    this.taken = null
    this.kept = false
    await this.work.start(() =>
      this.#client.models.findRate({ modelId, datasetId, targetIds, tune, provider, seed, steps: rateSteps })
    )
    this.#form.wizard.values.rateJob = this.work.id
  }

  /** Looks at what was tried, again and again while the job works; the returned function ends it. */
  watch(): () => void {
    if (this.work.id === null) return () => undefined
    void this.found.load()
    if (this.work.job?.status !== 'running') return () => undefined
    const timer = setInterval(() => void this.found.load(), lookEvery)
    return () => clearInterval(timer)
  }

  /** The rate goes into this experiment; a rate of its own for labelled queries keeps its ratio to it. */
  take(rate: number): void {
    const { settings } = this.#form.wizard.values
    if (!settings) return
    const { tune } = settings
    if (tune.queryLearningRate !== null)
      tune.queryLearningRate = Number(((tune.queryLearningRate * rate) / tune.learningRate).toPrecision(2))
    tune.learningRate = rate
    this.taken = rate
  }

  /** Presets begin with the rate that was taken, whenever this model is tuned so. */
  async keep(): Promise<void> {
    const id = this.#form.wizard.values.models.base
    const { taken, found } = this
    if (id === null || taken === null || !found.value) return
    const { method, judgedBy, of } = found.value
    const kept = { rate: taken, method, labelsOf: judgedBy === 'queries' ? of : [] }
    const model = await this.#lab.attempt(() => this.#client.models.keepRate({ id, found: kept }))
    this.kept = model !== undefined && model !== null
  }

  again(): void {
    this.work.forget()
    this.found.clear()
    this.taken = null
    this.kept = false
    this.#form.wizard.values.rateJob = null
  }
}
