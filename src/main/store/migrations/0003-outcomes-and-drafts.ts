import type { Migration } from '../migration.ts'

/** What a job made or found is kept with it; half-filled forms are kept with the home. */
export const outcomesAndDrafts: Migration = {
  number: 3,
  name: 'outcomes of jobs, drafts of forms',
  up: (sqlite) => sqlite.exec(sql)
}

const sql = `
alter table jobs add column outcome text;
create table drafts (name text primary key, version text not null, text text not null) strict, without rowid;
`
