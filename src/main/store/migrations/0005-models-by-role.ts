import type { Migration } from '../migration.ts'

/**
 * An experiment names its models by the part that they play, and a run any number of indices. Fields that say the same are
 * moved; nothing that decides a number changes, so finished runs are found again by their fingerprints.
 */
export const modelsByRole: Migration = {
  number: 5,
  name: 'models of an experiment by role',
  up: (sqlite) => sqlite.exec(sql)
}

const sql = `
update experiments set spec = json_remove(
  json_set(spec, '$.models', json_object(
    'base', json_extract(spec, '$.modelId'), 'encoder', json_extract(spec, '$.encoderId')
  )),
  '$.modelId', '$.encoderId'
) where json_type(spec, '$.modelId') is not null;

update jobs set input = json_remove(
  json_set(input, '$.indices', case json_type(input, '$.index')
    when 'object' then json_array(json_extract(input, '$.index')) else json_array() end),
  '$.index'
) where kind = 'run-strategy' and json_type(input, '$.index') is not null;
`
