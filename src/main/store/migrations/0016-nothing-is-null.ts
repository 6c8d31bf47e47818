import type { Database } from 'better-sqlite3'
import type { Migration } from '../migration.ts'

/** What is not there is null: until now an empty text meant it in labels, in the settings of places and in the progress of jobs. */
export const nothingIsNull: Migration = {
  number: 16,
  name: 'nothing is null',
  up: (sqlite) => {
    sqlite.exec(sql)
    binned(sqlite)
  }
}

const emptied = (table: string, column: string, field: string) =>
  `update ${table} set ${column} = json_set(${column}, '$.${field}', null) where json_extract(${column}, '$.${field}') = '';`

const sql = `
create table labels_new (
  what text not null, id text not null, name text, note text, tags text not null,
  archived integer not null,
  primary key (what, id)
) strict, without rowid;
insert into labels_new select what, id, nullif(name, ''), nullif(note, ''), tags, archived from labels;
drop table labels;
alter table labels_new rename to labels;
${emptied('places', 'settings', 'partition')}
${emptied('places', 'settings', 'account')}
${emptied('jobs', 'progress', 'phase')}
${emptied('jobs', 'progress', 'unit')}
`

interface Saved {
  table: string
  rows: Record<string, unknown>[]
}

/** Rows that lie in the bin come back into the tables as they are now. */
function binned(sqlite: Database): void {
  const all = sqlite.prepare<[], { binId: string; rows: string }>('select binId, rows from bin').all()
  const write = sqlite.prepare('update bin set rows = ? where binId = ?')
  for (const { binId, rows } of all) {
    const saved = JSON.parse(rows) as Saved[]
    const changed = saved.map((one) => (one.table === 'labels' ? { ...one, rows: one.rows.map(withoutEmpty) } : one))
    write.run(JSON.stringify(changed), binId)
  }
}

function withoutEmpty(row: Record<string, unknown>): Record<string, unknown> {
  return { ...row, name: row['name'] === '' ? null : row['name'], note: row['note'] === '' ? null : row['note'] }
}
