import { sql } from 'kysely'
import type { JobGroup } from '../contract/jobs.ts'
import type { Database } from './database.ts'

/** Jobs by experiment, that with the newest job first. Those of experiments that are gone are under their ids. */
export function jobGroups(
  db: Database,
  { text, limit, offset }: { text: string; limit: number; offset: number }
): { total: number; groups: JobGroup[] } {
  const name = sql<string>`coalesce(json_extract(experiments.spec, '$.name'), jobs.experimentId)`
  const having = (...statuses: string[]) =>
    sql<number>`sum(jobs.status in (${sql.join(statuses.map((status) => sql.lit(status)))}))`
  const query = db.query
    .selectFrom('jobs')
    .leftJoin('experiments', 'experiments.id', 'jobs.experimentId')
    .where('jobs.experimentId', 'is not', null)
    .where(sql<boolean>`${name} like ${`%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`} escape '\\'`)
  const total = db.first(query.select(sql<number>`count(distinct jobs.experimentId)`.as('count')))
  const groups = db.all(
    query
      .select([
        sql<string>`jobs.experimentId`.as('experimentId'),
        name.as('name'),
        sql<number>`count(*)`.as('jobs'),
        having('finished').as('finished'),
        having('running', 'queued', 'paused', 'interrupted').as('open'),
        having('failed', 'crashed', 'interrupted').as('troubled')
      ])
      .groupBy('jobs.experimentId')
      .orderBy(sql`max(jobs.seq)`, 'desc')
      .limit(limit)
      .offset(offset)
  )
  return { total: total?.count ?? 0, groups }
}
