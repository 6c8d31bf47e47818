import type { Comparison, Subject } from '../../contract/comparison.ts'
import type { MetricName } from '../../contract/data.ts'
import type { TuningLoss } from '../../evaluation/comparison-input.ts'
import { variantKey } from '../../contract/sweep.ts'
import { meanOf } from '../../evaluation/summary.ts'
import type { ScoringRule } from '../../contract/scoring-rule.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import type { HomeFolder } from '../../store/home.ts'
import type { Store } from '../../store/store.ts'
import { Recent } from './recent.ts'
import { resolveSubject, type Compared } from './subject.ts'

/** Has comparisons made by a worker, from the answers of finished runs, and keeps them until more have finished. */
export class Comparisons {
  readonly #store: Store
  readonly #home: HomeFolder
  readonly #jobs: Jobs
  readonly #made = new Recent<Promise<Comparison>>(12)

  constructor({ store, home, jobs }: { store: Store; home: HomeFolder; jobs: Jobs }) {
    this.#store = store
    this.#home = home
    this.#jobs = jobs
  }

  /** Throws `not-found`, `run-files-missing`, `different-test-rows`. */
  of(subject: Subject, asked?: MetricName, rule: ScoringRule | null = null): Promise<Comparison> {
    const compared = resolveSubject({ store: this.#store, home: this.#home }, subject)
    // A rule makes right and wrong answers, or labels: what is counted is how many are right.
    const metric = asked ?? (rule ? 'accuracy' : compared.metrics[0]) ?? 'em'
    const { open, failed } = compared.missing
    const runs = compared.runs.map(
      (run) => `${run.source?.id ?? ''}/${run.id}/${run.round}/${run.targetIds.join('+')}/${variantKey(run.variant)}`
    )
    const key = [
      JSON.stringify(rule),
      metric,
      open,
      failed,
      ...compared.experiments.map(({ id }) => id),
      ...runs
    ].join()
    return this.#made.get(key, () => this.#make(compared, metric, rule))
  }

  #make(
    { subject, name, experiments, runs, targetIds, names, metrics, missing }: Compared,
    metric: MetricName,
    rule: ScoringRule | null
  ) {
    return this.#jobs.ask('compare', {
      ...{ subject, name, metric, metrics, missing, rule },
      targets: targetIds.map((id) => ({ id, name: names.get(id) ?? id })),
      runs: runs.map(
        ({ id, strategy, ablatedGroup, variant, source, round, seconds, tuning, targetIds: answered, jobId }) => ({
          ...{ runId: id, strategy, ablatedGroup, variant, source, round, tuning, seconds: seconds?.total ?? null },
          folder: this.#home.run(id),
          loss: jobId === null ? null : tuningLoss(this.#store.jobHistory.curve(jobId)),
          targetIds: answered
        })
      ),
      planned: experiments.flatMap(({ id, spec }) => spec.planned.map((pair) => ({ sourceId: id, ...pair })))
    })
  }
}

/** Means over tenths of the steps, so that a single batch counts for little; null of a curve too short to say anything. */
function tuningLoss(curve: readonly Record<string, number>[]): TuningLoss | null {
  const losses = curve.flatMap(({ loss }) => (loss === undefined ? [] : [loss]))
  if (losses.length < 10) return null
  const size = Math.floor(losses.length / 10)
  const tenths = Array.from({ length: 10 }, (_, at) => meanOf(losses.slice(at * size, (at + 1) * size)))
  return { start: tenths[0]!, least: Math.min(...tenths), end: meanOf(losses.slice(-size)) }
}
