import type { Experiment, KeepWeights } from '../../../main/contract/experiments.ts'
import type { KeptWeights, Run, Score } from '../../../main/contract/runs.ts'
import type { Client } from '../api/client.ts'
import { answerersOf, type StrategyAnswerer } from './answerers.ts'
import { Asking } from './asking.svelte.ts'
import type { LabState } from './lab.svelte.ts'
import { Resource } from './resource.svelte.ts'

interface Loaded {
  experiment: Experiment
  runs: Run[]
  kept: KeptWeights
  scores: Score[]
}

/** What an experiment has tuned, to be asked and taken out. */
export class UsePage {
  readonly all: Resource<Loaded>
  readonly asking: Asking
  /** What the user has chosen; null: the first. */
  chosenTarget = $state<string | null>(null)
  keeping = $state(false)
  readonly #client: Client
  readonly #lab: LabState
  readonly id: string

  constructor(client: Client, lab: LabState, id: string) {
    this.#client = client
    this.#lab = lab
    this.id = id
    this.asking = new Asking(client)
    this.all = new Resource(async () => {
      const [experiment, runs, kept, scores] = await Promise.all([
        client.experiments.get({ id }),
        client.experiments.runs({ id }),
        client.experiments.weights({ id }),
        client.experiments.scores({ id })
      ])
      return { experiment, runs, kept, scores }
    })
  }

  get targets(): { id: string; name: string }[] {
    const ids = this.all.value?.experiment.spec.targetIds ?? []
    return ids.map((id) => ({ id, name: this.#lab.targets.value?.find((target) => target.id === id)?.name ?? id }))
  }

  get targetId(): string | null {
    const ids = this.targets.map(({ id }) => id)
    return ids.find((id) => id === this.chosenTarget) ?? ids[0] ?? null
  }

  get answerers(): StrategyAnswerer[] {
    const { value } = this.all
    const id = this.targetId
    if (!value || id === null) return []
    const metrics = this.#lab.targets.value?.find((target) => target.id === id)?.metrics ?? []
    return answerersOf({ id, metrics }, value.runs, value.kept, value.scores)
  }

  /** Those that can be asked at once, the best tuned one first. */
  get ready(): (StrategyAnswerer & { run: Run })[] {
    return this.answerers.filter((one): one is StrategyAnswerer & { run: Run } => one.run !== null)
  }

  ask(): Promise<void> {
    return this.asking.ask(this.ready.map(({ strategy, run }) => ({ key: strategy, of: { runId: run.id } })))
  }

  /** A test question of the target, so that one sees how they are written. */
  async takeExample(): Promise<void> {
    const target = this.#lab.targets.value?.find(({ id }) => id === this.targetId)
    if (!target) return
    const page = { limit: 1, offset: Math.floor(Math.random() * Math.max(1, target.testExamples)) }
    const found = await this.#lab.attempt(() => this.#client.data.search({ id: target.datasetId, text: '', ...page }))
    const example = found?.examples[0]
    if (example) this.asking.text = example.input
  }

  async repeat(runId: string): Promise<string | null> {
    const job = await this.#lab.attempt(() => this.#client.experiments.repeatRun({ runId }))
    return job?.id ?? null
  }

  async keep(keep: KeepWeights): Promise<void> {
    this.keeping = true
    const kept = await this.#lab.attempt(() => this.#client.experiments.keepWeights({ id: this.id, keep }))
    if (kept && this.all.value) this.all.set({ ...this.all.value, kept })
    this.keeping = false
  }
}
