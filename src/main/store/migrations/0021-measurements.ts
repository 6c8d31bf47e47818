import type { Migration } from '../migration.ts'

/** What was measured of this computer and need not be measured again while nothing that it hangs on has changed. */
export const measurements: Migration = {
  number: 21,
  name: 'measurements',
  up: (sqlite) =>
    sqlite.exec(`
create table measurements (
  name text not null,
  circumstances text not null,
  value real not null,
  primary key (name, circumstances)
);
`)
}
