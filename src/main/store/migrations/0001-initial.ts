import type { Migration } from '../migration.ts'

export const initial: Migration = {
  number: 1,
  name: 'tables of version 0.1',
  up: (sqlite) => sqlite.exec(sql)
}

const sql = `
create table settings (key text primary key, value text not null) strict, without rowid;

create table datasets (
  id text primary key, name text not null, kind text not null, contentHash text not null,
  examples integer not null, tasks integer not null, groups integer not null, duplicates integer not null,
  rejected integer not null, bytes integer not null, source text not null, licence text not null,
  createdAt text not null
) strict, without rowid;

create table targets (
  id text primary key, datasetId text not null references datasets(id) on delete cascade, name text not null,
  testExamples integer not null, sourceItems integer not null, metrics text not null, answerBy text not null,
  createdAt text not null
) strict, without rowid;
create index targets_by_dataset on targets(datasetId);

create table query_sets (
  id text primary key, targetId text not null references targets(id) on delete cascade, size integer not null,
  round integer not null, origin text not null, seed integer, inTest integer not null, queries text not null
) strict, without rowid;
create index query_sets_by_target on query_sets(targetId, size, round);

create table leak_checks (
  targetId text not null references targets(id) on delete cascade,
  datasetId text not null references datasets(id) on delete cascade,
  checkedAt text not null, seconds real not null,
  primary key (targetId, datasetId)
) strict, without rowid;

create table leaks (
  targetId text not null, datasetId text not null, exampleId integer not null, targetExampleId integer not null,
  kind text not null, similarity real not null,
  primary key (targetId, datasetId, exampleId, targetExampleId),
  foreign key (targetId, datasetId) references leak_checks(targetId, datasetId) on delete cascade
) strict, without rowid;

create table models (
  id text primary key, name text not null, role text not null, architecture text not null,
  parameters integer not null, hiddenSize integer not null, maxInputTokens integer, fingerprint text not null,
  prefix text not null, bytes integer not null, source text not null, licence text not null, createdAt text not null
) strict, without rowid;

create table indices (
  id text primary key, fingerprint text not null, datasetId text not null references datasets(id) on delete cascade,
  modelId text not null references models(id) on delete cascade, representation text not null,
  dimension integer not null, vectors integer not null, precision text not null, search text not null,
  recall real not null, bytes integer not null, seconds real not null, createdAt text not null
) strict, without rowid;
create index indices_by_dataset on indices(datasetId, modelId, representation);
create index indices_by_model on indices(modelId);

create table experiments (
  id text primary key, spec text not null, status text not null, createdAt text not null, finishedAt text
) strict, without rowid;

create table runs (
  id text primary key, experimentId text not null, fingerprint text not null, strategy text not null,
  round integer not null, ablatedGroup text, seed integer not null, status text not null, jobId text, provider text,
  seconds text, peakBytes real, versions text not null, createdAt text not null, finishedAt text,
  targetIds text not null
) strict, without rowid;
create index runs_by_fingerprint on runs(fingerprint, status);
create index runs_by_job on runs(jobId);

create table experiment_runs (
  experimentId text not null references experiments(id) on delete cascade,
  runId text not null references runs(id) on delete cascade,
  key text not null, position integer not null,
  primary key (experimentId, key)
) strict, without rowid;
create index experiment_runs_by_run on experiment_runs(runId);

create table scores (
  runId text not null references runs(id) on delete cascade, targetId text not null, metric text not null,
  value real not null, examples integer not null,
  primary key (runId, targetId, metric)
) strict, without rowid;

create table jobs (
  seq integer primary key autoincrement, id text not null unique, kind text not null, title text not null,
  status text not null, priority integer not null, dependsOn text not null, experimentId text, progress text,
  error text, attempts integer not null, createdAt text not null, startedAt text, finishedAt text,
  input text not null, output text, folder text not null, resource text not null, recorded integer not null
) strict;
create index jobs_by_status on jobs(status, resource, priority desc, seq);
create index jobs_by_experiment on jobs(experimentId);

create table job_dependencies (
  jobId text not null references jobs(id) on delete cascade, dependsOn text not null,
  primary key (jobId, dependsOn)
) strict, without rowid;
create index job_dependencies_by_target on job_dependencies(dependsOn);

create table job_log (
  seq integer primary key autoincrement, jobId text not null references jobs(id) on delete cascade,
  time text not null, level text not null, text text not null
) strict;
create index job_log_by_job on job_log(jobId, seq);

create table job_curve (
  seq integer primary key autoincrement, jobId text not null references jobs(id) on delete cascade, row text not null
) strict;
create index job_curve_by_job on job_curve(jobId, seq);
`
