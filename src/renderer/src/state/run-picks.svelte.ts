import type { Subject } from '../../../main/contract/comparison.ts'
import type { Experiment } from '../../../main/contract/experiments.ts'
import type { StrategyName } from '../../../main/contract/strategies.ts'
import type { Run } from '../../../main/contract/runs.ts'
import { variantKey } from '../../../main/contract/sweep.ts'
import type { Client } from '../api/client.ts'
import { Resource } from './resource.svelte.ts'

const key = 'recross-lab.picked-runs'
/** So many experiments are shown at a time. */
const step = 10

/** Runs of one strategy (or of one without a group) in one experiment, by round. A round has one run per target, or one for all. */
export interface PickRow {
  strategy: Run['strategy']
  ablatedGroup: string | null
  variant: Run['variant']
  rounds: { round: number; runIds: string[] }[]
}

export interface PickGroup {
  experiment: Experiment
  rows: PickRow[]
  runIds: string[]
}

export type Share = 'none' | 'some' | 'all'

/** The runs that are to be compared across experiments. What was picked is kept when the user goes away and comes back. */
export class RunPicks {
  readonly groups: Resource<PickGroup[]>
  asked = $state.raw<{ text: string; strategies: readonly StrategyName[] }>({ text: '', strategies: [] })
  /** Experiments that are found and not shown yet. */
  left = $state(0)
  #drawn = step
  readonly #client: Client
  readonly #known = new Map<string, PickGroup>()
  #picked = $state.raw<ReadonlyMap<string, ReadonlySet<string>>>(new Map())
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>

  constructor(client: Client, storage: Pick<Storage, 'getItem' | 'setItem'> = localStorage) {
    this.#client = client
    this.#storage = storage
    this.#picked = read(storage)
    this.groups = new Resource(async () => {
      const { text, strategies } = this.asked
      const page = { limit: this.#drawn, comparable: true, archived: true }
      const { total, experiments } = await client.experiments.page({ text, strategies: [...strategies], ...page })
      const shown = await this.#groupsOf(experiments)
      await this.#forgetMissing()
      this.left = Math.max(0, total - experiments.length)
      return shown.filter((group) => group.runIds.length > 0)
    })
  }

  /** Shows the experiments that are asked for, from the first. */
  async search(text: string, strategies: readonly StrategyName[]): Promise<void> {
    this.asked = { text, strategies }
    this.#drawn = step
    await this.groups.load()
  }

  async more(): Promise<void> {
    this.#drawn = Math.min(1000, this.#drawn + step)
    await this.groups.load()
  }

  /** What the comparison routes take; null where nothing is picked. */
  get subject(): Subject | null {
    const picks = [...this.#picked].map(([experimentId, runIds]) => ({ experimentId, runIds: [...runIds] }))
    return picks.length === 0 ? null : { picks }
  }

  get runs(): number {
    return [...this.#picked.values()].reduce((sum, runIds) => sum + runIds.size, 0)
  }

  get experiments(): number {
    return this.#picked.size
  }

  /** How many of these runs of an experiment are picked. */
  share(experimentId: string, runIds: readonly string[]): Share {
    const picked = this.#picked.get(experimentId)
    const count = runIds.filter((id) => picked?.has(id)).length
    return count === 0 ? 'none' : count === runIds.length ? 'all' : 'some'
  }

  /** Picks all of these runs, or drops them where all of them are picked. */
  toggle(experimentId: string, runIds: readonly string[]): void {
    const drop = this.share(experimentId, runIds) === 'all'
    const own = new Set(this.#picked.get(experimentId))
    for (const id of runIds) {
      if (drop) own.delete(id)
      else own.add(id)
    }
    this.#set(new Map([...this.#picked, [experimentId, own] as const]))
  }

  clear(): void {
    this.#set(new Map())
  }

  async #forgetMissing(): Promise<void> {
    if (this.#picked.size === 0) return
    const there = await this.#client.experiments.list({ ids: [...this.#picked.keys()] })
    const known = new Map((await this.#groupsOf(there)).map(({ experiment, runIds }) => [experiment.id, runIds]))
    const kept = [...this.#picked].map(
      ([id, runIds]) => [id, new Set((known.get(id) ?? []).filter((run) => runIds.has(run)))] as const
    )
    this.#set(new Map(kept))
  }

  /** Runs are asked for once, and again when more of them have finished. */
  #groupsOf(experiments: readonly Experiment[]): Promise<PickGroup[]> {
    return Promise.all(
      experiments.map(async (experiment) => {
        const known = this.#known.get(experiment.id)
        if (known?.experiment.finishedRuns === experiment.finishedRuns) return { ...known, experiment }
        const group = groupOf(experiment, await this.#client.experiments.runs({ id: experiment.id }))
        this.#known.set(experiment.id, group)
        return group
      })
    )
  }

  #set(picked: ReadonlyMap<string, ReadonlySet<string>>): void {
    this.#picked = new Map([...picked].filter(([, runIds]) => runIds.size > 0))
    this.#storage.setItem(key, JSON.stringify([...this.#picked].map(([id, runIds]) => [id, [...runIds]])))
  }
}

function groupOf(experiment: Experiment, runs: readonly Run[]): PickGroup {
  const finished = runs.filter((run) => run.status === 'finished')
  const rows = new Map<string, PickRow>()
  for (const { id, strategy, ablatedGroup, variant, round } of finished) {
    const name = rowKey({ strategy, ablatedGroup, variant })
    const row = rows.get(name) ?? { strategy, ablatedGroup, variant, rounds: [] }
    rows.set(name, row)
    const cell = row.rounds.find((one) => one.round === round)
    if (cell) cell.runIds.push(id)
    else row.rounds.push({ round, runIds: [id] })
  }
  for (const row of rows.values()) row.rounds.sort((a, b) => a.round - b.round)
  return { experiment, rows: [...rows.values()], runIds: finished.map((run) => run.id) }
}

/** Text that is equal for the runs of one row. */
export function rowKey({
  strategy,
  ablatedGroup,
  variant
}: Pick<Run, 'strategy' | 'ablatedGroup' | 'variant'>): string {
  return `${strategy}|${ablatedGroup ?? ''}|${variantKey(variant)}`
}

/** What an earlier visit picked; nothing where that is damaged. */
function read(storage: Pick<Storage, 'getItem'>): Map<string, Set<string>> {
  try {
    const kept: unknown = JSON.parse(storage.getItem(key) ?? '[]')
    if (!Array.isArray(kept)) return new Map()
    return new Map(
      kept.flatMap((one: unknown) =>
        Array.isArray(one) && typeof one[0] === 'string' && Array.isArray(one[1])
          ? [[one[0], new Set(one[1].filter((id): id is string => typeof id === 'string'))]]
          : []
      )
    )
  } catch {
    return new Map()
  }
}
