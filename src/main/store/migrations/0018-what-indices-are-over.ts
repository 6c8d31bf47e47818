import type { Migration } from '../migration.ts'

/** What an index is embedded over. Until now that was always the inputs alone. */
export const whatIndicesAreOver: Migration = {
  number: 18,
  name: 'what indices are over',
  up: (sqlite) => sqlite.exec(`alter table indices add column "over" text not null default 'input';`)
}
