import type { Experiment, Run } from '../../contract/experiments.ts'
import { duration, table } from './table.ts'

export function listing(experiments: readonly Experiment[]): string {
  const rows = experiments.map(({ id, spec, status, runs, finishedRuns }) => [
    id,
    status,
    `${finishedRuns}/${runs}`,
    spec.name
  ])
  return table(['id', 'status', 'runs', 'name'], rows, ['runs'])
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
