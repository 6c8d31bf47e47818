import type { Migration } from '../migration.ts'

/**
 * Best scores of experiments are kept, so that a list of thousands is sorted by them at once. Triggers note whatever a best score
 * hangs on, whoever writes it: a run's end, scores, what a run stands for in an experiment, a target's metrics, what was asked for,
 * rows that come out of the bin. Noted experiments are worked out when somebody asks (kept-best-scores.ts); at first all.
 */
export const bestScoresKept: Migration = {
  number: 17,
  name: 'best scores are kept',
  up: (sqlite) => sqlite.exec(sql)
}

const note = (ids: string) =>
  `insert into unsettled_best select id from (${ids}) as touched where id not in (select experimentId from unsettled_best)`
const ofRun = (row: 'old' | 'new', id: string) =>
  note(`select distinct experimentId as id from experiment_runs where runId = ${row}.${id}`)
const ofTarget = (row: 'old' | 'new') =>
  note(
    `select distinct experiments.id as id from experiments, json_each(experiments.spec, '$.targetIds') as one where one.value = ${row}.id`
  )
const trigger = (name: string, when: string, work: string) =>
  `create trigger best_${name} after ${when} begin ${work}; end;`

const sql = `
create table best_scores (
  experimentId text primary key references experiments(id) on delete cascade,
  strategy text not null, metric text not null, mean real not null
) strict, without rowid;
create index best_scores_by_mean on best_scores(mean);
create table unsettled_best (experimentId text primary key) strict, without rowid;
${trigger('score_in', 'insert on scores', ofRun('new', 'runId'))}
${trigger('score_changed', 'update on scores', ofRun('new', 'runId'))}
${trigger('score_out', 'delete on scores', ofRun('old', 'runId'))}
${trigger('run_changed', 'update of status, strategy, variant, round, ablatedGroup, targetIds on runs', ofRun('new', 'id'))}
${trigger('link_in', 'insert on experiment_runs', note('select new.experimentId as id'))}
${trigger('link_changed', 'update on experiment_runs', note('select new.experimentId as id union select old.experimentId'))}
${trigger('link_out', 'delete on experiment_runs', note('select old.experimentId as id'))}
${trigger('experiment_in', 'insert on experiments', note('select new.id as id'))}
${trigger('experiment_changed', 'update of spec on experiments', note('select new.id as id'))}
${trigger('target_in', 'insert on targets', ofTarget('new'))}
${trigger('target_changed', 'update of metrics on targets', ofTarget('new'))}
${trigger('target_out', 'delete on targets', ofTarget('old'))}
insert into unsettled_best select id from experiments;
`
