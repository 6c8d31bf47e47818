import type { Migration } from '../migration.ts'

/**
 * What a job's title speaks of, so that screens say it in the reader's language, and the title in all languages for those who search.
 * Older jobs keep the sentence that they have.
 */
export const titlesOfJobs: Migration = {
  number: 20,
  name: 'titles of jobs',
  up: (sqlite) =>
    sqlite.exec(`
alter table jobs add column called text;
alter table jobs add column sought text;
`)
}
