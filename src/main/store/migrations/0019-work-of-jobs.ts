import type { Migration } from '../migration.ts'

/** How much work a job was and how long it worked, without its pauses: what the next of its kind will take is told from them. */
export const workOfJobs: Migration = {
  number: 19,
  name: 'work of jobs',
  up: (sqlite) =>
    sqlite.exec(`
alter table jobs add column work real;
alter table jobs add column workedSeconds real;
create index jobs_by_work on jobs(kind, seq) where work is not null and workedSeconds is not null;
`)
}
