import type { Migration } from '../migration.ts'

/** Those that are not over are found, and all are counted, without reading what was asked of each. */
export const experimentsByStatus: Migration = {
  number: 15,
  name: 'experiments by status',
  up: (sqlite) => sqlite.exec('create index experiments_by_status on experiments(status);')
}
