import type { ExperimentSpec, RunPlan } from '../../contract/experiments.ts'
import { overOf, overWords } from '../../contract/embedded-over.ts'
import { indicesOf, isTuned, untuned, usesQueries, type StrategyName } from '../../contract/strategies.ts'
import { capital } from '../../evaluation/wording.ts'

/** A run before anything is known about files: which tuning, tested on which targets. */
export interface PlannedRun extends Pick<
  RunPlan,
  'key' | 'strategy' | 'round' | 'targetIds' | 'ablatedGroup' | 'variant' | 'seed'
> {
  /** The targets that it is tuned for: their queries and their own rows in the data count, whatever is tested. */
  tunedFor: string[]
  /** Where random samples and training have seeds of their own. */
  seeds: { retrieval: number; training: number } | null
}

/**
 * The runs of an experiment, those first that let one compare soonest: zero-shot once for everything, then round by
 * round. Random retrieval does not look at the target, so it is tuned once per round and tested on all targets, unless
 * labels of the queries join in.
 */
export function planRuns(spec: ExperimentSpec): PlannedRun[] {
  const strategies = spec.strategies.filter(isTuned)
  const runs: PlannedRun[] = [run(spec, { strategy: untuned, round: 0, ablatedGroup: null }, spec.targetIds)]
  for (let round = 0; round < spec.rounds; round++) {
    for (const strategy of strategies) runs.push(...runsOf(spec, strategy, round, null))
  }
  for (const group of spec.ablateGroups) {
    for (let round = 0; round < spec.rounds; round++) {
      for (const strategy of strategies.filter((one) => usesQueries(one, spec.retrieval)))
        runs.push(...runsOf(spec, strategy, round, group))
    }
  }
  return runs
}

/** What of the plan is done once for several uses, in words. */
export function sharedWork(spec: ExperimentSpec): string[] {
  const targets = spec.targetIds.length
  if (spec.tuneFor !== null)
    return [
      `Zero-shot runs once and stands for all ${spec.rounds} rounds.`,
      `Every other strategy is tuned once per round and tested on ${targets === 1 ? 'the target' : `all ${targets} targets`}.`
    ]
  const shared = [`Zero-shot runs once and stands for all ${spec.rounds} rounds.`]
  for (const strategy of spec.strategies.filter((one) => isTuned(one) && isShared(spec, one))) {
    if (targets > 1) shared.push(`${capital(strategy)} is tuned once per round and tested on all ${targets} targets.`)
  }
  for (const index of new Set(spec.strategies.flatMap((strategy) => indicesOf(strategy, spec.retrieval)))) {
    const users = spec.strategies.filter((strategy) => indicesOf(strategy, spec.retrieval).includes(index))
    shared.push(
      `One ${index} index${overOf(spec.retrieval.over, spec.tune.merge) === 'both' ? ` ${overWords.both}` : ''} serves every ${users.join(' and ')} run.`
    )
  }
  return shared
}

function runsOf(spec: ExperimentSpec, strategy: StrategyName, round: number, group: string | null): PlannedRun[] {
  if (isShared(spec, strategy)) return [run(spec, { strategy, round, ablatedGroup: group }, spec.targetIds)]
  return spec.targetIds.map((targetId) => run(spec, { strategy, round, ablatedGroup: group }, [targetId]))
}

function isShared(spec: ExperimentSpec, strategy: StrategyName): boolean {
  return spec.tuneFor !== null || (!usesQueries(strategy, spec.retrieval) && spec.tune.merge === 'unsupervised')
}

function run(
  spec: ExperimentSpec,
  { strategy, round, ablatedGroup }: Pick<PlannedRun, 'strategy' | 'round' | 'ablatedGroup'>,
  targetIds: readonly string[]
): PlannedRun {
  const place = targetIds.length === 1 && isTuned(strategy) ? targetIds[0] : 'all'
  const without = ablatedGroup === null ? '' : ` without ${ablatedGroup}`
  return {
    key: `${strategy}${without} / ${place} / ${round}`,
    strategy,
    round,
    targetIds: [...targetIds],
    ablatedGroup,
    variant: [],
    seed: spec.seed + round,
    seeds:
      spec.retrievalSeed === null && spec.trainingSeed === null
        ? null
        : { retrieval: (spec.retrievalSeed ?? spec.seed) + round, training: (spec.trainingSeed ?? spec.seed) + round },
    tunedFor: !isTuned(strategy) ? [] : spec.tuneFor === null ? [...targetIds] : [spec.tuneFor]
  }
}

/** The same run for some of its targets: what it is tuned for stays. */
export function partOf(planned: PlannedRun, targetIds: readonly string[]): PlannedRun {
  if (targetIds.length === planned.targetIds.length) return planned
  return { ...planned, targetIds: [...targetIds], key: `${planned.key} / ${targetIds.join('+')}` }
}
