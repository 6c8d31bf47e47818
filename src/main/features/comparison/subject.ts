import type { Column, Subject } from '../../contract/comparison.ts'
import type { MetricName, Target } from '../../contract/data.ts'
import { LabError } from '../../contract/error.ts'
import type { ExperimentSpec } from '../../contract/experiments.ts'
import type { Run } from '../../contract/runs.ts'
import type { MissingRuns } from '../../evaluation/comparison-input.ts'
import type { ComparedRun } from '../../results/compared-run.ts'
import { RunFolder } from '../../run-files/run-folder.ts'
import type { HomeFolder } from '../../store/home.ts'
import type { Store } from '../../store/store.ts'
import { sum } from '../../sums/sums.ts'

interface Parts {
  store: Store
  home: HomeFolder
}

/** What a subject stands for: its experiments and their finished runs. */
export interface Compared {
  subject: Subject
  name: string
  experiments: { id: string; name: string; spec: ExperimentSpec }[]
  runs: ComparedRun[]
  /** Targets of the experiments that any of the runs answered, in the experiments' order. */
  targetIds: string[]
  /** What those targets are called, or were when they were here. */
  names: ReadonlyMap<string, string>
  /** Runs of a whole experiment that have no answers yet; none where runs were picked. */
  missing: MissingRuns
  /** Every metric of the targets, those of the first one first. */
  metrics: MetricName[]
}

/** Throws `not-found` where an experiment or a run is gone, or a picked run has not finished. */
export function resolveSubject({ store, home }: Parts, subject: Subject): Compared {
  const picks = 'picks' in subject ? subject.picks : [{ experimentId: subject.experimentId, runIds: null }]
  const chosen = [...new Map(picks.map((pick) => [pick.experimentId, pick])).values()].map((pick) => {
    const { id, spec } = store.experiments.get(pick.experimentId)
    const all = store.runs.ofExperiment(id)
    const runs = all.filter((run) => run.status === 'finished')
    const missing = pick.runIds === null ? missingOf(all) : { open: 0, failed: 0 }
    return {
      id,
      spec,
      missing,
      runs: pick.runIds === null ? runs : pick.runIds.map((runId) => picked(runs, runId, spec.name))
    }
  })
  const names = distinctNames(chosen.map(({ spec }) => spec.name))
  const experiments = chosen.map(({ id, spec }, at) => ({ id, spec, name: names[at]! }))
  const several = experiments.length > 1
  const runs = chosen.flatMap((one, at) => {
    const source = several ? { id: one.id, name: names[at]!, modelId: one.spec.models.base } : null
    return one.runs.map((run) => ({ ...run, variant: named(run.variant, store), source }))
  })
  const answered = new Set(runs.flatMap((run) => run.targetIds))
  const wanted = [...new Set(experiments.flatMap(({ spec }) => spec.targetIds))]
  const targets = wanted.map((id) => targetOf(id, runs, { store, home }))
  return {
    // A request may carry more than its subject.
    subject: 'picks' in subject ? { picks: subject.picks } : { experimentId: subject.experimentId },
    name: 'picks' in subject ? `${runs.length} runs of ${names.join(' and ')}` : names[0]!,
    experiments,
    runs,
    targetIds: wanted.filter((id) => answered.has(id)),
    missing: {
      open: sum(chosen.map(({ missing }) => missing.open)),
      failed: sum(chosen.map(({ missing }) => missing.failed))
    },
    names: new Map(targets.map(({ id, name }) => [id, name])),
    metrics: firstOf(
      experiments.map(({ spec }) => spec.evaluation.firstMetric),
      [...new Set(targets.flatMap(({ metrics }) => metrics))]
    )
  }
}

/** The metric that is shown where nobody asks for another. */
export function firstMetric({ metrics }: Compared): MetricName {
  return metrics[0] ?? 'em'
}

/** The metric that an experiment wants to be first stands first, where its targets have it. */
function firstOf(wanted: readonly (MetricName | null | undefined)[], metrics: readonly MetricName[]): MetricName[] {
  const first = metrics.filter((metric) => wanted.includes(metric))
  return [...first, ...metrics.filter((metric) => !first.includes(metric))]
}

/** Values that are ids of models, with the models' names. */
function named(variant: Run['variant'], store: Store): Column['variant'] {
  return variant.map((one) => {
    if (!one.path.startsWith('models.') || typeof one.value !== 'string') return one
    return { ...one, label: store.models.find(one.value)?.name ?? one.value }
  })
}

/** A cancelled run will not come; it neither failed. */
function missingOf(runs: readonly Run[]): MissingRuns {
  const count = (...states: Run['status'][]): number => runs.filter(({ status }) => states.includes(status)).length
  return { open: count('planned', 'running', 'paused'), failed: count('failed') }
}

function picked(runs: readonly Run[], runId: string, experiment: string): Run {
  const run = runs.find((one) => one.id === runId)
  if (run) return run
  throw new LabError('not-found', `The experiment "${experiment}" has no finished run ${runId}. Pick the runs again.`, {
    details: { runId }
  })
}

/** Experiments may have the same name; the second one is called "name (2)". */
function distinctNames(names: readonly string[]): string[] {
  return names.map((name, at) => {
    const before = names.slice(0, at).filter((other) => other === name).length
    return before === 0 ? name : `${name} (${before + 1})`
  })
}

/** A target; where it was deleted or never was here, what a run on it kept of it. */
function targetOf(id: string, runs: readonly Run[], { store, home }: Parts): Pick<Target, 'id' | 'name' | 'metrics'> {
  const known = store.targets.find(id)
  if (known) return known
  const run = runs.find(({ targetIds }) => targetIds.includes(id))
  try {
    const { targets, identities } = new RunFolder(home.run(run!.id)).askedNow(home.path)
    const name = identities.find((one) => one.kind === 'target' && one.id === id)?.name ?? id
    return { id, name, metrics: targets.find(({ targetId }) => targetId === id)?.metrics ?? [] }
  } catch {
    // A run without its files shows its scores still.
    return { id, name: id, metrics: [] }
  }
}
