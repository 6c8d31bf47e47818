import { sql } from 'kysely'

/** Whether a column holds one of these: for any number of them, as a list in the query itself has a bound. */
export function isAmong(column: string, values: readonly string[]) {
  return sql<boolean>`${sql.ref(column)} in (select value from json_each(${JSON.stringify(values)}))`
}
