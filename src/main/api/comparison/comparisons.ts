import type { Comparison, Subject } from '../../contract/comparison.ts'
import type { MetricName } from '../../contract/data.ts'
import { LabError } from '../../contract/error.ts'
import { compare } from '../../evaluation/comparison.ts'
import type { RunAnswers, TargetRows } from '../../evaluation/comparison-input.ts'
import type { Store } from '../../store/store.ts'
import type { AnswerFiles, TestRows } from './answers.ts'
import { Recent } from './recent.ts'
import { nameOf, resolveSubject, type Compared } from './subject.ts'

/** Makes the comparison of a subject from the answers of its finished runs, and keeps it until more have finished. */
export class Comparisons {
  readonly #store: Store
  readonly #answers: AnswerFiles
  readonly #made = new Recent<Promise<Comparison>>(12)

  constructor(store: Store, answers: AnswerFiles) {
    this.#store = store
    this.#answers = answers
  }

  /** Throws `not-found`, `run-files-missing`, `different-test-rows`. */
  of(subject: Subject, asked?: MetricName): Promise<Comparison> {
    const compared = resolveSubject(this.#store, subject)
    const metric = asked ?? compared.metrics[0] ?? 'em'
    const runs = compared.runs.map((run) => `${run.source?.id ?? ''}/${run.id}`)
    const key = [metric, ...compared.experiments.map(({ id }) => id), ...runs].join()
    return this.#made.get(key, () => this.#make(compared, metric))
  }

  async #make({ subject, name, runs, targetIds, metrics }: Compared, metric: MetricName): Promise<Comparison> {
    const targets = new Map<string, TargetRows & TestRows>()
    const answered: RunAnswers[] = []
    for (const run of runs) {
      const outputs = new Map<string, readonly string[]>()
      for (const targetId of run.targetIds) {
        const { rows, outputs: given } = await this.#answers.read(run.id, targetId)
        const known = targets.get(targetId)
        if (known) sameRows(known, rows)
        else targets.set(targetId, { id: targetId, name: nameOf(this.#store, targetId), ...rows })
        outputs.set(targetId, given)
      }
      const { id, strategy, ablatedGroup, round, seconds, source } = run
      answered.push({ runId: id, strategy, ablatedGroup, source, round, seconds: seconds?.total ?? null, outputs })
    }
    return compare(
      { subject, name, metric, metrics, targets: targetIds.flatMap((id) => targets.get(id) ?? []), runs: answered },
      () => new Promise((resolve) => setImmediate(resolve))
    )
  }
}

/** Answers are compared row by row, so all runs must have answered the same rows. */
function sameRows(target: TargetRows & TestRows, other: TestRows): void {
  const same =
    target.exampleIds.length === other.exampleIds.length &&
    target.exampleIds.every((id, row) => id === other.exampleIds[row])
  if (same) return
  throw new LabError(
    'different-test-rows',
    `The picked runs answered different test rows of ${target.name}: ${target.exampleIds.length} and ${other.exampleIds.length}. Pick runs whose experiments have the same number of test examples.`,
    { details: { target: target.name } }
  )
}
