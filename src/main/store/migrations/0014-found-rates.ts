import type { Migration } from '../migration.ts'

/** The learning rate that a range test found for a model. */
export const foundRates: Migration = {
  number: 14,
  name: 'found learning rates',
  up: (sqlite) => sqlite.exec('alter table models add column foundRate text;')
}
