import type { Migration } from '../migration.ts'

/** Places to compute besides this computer, and where each job does. */
export const places: Migration = {
  number: 9,
  name: 'places to compute',
  up: (sqlite) => sqlite.exec(sql)
}

const sql = `
create table places (
  id text primary key,
  settings text not null,
  "check" text,
  createdAt text not null
) strict;
alter table jobs add column place text;
`
