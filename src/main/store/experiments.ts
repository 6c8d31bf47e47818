import { sql } from 'kysely'
import type { Experiment } from '../contract/experiments.ts'
import { bestScores } from './best-scores.ts'
import type { Database } from './database.ts'
import { RecordTable } from './record-table.ts'
import type { ExperimentRecord } from './schema.ts'

export class Experiments extends RecordTable<ExperimentRecord> {
  constructor(db: Database) {
    super(db, 'experiments', 'experiment', { json: ['spec'] })
  }

  /** With the number of its runs, of those that have finished, and its best score. */
  counted(id: string): Experiment {
    return this.#count([this.get(id)])[0]!
  }

  /** In the order in which they were started: all, or the newest so many. */
  listCounted(newest: number | null = null): Experiment[] {
    return this.#count(newest === null ? this.list() : this.#newest(newest))
  }

  #newest(most: number): ExperimentRecord[] {
    const query = this.db.query.selectFrom('experiments').selectAll().orderBy('id', 'desc').limit(most)
    return this.decodeAll(this.db.all(query)).reverse()
  }

  /** All at once: a query for each would take seconds for thousands. */
  #count(records: readonly ExperimentRecord[]): Experiment[] {
    // As one value: the number of values in a statement is limited.
    const ids = JSON.stringify(records.map(({ id }) => id))
    const query = this.db.query
      .selectFrom('experiment_runs')
      .innerJoin('runs', 'runs.id', 'experiment_runs.runId')
      .select((x) => [
        'experiment_runs.experimentId',
        x.fn.countAll<number>().as('runs'),
        x.fn.sum<number>(x.case().when('runs.status', '=', 'finished').then(1).else(0).end()).as('finishedRuns')
      ])
      .where(sql<boolean>`experiment_runs."experimentId" in (select value from json_each(${ids}))`)
      .groupBy('experiment_runs.experimentId')
    const counts = new Map(this.db.all(query).map(({ experimentId, ...counted }) => [experimentId, counted]))
    const best = bestScores(this.db, records)
    return records.map((record) => ({
      ...record,
      ...(counts.get(record.id) ?? { runs: 0, finishedRuns: 0 }),
      best: best.get(record.id) ?? null
    }))
  }
}
