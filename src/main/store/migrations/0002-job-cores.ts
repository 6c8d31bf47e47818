import type { Migration } from '../migration.ts'

/** Jobs that compute on some of the cores only, so that several run side by side, but never two of the same. */
export const jobCores: Migration = {
  number: 2,
  name: 'cores of a job',
  up: (sqlite) => sqlite.exec(sql)
}

const sql = `
alter table jobs add column cores integer;
alter table jobs add column mutex text;
create index jobs_by_mutex on jobs(mutex) where mutex is not null;
`
