import type { BestScore } from '../contract/experiments.ts'
import { diskProblemOf } from '../files/disk-error.ts'
import { isAmong } from './is-among.ts'
import type { Database } from './database.ts'
import type { ExperimentRecord } from './schema.ts'

/** Works best scores out anew: best-scores.ts. */
type Compute = (experiments: readonly ExperimentRecord[]) => ReadonlyMap<string, BestScore>

/**
 * Best scores as they were worked out last. What has changed since is noted by triggers (migration 17) and worked out before
 * anybody sees it. Whoever changes what a best score is makes a migration that notes all experiments.
 */
export class KeptBestScores {
  readonly #db: Database
  readonly #records: (ids: readonly string[]) => ExperimentRecord[]
  readonly #compute: Compute

  constructor(db: Database, records: (ids: readonly string[]) => ExperimentRecord[], compute: Compute) {
    this.#db = db
    this.#records = records
    this.#compute = compute
  }

  /** Of those among the ids that have one. */
  of(ids: readonly string[]): Map<string, BestScore> {
    const unsaved = this.settle()
    const rows = this.#db.all(this.#db.query.selectFrom('best_scores').selectAll().where(isAmong('experimentId', ids)))
    const kept = new Map<string, BestScore>(rows.map(({ experimentId, ...best }) => [experimentId, best]))
    for (const id of ids) {
      const fresh = unsaved?.get(id)
      if (fresh) kept.set(id, fresh)
      else if (unsaved?.has(id)) kept.delete(id)
    }
    return kept
  }

  /** Brings the table up to date; where the disk takes no writes, gives what should stand in it. */
  settle(): ReadonlyMap<string, BestScore | null> | null {
    const { query } = this.#db
    const ids = this.#db.all(query.selectFrom('unsettled_best').selectAll()).map(({ experimentId }) => experimentId)
    if (ids.length === 0) return null
    const best = this.#compute(this.#records(ids))
    const these = isAmong('experimentId', ids)
    try {
      this.#db.transaction(() => {
        this.#db.run(query.deleteFrom('best_scores').where(these))
        for (const [experimentId, one] of best)
          this.#db.run(query.insertInto('best_scores').values({ experimentId, ...one }))
        this.#db.run(query.deleteFrom('unsettled_best').where(these))
      })
      return null
    } catch (thrown) {
      if (diskProblemOf(thrown) === null) throw thrown
      return new Map(ids.map((id) => [id, best.get(id) ?? null]))
    }
  }
}
