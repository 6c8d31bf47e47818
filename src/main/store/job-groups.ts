import { sql } from 'kysely'
import type { JobGroup, JobStatus } from '../contract/jobs.ts'
import { isAmong } from './is-among.ts'
import type { Database } from './database.ts'

/**
 * Jobs by experiment, that with the newest job first. Those of experiments that are gone are under their ids. Which groups there are
 * is read off an index; their jobs are counted for those of the page alone.
 */
export function jobGroups(
  db: Database,
  { text, limit, offset }: { text: string; limit: number; offset: number }
): { total: number; groups: JobGroup[] } {
  const every = db.all(
    db.query
      .selectFrom('jobs')
      .select([sql<string>`jobs."experimentId"`.as('experimentId'), sql<number>`max(jobs.seq)`.as('newest')])
      .where('jobs.experimentId', 'is not', null)
      .groupBy('jobs.experimentId')
  )
  const known = namesLike(db, text)
  const found = every
    .filter(({ experimentId }) => known.names.has(experimentId) || known.goneToo(experimentId))
    .sort((a, b) => b.newest - a.newest)
  const page = found.slice(offset, offset + limit).map(({ experimentId }) => experimentId)
  const counts = countsOf(db, page)
  const groups = page.map((experimentId) => {
    const name = known.names.get(experimentId) ?? experimentId
    return { experimentId, name, ...counts.get(experimentId)! }
  })
  return { total: found.length, groups }
}

/** Experiments whose name holds the text, and whether the id of one that is gone does. */
function namesLike(db: Database, text: string) {
  const name = sql<string>`json_extract(experiments.spec, '$.name')`
  const escaped = text.replaceAll(/[\\%_]/g, String.raw`\$&`)
  const query = db.query.selectFrom('experiments').select(['experiments.id', name.as('name')])
  const found = db.all(
    query.$if(text !== '', (all) => all.where(sql<boolean>`${name} like ${`%${escaped}%`} escape '\\'`))
  )
  const names = new Map(found.map((row) => [row.id, row.name]))
  const there = new Set(
    text === '' ? names.keys() : db.all(db.query.selectFrom('experiments').select('id')).map(({ id }) => id)
  )
  const goneToo = (id: string): boolean => !there.has(id) && id.toLowerCase().includes(text.toLowerCase())
  return { names, goneToo }
}

/** How the jobs of some experiments stand. */
function countsOf(
  db: Database,
  ids: readonly string[]
): Map<string, Pick<JobGroup, 'jobs' | 'finished' | 'open' | 'troubled'>> {
  const having = (...statuses: JobStatus[]) =>
    sql<number>`sum(jobs.status in (${sql.join(statuses.map((status) => sql.lit(status)))}))`
  const rows = db.all(
    db.query
      .selectFrom('jobs')
      .select([
        sql<string>`jobs."experimentId"`.as('experimentId'),
        sql<number>`count(*)`.as('jobs'),
        having('finished').as('finished'),
        having('running', 'queued', 'paused', 'interrupted').as('open'),
        having('failed', 'crashed', 'interrupted').as('troubled')
      ])
      // As one value: the number of values in a statement is limited.
      .where(isAmong('jobs.experimentId', ids))
      .groupBy('jobs.experimentId')
  )
  return new Map(rows.map(({ experimentId, ...counts }) => [experimentId, counts]))
}
