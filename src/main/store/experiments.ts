import { sql } from 'kysely'
import type { ExperimentSearch } from '../contract/experiment-search.ts'
import type { Experiment, ExperimentStatus } from '../contract/experiments.ts'
import { isAmong } from './is-among.ts'
import { bestScores } from './best-scores.ts'
import type { Database } from './database.ts'
import { searchExperiments } from './experiment-search.ts'
import { KeptBestScores } from './kept-best-scores.ts'
import { RecordTable } from './record-table.ts'
import type { ExperimentRecord } from './schema.ts'

/** Those that are not over. */
const openStatuses: readonly ExperimentStatus[] = ['planned', 'running', 'paused']

export class Experiments extends RecordTable<ExperimentRecord> {
  readonly #best: KeptBestScores

  constructor(db: Database) {
    super(db, 'experiments', 'experiment', { json: ['spec'] })
    this.#best = new KeptBestScores(
      db,
      (ids) => this.#named(ids),
      (records) => bestScores(db, records)
    )
  }

  /** With the number of its runs, of those that have finished, and its best score. */
  counted(id: string): Experiment {
    return this.#count([this.get(id)])[0]!
  }

  /** In the order in which they were started: all, those with some ids, or the newest so many with all that are not over. */
  listCounted({
    newest = null,
    ids = null
  }: { newest?: number | null; ids?: readonly string[] | null } = {}): Experiment[] {
    const named = ids === null ? null : this.#named(ids)
    const records = named ?? (newest === null ? this.list() : this.#newest(newest))
    return this.#count(records)
  }

  /** A page of the list, in the order that is asked for. */
  page(asked: ExperimentSearch): { total: number; all: number; archived: number; experiments: Experiment[] } {
    const unsaved = asked.sort === 'best' ? this.#best.settle() : null
    const { ids, ...around } = searchExperiments(this.db, asked, unsaved)
    const byId = new Map(this.#count(this.#named(ids)).map((experiment) => [experiment.id, experiment]))
    return { ...around, experiments: ids.flatMap((id) => byId.get(id) ?? []) }
  }

  #named(ids: readonly string[]): ExperimentRecord[] {
    const query = this.db.query.selectFrom('experiments').selectAll().where(isAmong('id', ids)).orderBy('id')
    return this.decodeAll(this.db.all(query))
  }

  #newest(most: number): ExperimentRecord[] {
    const open = this.db.query.selectFrom('experiments').select('id').where('status', 'in', openStatuses)
    const newest = this.db.query.selectFrom('experiments').select('id').orderBy('id', 'desc').limit(most)
    const ids = [...this.db.all(open), ...this.db.all(newest)].map(({ id }) => id)
    return this.#named([...new Set(ids)])
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
    const best = this.#best.of(records.map(({ id }) => id))
    return records.map((record) => ({
      ...record,
      ...(counts.get(record.id) ?? { runs: 0, finishedRuns: 0 }),
      best: best.get(record.id) ?? null
    }))
  }
}
