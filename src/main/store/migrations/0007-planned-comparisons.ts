import type { Migration } from '../migration.ts'

/** Comparisons that an experiment was made for are named in its spec; experiments from before name none. */
export const plannedComparisons: Migration = {
  number: 7,
  name: 'planned comparisons',
  up: (sqlite) => sqlite.exec(sql)
}

const sql = `
update experiments set spec = json_set(spec, '$.planned', json('[]')) where json_extract(spec, '$.planned') is null;
`
