import { sql } from 'kysely'
import type { Job, JobKind, JobStatus, WireError } from '../contract/jobs.ts'
import { isAmong } from './is-among.ts'
import type { Database } from './database.ts'
import { jobGroups } from './job-groups.ts'
import { RecordTable } from './record-table.ts'
import type { JobRecord } from './schema.ts'

export interface JobFilter {
  status: readonly JobStatus[]
  kinds: readonly JobKind[]
  experimentId: string | null
  text: string
}

export class JobsTable extends RecordTable<JobRecord> {
  constructor(db: Database) {
    super(db, 'jobs', 'job', {
      json: ['dependsOn', 'called', 'progress', 'error', 'outcome', 'input', 'output'],
      boolean: ['recorded'],
      paths: ['input', 'output', 'folder'],
      prose: ['error']
    })
  }

  add(job: Omit<JobRecord, 'seq' | 'sought' | 'work' | 'workedSeconds'> & Partial<JobRecord>): JobRecord {
    this.db.transaction(() => {
      this.db.run(this.db.query.insertInto('jobs').values(this.encode(job)))
      for (const dependsOn of new Set(job.dependsOn)) {
        this.db.run(this.db.query.insertInto('job_dependencies').values({ jobId: job.id, dependsOn }))
      }
    })
    return this.get(job.id)
  }

  /** Moves a job to another status, only from one of `from`. Returns undefined if it was in another. */
  move(id: string, from: readonly JobStatus[], changes: Partial<Omit<JobRecord, 'id' | 'seq'>>): JobRecord | undefined {
    const touched = this.db.run(
      this.db.byName
        .updateTable('jobs')
        .set({ ...this.encode(changes) })
        .where('id', '=', id)
        .where('status', 'in', from)
    )
    return touched === 0 ? undefined : this.get(id)
  }

  /** The next job that may start on a resource: highest priority, then oldest, with everything it depends on done. */
  next(resource: JobRecord['resource'], among: ReadonlySet<string> | null = null): JobRecord | undefined {
    const row = this.db.first(
      this.db.query
        .selectFrom('jobs')
        .selectAll()
        .where('status', '=', 'queued')
        .where('resource', '=', resource)
        // A list of ids as one value: the number of values in a statement is limited.
        .$if(among !== null, (query) => query.where(isAmong('jobs.id', [...(among ?? [])])))
        .where((eb) =>
          eb.not(
            eb.exists(
              eb
                .selectFrom('job_dependencies as d')
                .leftJoin('jobs as needed', 'needed.id', 'd.dependsOn')
                .select('d.jobId')
                .whereRef('d.jobId', '=', 'jobs.id')
                .where((x) =>
                  x.or([
                    x('needed.status', 'is', null),
                    x('needed.status', '!=', 'finished'),
                    x('needed.recorded', '=', 0)
                  ])
                )
            )
          )
        )
        .where((eb) =>
          eb.not(
            eb.exists(
              eb
                .selectFrom('jobs as same')
                .select('same.id')
                .whereRef('same.mutex', '=', 'jobs.mutex')
                .where((x) =>
                  x.or([
                    x('same.status', '=', 'running'),
                    x.and([x('same.status', '=', 'finished'), x('same.recorded', '=', 0)])
                  ])
                )
            )
          )
        )
        .orderBy('priority', 'desc')
        .orderBy('seq')
    )
    return row === undefined ? undefined : this.decode(row)
  }

  /** What the newest finished jobs of a kind took, as far as that is known. */
  workDone(kind: JobKind, most = 24): { work: number; seconds: number }[] {
    const query = this.db.query
      .selectFrom('jobs')
      .select(['work', 'workedSeconds'])
      .where('kind', '=', kind)
      .where('work', 'is not', null)
      .where('workedSeconds', 'is not', null)
    const rows = this.db.all(query.orderBy('seq', 'desc').limit(most))
    return rows.map(({ work, workedSeconds }) => ({ work: work!, seconds: workedSeconds! }))
  }

  /** Together by experiment. */
  byExperiment(asked: Parameters<typeof jobGroups>[1]): ReturnType<typeof jobGroups> {
    return jobGroups(this.db, asked)
  }

  /** Queued jobs of places that wait for others, in the order of the queue, with what they need. */
  waitingAtPlaces(): { job: JobRecord; needs: Pick<JobRecord, 'id' | 'status' | 'place' | 'folder' | 'recorded'>[] }[] {
    const rows = this.decodeAll(
      this.db.all(
        this.db.query
          .selectFrom('jobs')
          .selectAll()
          .where('status', '=', 'queued')
          .where('resource', '=', 'elsewhere')
          .where((eb) =>
            eb.exists(
              eb
                .selectFrom('job_dependencies as d')
                .innerJoin('jobs as needed', 'needed.id', 'd.dependsOn')
                .select('d.jobId')
                .whereRef('d.jobId', '=', 'jobs.id')
                .where((x) => x.or([x('needed.status', '!=', 'finished'), x('needed.recorded', '=', 0)]))
            )
          )
          .orderBy('priority', 'desc')
          .orderBy('seq')
      )
    )
    const known = new Map<string, JobRecord | undefined>()
    const need = (id: string) => {
      if (!known.has(id)) known.set(id, this.find(id))
      return known.get(id)
    }
    return rows.map((job) => ({ job, needs: job.dependsOn.flatMap((id) => need(id) ?? []) }))
  }

  /** Waiting jobs that can never start because something they need did not finish. */
  doomed(): { id: string; needed: string; neededTitle: string | null; neededStatus: JobStatus | null }[] {
    return this.db.all(
      this.db.query
        .selectFrom('job_dependencies as d')
        .innerJoin('jobs as waiting', 'waiting.id', 'd.jobId')
        .leftJoin('jobs as needed', 'needed.id', 'd.dependsOn')
        .select(['waiting.id', 'd.dependsOn as needed', 'needed.title as neededTitle', 'needed.status as neededStatus'])
        .where('waiting.status', '=', 'queued')
        .where((x) =>
          x.or([x('needed.status', 'is', null), x('needed.status', 'in', ['failed', 'crashed', 'cancelled'])])
        )
    )
  }

  /** Ids of jobs that failed only because this one did not finish. */
  failedBecauseOf(id: string): string[] {
    const rows = this.db.all(
      this.db.query
        .selectFrom('job_dependencies as d')
        .innerJoin('jobs', 'jobs.id', 'd.jobId')
        .select(['jobs.id', 'jobs.error'])
        .where('d.dependsOn', '=', id)
        .where('jobs.status', '=', 'failed')
    )
    return rows.filter(({ error }) => error !== null && isAbout(error, id)).map((row) => row.id)
  }

  withStatus(...status: JobStatus[]): JobRecord[] {
    const query = this.db.query.selectFrom('jobs').selectAll().where('status', 'in', status)
    return this.decodeAll(this.db.all(query.orderBy('seq')))
  }

  /** Finished, but the feature that asked for it has not taken in its result. */
  unrecorded(): JobRecord[] {
    const query = this.db.query.selectFrom('jobs').selectAll().where('status', '=', 'finished')
    return this.decodeAll(this.db.all(query.where('recorded', '=', 0).orderBy('seq')))
  }

  /** The jobs that imported a dataset, or tried to. */
  importsOf(datasetId: string): JobRecord[] {
    const query = this.db.query.selectFrom('jobs').selectAll().where('kind', '=', 'import-dataset')
    return this.decodeAll(this.db.all(query.where(sql<boolean>`json_extract(input, '$.datasetId') = ${datasetId}`)))
  }

  /** Jobs that ended before a moment and that nothing shows or waits for, with about what they take in the database. */
  forgotten(before: string): { ids: string[]; bytes: number } {
    const rows = this.db.all(
      this.db.query
        .selectFrom('jobs')
        .select([
          'id',
          sql<number>`length(coalesce(input, '')) + length(coalesce(output, '')) + length(coalesce(error, ''))
            + (select coalesce(sum(length(text)), 0) from job_log where "jobId" = jobs.id)
            + (select coalesce(sum(length(row)), 0) from job_curve where "jobId" = jobs.id)`.as('bytes')
        ])
        .where('status', 'in', ['finished', 'failed', 'crashed', 'cancelled'])
        .where('finishedAt', '<', before)
        .where('experimentId', 'is', null)
        .where((x) => x.or([x('status', '!=', 'finished'), sql<boolean>`recorded = 1`]))
        .where((x) => x.not(x.exists(x.selectFrom('runs').select('runs.id').whereRef('runs.jobId', '=', 'jobs.id'))))
        .where((x) =>
          x.not(
            x.exists(
              x
                .selectFrom('job_dependencies as d')
                .innerJoin('jobs as waiting', 'waiting.id', 'd.jobId')
                .select('d.jobId')
                .whereRef('d.dependsOn', '=', 'jobs.id')
                .where('waiting.status', 'in', ['queued', 'running', 'paused', 'interrupted'])
            )
          )
        )
    )
    return { ids: rows.map(({ id }) => id), bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0) }
  }

  ofExperiment(experimentId: string): JobRecord[] {
    const query = this.db.query.selectFrom('jobs').selectAll().where('experimentId', '=', experimentId)
    return this.decodeAll(this.db.all(query.orderBy('seq')))
  }

  /** Newest first, without inputs and outputs, which may be large. */
  page(filter: JobFilter, limit: number, offset: number): { total: number; jobs: Job[] } {
    let query = this.db.query.selectFrom('jobs')
    if (filter.status.length > 0) query = query.where('status', 'in', filter.status)
    if (filter.kinds.length > 0) query = query.where('kind', 'in', filter.kinds)
    if (filter.experimentId !== null) query = query.where('experimentId', '=', filter.experimentId)
    if (filter.text !== '') query = query.where((x) => x(x.fn.coalesce('sought', 'title'), 'like', `%${filter.text}%`))
    const total = this.db.first(query.select((x) => x.fn.countAll<number>().as('count')))?.count ?? 0
    const rows = this.db.all(
      query
        .select([...publicColumns, 'recorded', 'seq'])
        .orderBy('seq', 'desc')
        .limit(limit)
        .offset(offset)
    )
    return { total, jobs: rows.map((row) => publicJob(this.decode(row))) }
  }
}

const publicColumns = [
  'id',
  'kind',
  'title',
  'called',
  'status',
  'priority',
  'dependsOn',
  'experimentId',
  'place',
  'progress',
  'error',
  'outcome',
  'attempts',
  'createdAt',
  'startedAt',
  'finishedAt'
] as const satisfies (keyof Job)[]

/** What clients see of a job. It is not over for anybody before its result has been taken in. */
export function publicJob(record: JobRecord): Job {
  const job = Object.fromEntries(publicColumns.map((name) => [name, record[name]])) as unknown as Job
  return record.status === 'finished' && !record.recorded ? { ...job, status: 'running', finishedAt: null } : job
}

function isAbout(error: string, needed: string): boolean {
  const { code, details } = JSON.parse(error) as WireError
  return code === 'dependency-failed' && details['needed'] === needed
}
