import type { Run } from '../contract/experiments.ts'
import type { Database } from './database.ts'
import { RecordTable } from './record-table.ts'
import type { ExperimentRun } from './schema.ts'

export class Runs extends RecordTable<Run> {
  constructor(db: Database) {
    super(db, 'runs', 'run', { json: ['seconds', 'versions', 'targetIds'] })
  }

  /** Makes a run, new or reused, part of an experiment. */
  link(link: ExperimentRun): void {
    this.db.run(this.db.query.insertInto('experiment_runs').values(link))
  }

  links(experimentId: string): ExperimentRun[] {
    const query = this.db.query.selectFrom('experiment_runs').selectAll().where('experimentId', '=', experimentId)
    return this.db.all(query.orderBy('position'))
  }

  /** The runs of an experiment in the order of its plan, those that it shares with others included. */
  ofExperiment(experimentId: string): Run[] {
    return this.decodeAll(
      this.db.all(
        this.db.query
          .selectFrom('runs')
          .innerJoin('experiment_runs', 'experiment_runs.runId', 'runs.id')
          .selectAll('runs')
          .where('experiment_runs.experimentId', '=', experimentId)
          .orderBy('experiment_runs.position')
      )
    )
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
    this.db.run(this.db.query.updateTable('experiment_runs').set({ runId: by }).where('runId', '=', id))
    this.remove(id)
  }

  findByJob(jobId: string): Run | undefined {
    const row = this.db.first(this.db.query.selectFrom('runs').selectAll().where('jobId', '=', jobId))
    return row === undefined ? undefined : this.decode(row)
  }

  /** A finished run that computed the same thing. */
  findFinished(fingerprint: string): Run | undefined {
    const query = this.db.query.selectFrom('runs').selectAll().where('fingerprint', '=', fingerprint)
    const row = this.db.first(query.where('status', '=', 'finished').orderBy('finishedAt', 'desc'))
    return row === undefined ? undefined : this.decode(row)
  }
}
