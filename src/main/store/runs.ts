import type { Run } from '../contract/runs.ts'
import type { Database } from './database.ts'
import { RecordTable } from './record-table.ts'
import type { ExperimentRun } from './schema.ts'

export class Runs extends RecordTable<Run> {
  constructor(db: Database) {
    super(db, 'runs', 'run', { json: ['seconds', 'versions', 'targetIds', 'variant', 'asked'] })
  }

  /** Makes a run, new or reused, or some of it part of an experiment. */
  link(link: Pick<ExperimentRun, 'experimentId' | 'runId' | 'key' | 'position'> & Partial<ExperimentRun>): void {
    const whole = { round: null, targetIds: null, variant: null }
    this.db.run(this.db.query.insertInto('experiment_runs').values({ ...whole, ...link }))
  }

  links(experimentId: string): ExperimentRun[] {
    const query = this.db.query.selectFrom('experiment_runs').selectAll().where('experimentId', '=', experimentId)
    return this.db.all(query.orderBy('position'))
  }

  /**
   * The runs of an experiment in the order of its plan, those that it shares with others included, each as it stands in this
   * experiment. A run that is the same for several values of a sweep comes once for each.
   */
  ofExperiment(experimentId: string): Run[] {
    const rows = this.db.all(
      this.db.query
        .selectFrom('runs')
        .innerJoin('experiment_runs', 'experiment_runs.runId', 'runs.id')
        .selectAll('runs')
        .select((x) =>
          (['round', 'targetIds', 'variant'] as const).map((name) =>
            x.fn.coalesce(`experiment_runs.${name}`, `runs.${name}`).as(name)
          )
        )
        .where('experiment_runs.experimentId', '=', experimentId)
        .orderBy('experiment_runs.position')
    )
    return this.decodeAll(rows)
  }

  experimentsOf(runId: string): string[] {
    const query = this.db.query.selectFrom('experiment_runs').select('experimentId').where('runId', '=', runId)
    return this.db.all(query).map((row) => row.experimentId)
  }

  /** Runs of experiments that wait in the queue to compute the same thing; repetitions are not among them. */
  queuedTwins({ id, fingerprint }: Pick<Run, 'id' | 'fingerprint'>): Run[] {
    return this.decodeAll(
      this.db.all(
        this.db.query
          .selectFrom('runs')
          .innerJoin('jobs', 'jobs.id', 'runs.jobId')
          .selectAll('runs')
          .where('runs.fingerprint', '=', fingerprint)
          .where('runs.id', '!=', id)
          .where('jobs.status', '=', 'queued')
          .where('runs.id', 'in', (query) => query.selectFrom('experiment_runs').select('runId'))
      )
    )
  }

  /** Puts one run in the place of another wherever an experiment has that, and forgets the other. */
  replace(id: string, by: string): void {
    const { round, targetIds, variant } = this.encode(this.get(id))
    for (const link of this.#linksOf(id))
      this.db.run(
        this.db.query
          .updateTable('experiment_runs')
          .set({
            runId: by,
            round: link.round ?? round,
            targetIds: link.targetIds ?? targetIds,
            variant: link.variant ?? variant
          })
          .where('experimentId', '=', link.experimentId)
          .where('key', '=', link.key)
      )
    this.remove(id)
  }

  #linksOf(runId: string): ExperimentRun[] {
    return this.db.all(this.db.query.selectFrom('experiment_runs').selectAll().where('runId', '=', runId))
  }

  /** What runs that are still to come hang on. */
  tuningsToCome(): ReadonlySet<string> {
    const query = this.db.query.selectFrom('runs').select('tuning').distinct().where('tuning', 'is not', null)
    const rows = this.db.all(query.where('status', 'in', ['planned', 'running', 'paused']))
    return new Set(rows.flatMap(({ tuning }) => tuning ?? []))
  }

  findByJob(jobId: string): Run | undefined {
    const row = this.db.first(this.db.query.selectFrom('runs').selectAll().where('jobId', '=', jobId))
    return row === undefined ? undefined : this.decode(row)
  }

  /** Finished runs that answered with the same weights, the newest first. */
  finishedWith(tuning: string): Run[] {
    const query = this.db.query.selectFrom('runs').selectAll().where('tuning', '=', tuning)
    return this.decodeAll(this.db.all(query.where('status', '=', 'finished').orderBy('finishedAt', 'desc')))
  }

  /** A finished run that computed the same thing. */
  findFinished(fingerprint: string): Run | undefined {
    const query = this.db.query.selectFrom('runs').selectAll().where('fingerprint', '=', fingerprint)
    const row = this.db.first(query.where('status', '=', 'finished').orderBy('finishedAt', 'desc'))
    return row === undefined ? undefined : this.decode(row)
  }
}
