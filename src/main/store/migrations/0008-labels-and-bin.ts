import type { Migration } from '../migration.ts'

/** What the user writes on things, and the things that were deleted and can be brought back for a while. */
export const labelsAndBin: Migration = {
  number: 8,
  name: 'names, notes and tags of things, bin',
  up: (sqlite) => sqlite.exec(sql)
}

const sql = `
create table labels (
  what text not null, id text not null, name text not null, note text not null, tags text not null,
  archived integer not null,
  primary key (what, id)
) strict, without rowid;

create table bin (
  binId text primary key, what text not null, id text not null, name text not null, others integer not null,
  bytes real not null, deletedAt text not null, rows text not null, folders text not null
) strict, without rowid;
`
