import Sqlite from 'better-sqlite3'

/** Writes and searches a table in memory as data sets have one; returns SQLite's version. Throws what SQLite throws. */
export function trySqlite(): string {
  const db = new Sqlite(':memory:')
  try {
    db.exec("create virtual table words using fts5(text); insert into words values ('one two'), ('three')")
    const found = db
      .prepare("select count(*) as n, sqlite_version() as version from words where words match 'two'")
      .get()
    const { n, version } = found as { n: number; version: string }
    if (n !== 1) throw new Error(`SQLite ${version} does not find what was written.`)
    return version
  } finally {
    db.close()
  }
}
