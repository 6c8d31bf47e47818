import type { KeptWeights, Run, Score } from '../../../main/contract/runs.ts'
import type { MetricName } from '../../../main/contract/data.ts'
import { isTuned, strategyNames, type StrategyName } from '../../../main/contract/strategies.ts'

/** A strategy of an experiment as somebody who can be asked: one of its runs, where it still has what it tuned. */
export interface StrategyAnswerer {
  strategy: StrategyName
  /** Null: no finished run of this strategy has its weights. */
  run: Run | null
  /** The run that would answer if its weights had been kept. */
  missing: Run | null
  score: number | null
}

/** For one target, in the usual order: of each strategy the best run whose weights are there. */
export function answerersOf(
  target: { id: string; metrics: readonly MetricName[] },
  runs: readonly Run[],
  kept: KeptWeights,
  scores: readonly Score[]
): StrategyAnswerer[] {
  const there = new Set(kept.runs.map(({ runId }) => runId))
  const scoreOf = ({ id }: Run): number | null =>
    scores.find((one) => one.runId === id && one.targetId === target.id && one.metric === target.metrics[0])?.value ??
    null
  const mine = runs.filter(
    (run) => run.status === 'finished' && run.ablatedGroup === null && run.targetIds.includes(target.id)
  )
  return strategyNames.flatMap((strategy): StrategyAnswerer[] => {
    const own = mine
      .filter((run) => run.strategy === strategy)
      .sort((a, b) => (scoreOf(b) ?? -1) - (scoreOf(a) ?? -1) || a.round - b.round)
    if (own.length === 0) return []
    const run = own.find(({ id }) => !isTuned(strategy) || there.has(id)) ?? null
    return [{ strategy, run, missing: run ? null : own[0]!, score: scoreOf(run ?? own[0]!) }]
  })
}
