import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ExperimentSpec, KeepWeights } from '../../contract/experiments.ts'
import type { KeptWeights, Run } from '../../contract/runs.ts'
import { isTuned } from '../../contract/strategies.ts'
import { moveIntoPlace } from '../../files/durable.ts'
import type { HomeFolder } from '../../store/home.ts'
import type { Store } from '../../store/store.ts'
import { weightBytes, type ModelSize } from './estimate.ts'

/** Tuned weights may take this much without being asked for. A run of BART0 leaves 1.6 GB. */
export const mostUnasked = 5e9

type Group = Pick<Run, 'strategy' | 'ablatedGroup' | 'targetIds' | 'round'>

/** Planned runs with the bytes of what each tunes. */
export function sized<R extends Group>(
  runs: readonly R[],
  { spec, models }: { spec: ExperimentSpec; models: { base: ModelSize } }
): (R & { bytes: number })[] {
  return runs.map((run) => ({ ...run, bytes: weightBytes(spec, run, models.base) }))
}

/** Bytes that are left for each choice. `best` keeps one round of each strategy and target; runs without a group are tests only. */
export function keptBytes(runs: readonly (Group & { bytes: number })[]): Record<KeepWeights, number> {
  const sum = (some: readonly { bytes: number }[]) => some.reduce((total, { bytes }) => total + bytes, 0)
  const largest = [...groups(runs).values()].map((group) => ({ bytes: Math.max(...group.map(({ bytes }) => bytes)) }))
  return { none: 0, best: sum(largest), all: sum(runs) }
}

/** As much as fits unasked. */
export function usualKeep(bytes: Record<KeepWeights, number>): KeepWeights {
  return bytes.all <= mostUnasked ? 'all' : bytes.best <= mostUnasked ? 'best' : 'none'
}

/** The best run of each strategy and target; `scoreOf` may know none, and then the first round stands for all. */
export function bestRuns<R extends Group>(runs: readonly R[], scoreOf: (run: R) => number | null): R[] {
  return [...groups(runs).values()].map((group) =>
    group.reduce((best, run) => ((scoreOf(run) ?? -Infinity) > (scoreOf(best) ?? -Infinity) ? run : best))
  )
}

/** The same strategy for the same targets, in the order of rounds. */
function groups<R extends Group>(runs: readonly R[]): Map<string, R[]> {
  const whole = runs.filter(({ strategy, ablatedGroup }) => isTuned(strategy) && ablatedGroup === null)
  const sorted = [...whole].sort((a, b) => a.round - b.round)
  return Map.groupBy(sorted, ({ strategy, targetIds }) => `${strategy} ${targetIds.join(' ')}`)
}

/** Keeps of tuned weights what experiments want. What two experiments share stays while one of them wants it. */
export class WeightKeeper {
  readonly #store: Store
  readonly #home: HomeFolder

  constructor({ store, home }: { store: Store; home: HomeFolder }) {
    this.#store = store
    this.#home = home
  }

  /** Which runs of an experiment have their weights. */
  of(experimentId: string): KeptWeights {
    const { spec } = this.#store.experiments.get(experimentId)
    const runs = this.#store.runs
      .ofExperiment(experimentId)
      .filter(({ status }) => status === 'finished')
      .flatMap(({ id }) => (this.folders(id).length === 0 ? [] : [{ runId: id, bytes: this.#bytes(id) }]))
    return { keep: keepOf(spec), bytes: runs.reduce((sum, { bytes }) => sum + bytes, 0), runs }
  }

  /** Deletes what nobody wants of the runs that were computed for this experiment. Called whenever one has finished. */
  async settle(experimentId: string): Promise<void> {
    const runs = this.#store.runs.ofExperiment(experimentId).filter((run) => run.experimentId === experimentId)
    const busy = this.#readers()
    // Whoever is still to come may take over what was tuned the same.
    const waiting = this.#store.runs.tuningsToCome()
    for (const { id, status, tuning } of runs) {
      if (tuning !== null && waiting.has(tuning)) continue
      if (status !== 'finished' || busy.has(id) || this.folders(id).length === 0) continue
      const wanted = this.#store.runs.experimentsOf(id).some((one) => this.#wanted(one).has(id))
      if (wanted) continue
      for (const folder of this.folders(id)) await this.#home.remove(folder)
    }
  }

  /** What a repetition has tuned takes the place of what was not kept, where it came to the same numbers. */
  async giveBack(runId: string, from: string): Promise<void> {
    if (this.folders(runId).length > 0) return
    for (const folder of this.folders(from))
      await moveIntoPlace(folder, join(this.#home.run(runId), folder.slice(this.#home.run(from).length + 1)))
  }

  /** The folders of a run that hold what it tuned. */
  folders(runId: string): string[] {
    const folder = this.#home.run(runId)
    if (!existsSync(folder)) return []
    const names = readdirSync(folder, { withFileTypes: true })
    return names
      .filter((one) => one.isDirectory() && /^tuned(-\d+)?$/.test(one.name))
      .map(({ name }) => join(folder, name))
  }

  #wanted(experimentId: string): ReadonlySet<string> {
    const { spec } = this.#store.experiments.get(experimentId)
    const keep = keepOf(spec)
    const runs = this.#store.runs.ofExperiment(experimentId)
    if (keep === 'none') return new Set()
    if (keep === 'all') return new Set(runs.map(({ id }) => id))
    const finished = runs.filter(({ status }) => status === 'finished')
    return new Set(bestRuns(finished, ({ id }) => this.#score(id)).map(({ id }) => id))
  }

  /** Mean over its targets of the first metric of each. */
  #score(runId: string): number | null {
    const scores = this.#store.scores.ofRun(runId)
    const firsts = scores.filter(({ targetId, metric }) => {
      const metrics = this.#store.targets.find(targetId)?.metrics
      return metrics === undefined || metrics[0] === metric
    })
    return firsts.length === 0 ? null : firsts.reduce((sum, { value }) => sum + value, 0) / firsts.length
  }

  /** Runs whose weights a job is still to read. */
  #readers(): ReadonlySet<string> {
    const open = this.#store.jobs.withStatus('queued', 'running', 'paused', 'interrupted')
    return new Set(
      open.flatMap(({ kind, input }) => {
        if (kind !== 'export-model' && kind !== 'answer-file') return []
        const { run, by } = input as { run?: { runId: string }; by?: { run: { runId: string } | null } }
        return [run?.runId, by?.run?.runId].filter((id) => id !== undefined)
      })
    )
  }

  #bytes(runId: string): number {
    return this.folders(runId)
      .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
      .filter((one) => one.isFile())
      .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
  }
}

/** Experiments of before there was a choice keep everything. */
function keepOf({ keepWeights }: ExperimentSpec): KeepWeights {
  return keepWeights ?? 'all'
}
