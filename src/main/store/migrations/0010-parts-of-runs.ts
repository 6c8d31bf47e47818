import type { Migration } from '../migration.ts'

/**
 * What a run's weights hang on is noted by itself, and an experiment may take a part of a run: some of its targets, as
 * another round, or as one value of a sweep.
 */
export const partsOfRuns: Migration = {
  number: 10,
  name: 'parts of runs',
  up: (sqlite) => sqlite.exec(sql)
}

const sql = `
alter table runs add column variant text not null default '[]';
alter table runs add column tuning text;
alter table runs add column asked text not null default '{}';
create index runs_by_tuning on runs(tuning, status);
alter table experiment_runs add column round integer;
alter table experiment_runs add column targetIds text;
alter table experiment_runs add column variant text;
update experiments set spec = json_set(spec, '$.sweep', json('[]')) where json_type(spec, '$.sweep') is null;
update experiments set spec = json_set(spec, '$.tuneFor', null) where json_type(spec, '$.tuneFor') is null;
`
