import type { Comparison, Subject } from '../../contract/comparison.ts'
import type { MetricName } from '../../contract/data.ts'
import { variantKey } from '../../contract/sweep.ts'
import type { ScoringRule } from '../../contract/scoring-rule.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import type { HomeFolder } from '../../store/home.ts'
import type { Store } from '../../store/store.ts'
import { Recent } from '../../results/recent.ts'
import { comparisonInput } from './comparison-input.ts'
import { firstMetric, resolveSubject } from './subject.ts'

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
    const metric = asked ?? (rule ? 'accuracy' : firstMetric(compared))
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
    return this.#made.get(key, () =>
      this.#jobs.ask('compare', comparisonInput(compared, { metric, rule }, { store: this.#store, home: this.#home }))
    )
  }
}
