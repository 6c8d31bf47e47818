import type { Score } from '../contract/runs.ts'
import type { Database } from './database.ts'

export class Scores {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /** Puts the scores of a run in place of earlier ones. */
  save(runId: string, scores: readonly Omit<Score, 'runId'>[]): void {
    const { query } = this.#db
    this.#db.transaction(() => {
      this.#db.run(query.deleteFrom('scores').where('runId', '=', runId))
      for (const { targetId, metric, value, examples } of scores) {
        this.#db.run(query.insertInto('scores').values({ runId, targetId, metric, value, examples }))
      }
    })
  }

  ofRun(runId: string): Score[] {
    return this.#db.all(this.#db.query.selectFrom('scores').selectAll().where('runId', '=', runId))
  }

  ofExperiment(experimentId: string): Score[] {
    return this.#db.all(
      this.#db.query
        .selectFrom('scores')
        .innerJoin('experiment_runs', 'experiment_runs.runId', 'scores.runId')
        .selectAll('scores')
        .where('experiment_runs.experimentId', '=', experimentId)
        .orderBy('experiment_runs.position')
    )
  }
}
