import type { Experiment } from '../../contract/experiments.ts'
import type { Run } from '../../contract/runs.ts'
import { duration, table } from './table.ts'

export type ListOrder = 'started' | 'score' | 'name'

/** Sorting keeps the order of those that are equal: the newest first. */
export const listOrders: Record<ListOrder, (a: Experiment, b: Experiment) => number> = {
  started: () => 0,
  score: (a, b) => Number(a.best === null) - Number(b.best === null) || (b.best?.mean ?? 0) - (a.best?.mean ?? 0),
  name: (a, b) => a.spec.name.localeCompare(b.spec.name, 'en', { numeric: true })
}

export function listing(experiments: readonly Experiment[]): string {
  const rows = experiments.map(({ id, spec, status, runs, finishedRuns, best }) => [
    id,
    status,
    `${finishedRuns}/${runs}`,
    best === null ? '–' : best.mean.toFixed(1),
    best === null ? '' : `${best.metric}, ${best.strategy}`,
    spec.name
  ])
  return table(['id', 'status', 'runs', 'score', 'of', 'name'], rows, ['runs', 'score'])
}

export function runListing(runs: readonly Run[], names: ReadonlyMap<string, string>): string {
  const rows = runs.map((run) => [
    run.id,
    run.ablatedGroup === null ? run.strategy : `${run.strategy} without ${run.ablatedGroup}`,
    run.targetIds.length === 1 ? (names.get(run.targetIds[0]!) ?? run.targetIds[0]!) : `all ${run.targetIds.length}`,
    String(run.round + 1),
    run.status,
    run.seconds === null ? '' : duration(run.seconds.tune),
    run.seconds === null ? '' : duration(run.seconds.evaluate),
    run.seconds === null ? '' : duration(run.seconds.total)
  ])
  return table(['run', 'strategy', 'target', 'round', 'status', 'tune', 'evaluate', 'total'], rows, [
    'round',
    'tune',
    'evaluate',
    'total'
  ])
}
