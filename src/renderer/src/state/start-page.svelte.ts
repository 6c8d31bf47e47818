import { demoName, demoSource } from '../../../main/contract/demo-name.ts'
import type { Experiment } from '../../../main/contract/experiments.ts'
import type { Client } from '../api/client.ts'
import { problemOf, type Problem } from '../api/problem.ts'
import { texts } from '../texts/texts.ts'
import type { LabState } from './lab.svelte.ts'
import { Resource } from './resource.svelte.ts'

type SetupStep = 'data' | 'model' | 'index' | 'experiment'
export interface ChecklistItem {
  step: SetupStep
  href: string
  state: 'done' | 'next' | 'later'
  /** What is there already, or what is still missing. */
  note: string
}

/** The first screen: the demo in one click, and the checklist for the user's own work. */
export class StartPage {
  phase = $state<'idle' | 'preparing' | 'planning'>('idle')
  problem = $state.raw<Problem | null>(null)
  /** The demo, where so much has been done since that it is none of the newest. */
  readonly older
  /** How long the demo takes here; its models are timed for that, unless it is started first. */
  readonly demoTime
  #timing = new AbortController()
  readonly #client: Client
  readonly #lab: LabState

  constructor(client: Client, lab: LabState) {
    this.#client = client
    this.#lab = lab
    this.demoTime = new Resource(() => client.experiments.demoTime({}, { signal: this.#timing.signal }))
    this.older = new Resource(() => client.experiments.page({ text: demoName, archived: true, limit: 10 }))
  }

  /** Unpacks the demo and starts its experiment; the experiment that is already there is shown instead of a second one. */
  async runDemo(): Promise<Experiment | null> {
    this.problem = null
    this.phase = 'preparing'
    this.leave()
    try {
      const demo = await this.#client.data.installDemo({})
      this.phase = 'planning'
      const experiment = await this.#client.experiments.start(await this.#client.experiments.demo(demo))
      await this.#client.lab.saveSettings({ welcomed: true })
      await this.#lab.experiments.load()
      return experiment
    } catch (thrown) {
      this.problem = problemOf(thrown)
      return null
    } finally {
      this.phase = 'idle'
    }
  }

  /** Whoever leaves or starts does not wait for a measurement. */
  leave(): void {
    this.#timing.abort()
    this.#timing = new AbortController()
  }

  get demo(): Experiment | null {
    const known = [...(this.#lab.experiments.value ?? []), ...(this.older.value?.experiments ?? [])]
    return known.find((experiment) => experiment.spec.name === demoName) ?? null
  }

  readonly checklist: ChecklistItem[] = $derived.by(() => {
    const { have } = texts.start.own
    // What came with the demo is no step of the user's own.
    const own = <T extends { source: string }>(things: readonly T[] | null): T[] =>
      (things ?? []).filter(({ source }) => !source.startsWith(demoSource))
    const datasets = own(this.#lab.datasets.value)
    const isOwn = ({ datasetId }: { datasetId: string }): boolean => datasets.some(({ id }) => id === datasetId)
    const upstream = datasets.filter((dataset) => dataset.kind === 'upstream').length
    const targets = (this.#lab.targets.value ?? []).filter(isOwn).length
    const models = own(this.#lab.models.value).length
    const bases = own(this.#lab.models.value).filter((model) => model.role === 'seq2seq').length
    const indices = (this.#lab.indices.value ?? []).filter(isOwn).length
    const experiments = (this.#lab.experiments.value ?? []).filter(({ spec }) => isOwn(spec)).length
    const dataNote =
      upstream && targets
        ? have.data(upstream, targets)
        : upstream
          ? have.dataNoTarget
          : targets
            ? have.dataNoUpstream
            : ''
    const steps = [
      { step: 'data', href: '#/data/new', done: upstream > 0 && targets > 0, note: dataNote },
      { step: 'model', href: '#/models/new', done: bases > 0, note: models ? have.model(models) : '' },
      {
        step: 'index',
        href: '#/indices/new',
        done: indices > 0 || experiments > 0,
        note: indices ? have.index(indices) : ''
      },
      {
        step: 'experiment',
        href: '#/experiments/new',
        done: experiments > 0,
        note: experiments ? have.experiment(experiments, this.#lab.moreExperiments) : ''
      }
    ] as const
    const next = steps.findIndex((step) => !step.done)
    return steps.map(({ step, href, done, note }, place) => ({
      step,
      href,
      note,
      state: done ? 'done' : place === next ? 'next' : 'later'
    }))
  })
}
