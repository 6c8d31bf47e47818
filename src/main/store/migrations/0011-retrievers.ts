import type { Migration } from '../migration.ts'

/** What a trained retriever was trained on. */
export const retrievers: Migration = {
  number: 11,
  name: 'trained retrievers',
  up: (sqlite) => sqlite.exec('alter table models add column retriever text;')
}
