import type { MetricName } from '../../contract/data.ts'
import type { QuestionInput } from '../../contract/questions.ts'
import type { ScoringRule } from '../../contract/scoring-rule.ts'
import type { TuningLoss } from '../../evaluation/comparison-input.ts'
import { mean } from '../../sums/sums.ts'
import type { HomeFolder } from '../../store/home.ts'
import type { Store } from '../../store/store.ts'
import type { Compared } from './subject.ts'

/** What a worker needs to know to compare. `rule`: judges the answers anew; null: as their targets are. */
export function comparisonInput(
  { subject, name, experiments, runs, targetIds, names, metrics, missing }: Compared,
  { metric, rule }: { metric: MetricName; rule: ScoringRule | null },
  { store, home }: { store: Store; home: HomeFolder }
): QuestionInput<'compare'> {
  return {
    ...{ subject, name, metric, metrics, missing, rule },
    targets: targetIds.map((id) => ({ id, name: names.get(id) ?? id })),
    runs: runs.map(
      ({ id, strategy, ablatedGroup, variant, source, round, seconds, tuning, targetIds: answered, jobId }) => ({
        ...{ runId: id, strategy, ablatedGroup, variant, source, round, tuning, seconds: seconds?.total ?? null },
        folder: home.run(id),
        loss: jobId === null ? null : tuningLoss(store.jobHistory.curve(jobId)),
        targetIds: answered
      })
    ),
    planned: experiments.flatMap(({ id, spec }) => spec.planned.map((pair) => ({ sourceId: id, ...pair })))
  }
}

/** Means over tenths of the steps, so that a single batch counts for little; null of a curve too short to say anything. */
function tuningLoss(curve: readonly Record<string, number>[]): TuningLoss | null {
  const losses = curve.flatMap(({ loss }) => (loss === undefined ? [] : [loss]))
  if (losses.length < 10) return null
  const size = Math.floor(losses.length / 10)
  const tenths = Array.from({ length: 10 }, (_, at) => mean(losses.slice(at * size, (at + 1) * size)))
  return { start: tenths[0]!, least: Math.min(...tenths), end: mean(losses.slice(-size)) }
}
