import type { Subject } from '../../../main/contract/comparison.ts'
import type { Experiment } from '../../../main/contract/experiments.ts'
import type { Run } from '../../../main/contract/runs.ts'
import { variantKey } from '../../../main/contract/sweep.ts'
import type { Client } from '../api/client.ts'
import { Resource } from './resource.svelte.ts'

const key = 'recross-lab.picked-runs'

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
  #picked = $state.raw<ReadonlyMap<string, ReadonlySet<string>>>(new Map())
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>

  constructor(client: Client, storage: Pick<Storage, 'getItem' | 'setItem'> = localStorage) {
    this.#storage = storage
    this.#picked = read(storage)
    this.groups = new Resource(async () => {
      const experiments = await client.experiments.list()
      const groups = await Promise.all(
        experiments.map(async (experiment) => groupOf(experiment, await client.experiments.runs({ id: experiment.id })))
      )
      const shown = groups.filter((group) => group.runIds.length > 0)
      this.#forgetMissing(shown)
      return shown
    })
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

  #forgetMissing(groups: readonly PickGroup[]): void {
    const known = new Map(groups.map(({ experiment, runIds }) => [experiment.id, runIds]))
    const kept = [...this.#picked].map(
      ([id, runIds]) => [id, new Set((known.get(id) ?? []).filter((run) => runIds.has(run)))] as const
    )
    this.#set(new Map(kept))
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
