import type { Migration } from '../migration.ts'

/** What was mined for rerankers, and what a reranker was trained on. */
export const reranking: Migration = {
  number: 6,
  name: 'minings and rerankers',
  up: (sqlite) => sqlite.exec(sql)
}

const sql = `
create table minings (
  id text primary key, name text not null, datasetId text not null references datasets(id) on delete cascade,
  modelId text not null, rerankerId text, iteration integer not null, source text not null, settings text not null,
  report text not null, bytes integer not null, seconds real not null, createdAt text not null
) strict, without rowid;
create index minings_by_dataset on minings(datasetId);

alter table models add column reranker text;
`
