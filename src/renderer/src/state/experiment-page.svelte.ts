import type { Experiment } from '../../../main/contract/experiments.ts'
import type { Run } from '../../../main/contract/runs.ts'
import { isTuned, strategyNames, type StrategyName } from '../../../main/contract/strategies.ts'
import { standingOf, type Job } from '../../../main/contract/jobs.ts'
import type { Client } from '../api/client.ts'
import type { LabState } from './lab.svelte.ts'
import { Resource } from './resource.svelte.ts'
import { rowKey } from './run-picks.svelte.ts'

interface RunRow extends Pick<Run, 'strategy' | 'ablatedGroup' | 'variant'> {
  key: string
  runs: Run[]
}

/** One experiment as it runs: its runs by strategy, what is active now, how long it still takes. */
export class ExperimentPage {
  readonly experiment: Resource<Experiment>
  readonly runs: Resource<Run[]>
  busy = $state(false)
  readonly #client: Client
  readonly #lab: LabState
  readonly #id: string

  constructor(client: Client, lab: LabState, id: string) {
    this.#client = client
    this.#lab = lab
    this.#id = id
    this.experiment = new Resource(() => client.experiments.get({ id }))
    this.runs = new Resource(() => client.experiments.runs({ id }))
  }

  async load(): Promise<void> {
    await Promise.all([this.experiment.load(), this.runs.load()])
  }

  /** Rows of the picture of runs: one per strategy (and left-out group, and value of a sweep), in the usual order. */
  get rows(): RunRow[] {
    const rows = new Map<string, RunRow>()
    for (const run of this.runs.value ?? []) {
      const { strategy, ablatedGroup, variant } = run
      const key = rowKey(run)
      const row = rows.get(key) ?? { key, strategy, ablatedGroup, variant, runs: [] }
      row.runs.push(run)
      rows.set(key, row)
    }
    const place = (name: StrategyName): number => strategyNames.indexOf(name)
    return [...rows.values()].sort(
      (a, b) => place(a.strategy) - place(b.strategy) || (a.ablatedGroup ?? '').localeCompare(b.ablatedGroup ?? '')
    )
  }

  get active(): Job[] {
    return this.#lab.running.filter((job) => job.experimentId === this.#id)
  }

  /** Handed to a place, and not begun there: the next one first. */
  get waitingThere(): Job[] {
    const turn = (job: Job): number => job.where?.position ?? Infinity
    return this.#lab.openJobs
      .filter((job) => job.experimentId === this.#id && job.status === 'running' && standingOf(job) === 'queued')
      .sort((a, b) => turn(a) - turn(b))
  }

  /** Seconds to the end: mean time of the finished runs times those that are left, less what the active ones have done. */
  get secondsLeft(): number | null {
    const runs = this.runs.value ?? []
    const times = runs.flatMap((run) =>
      run.status === 'finished' && run.seconds && isTuned(run.strategy) ? [run.seconds.total] : []
    )
    const left = runs.filter((run) => run.status === 'planned' || run.status === 'running').length
    // Before the first has finished, how far the running ones have come in their time says how long one takes.
    const guessed = this.active.flatMap(({ startedAt, progress }) =>
      startedAt && progress?.fraction != null && progress.fraction > 0.02
        ? [(Date.now() - Date.parse(startedAt)) / 1000 / progress.fraction]
        : []
    )
    const known = times.length > 0 ? times : guessed
    if (known.length === 0 || left === 0) return null
    const mean = known.reduce((a, b) => a + b, 0) / known.length
    const begun = this.active.reduce((sum, job) => sum + (job.progress?.fraction ?? 0), 0)
    return Math.max(0, mean * (left - begun)) / Math.max(1, this.active.length)
  }

  get failed(): Run[] {
    return (this.runs.value ?? []).filter((run) => run.status === 'failed')
  }

  async act(action: 'pause' | 'resume' | 'cancel'): Promise<void> {
    this.busy = true
    const changed = await this.#lab.attempt(() => this.#client.experiments[action]({ id: this.#id }))
    if (changed) this.experiment.set(changed)
    this.busy = false
    await this.runs.load()
  }

  async repeat(runId: string): Promise<void> {
    await this.#lab.attempt(() => this.#client.experiments.repeatRun({ runId }))
    await this.runs.load()
  }
}
