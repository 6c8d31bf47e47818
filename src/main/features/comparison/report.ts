import { isTuned } from '../../contract/strategies.ts'
import type { ExperimentSpec } from '../../contract/experiments.ts'
import type { Identity } from '../../contract/runs.ts'
import type { ScoreLine } from '../../evaluation/report/report-data.ts'
import { columnOf } from '../../evaluation/columns.ts'
import type { ComparedRun } from '../../results/compared-run.ts'
import type { ReportSources } from '../../results/gather.ts'
import { RunFolder } from '../../run-files/run-folder.ts'
import type { HomeFolder } from '../../store/home.ts'
import type { Store } from '../../store/store.ts'
import { chosenByLabels } from '../experiments/chosen-rate.ts'
import type { Services } from '../services.ts'
import type { Compared } from './subject.ts'

/** What of a report on something compared stands in the tables. */
export function reportSources(
  { experiments, names, runs }: Compared,
  { store, home, installation }: Pick<Services, 'store' | 'home' | 'installation'>
): ReportSources {
  const identities = identitiesOf(home, runs)
  return {
    experiments: experiments.map((one) => ({ ...one, command: `${installation.command} experiment repeat ${one.id}` })),
    names: [...identities.map(({ id, name }) => [id, name] as const), ...namesOf(store, experiments)],
    scores: experiments.flatMap(({ id }) => scoreLines(store, id, runs, names)),
    warnings: rateWarnings(store, experiments),
    ...{ runs, identities }
  }
}

/** Where labels of queries have chosen a learning rate that was tuned with. */
function rateWarnings(store: Store, experiments: readonly { spec: ExperimentSpec }[]): string[] {
  const said = experiments
    .filter(({ spec }) => spec.strategies.some(isTuned))
    .map(({ spec }) => chosenByLabels(store.models.find(spec.models.base), spec.tune))
  return [...new Set(said.filter((one) => one !== null))]
}

/** The stored scores of an experiment's compared runs. */
function scoreLines(
  store: Store,
  experimentId: string,
  runs: readonly ComparedRun[],
  names: ReadonlyMap<string, string>
): ScoreLine[] {
  const mine = runs.filter((run) => run.source === null || run.source.id === experimentId)
  const byId = new Map(mine.map((run) => [run.id, run]))
  return store.scores.ofExperiment(experimentId).flatMap((score) => {
    const run = byId.get(score.runId)
    if (!run) return []
    const { round, seed, seconds } = run
    const target = names.get(score.targetId) ?? score.targetId
    return [{ ...score, target, column: columnOf(run).label, round, seed, seconds: seconds?.total ?? null }]
  })
}

/** What people call the things that specs name by id, as far as they are still there. */
export function namesOf(store: Store, experiments: readonly { spec: ExperimentSpec }[]): Map<string, string> {
  const found = experiments.flatMap(({ spec }) => [
    ...modelsOf(spec).map((id) => store.models.find(id)),
    store.datasets.find(spec.datasetId),
    ...spec.targetIds.map((id) => store.targets.find(id))
  ])
  return new Map(found.flatMap((thing) => (thing ? [[thing.id, thing.name] as const] : [])))
}

function modelsOf({ models }: ExperimentSpec): string[] {
  return Object.values(models).filter((id) => id !== null)
}

/** What the runs were made from, each thing once, as they kept it: some of it may be gone by now. */
export function identitiesOf(home: HomeFolder, runs: readonly { id: string }[]): Identity[] {
  const all = runs.flatMap((run) => {
    try {
      return new RunFolder(home.run(run.id)).askedNow(home.path).identities
    } catch {
      // A run without its files shows its scores still.
      return []
    }
  })
  const once = [...new Map(all.map((one) => [`${one.kind} ${one.hash}`, one])).values()]
  return kinds.flatMap((kind) => once.filter((one) => one.kind === kind))
}

const kinds = ['base model', 'sentence encoder', 'upstream data', 'index', 'target']
