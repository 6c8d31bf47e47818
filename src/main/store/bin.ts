import type { Thing, ThingKind } from '../contract/things.ts'
import type { Database } from './database.ts'
import type { BinRecord, SavedRows, Table } from './schema.ts'

/**
 * Deleted things: their rows, as they were. What is deleted is read by the same function that says what would be; the
 * tables then know nothing of it, so no query has to leave it out.
 */
export class Bin {
  readonly #db: Database

  constructor(db: Database) {
    this.#db = db
  }

  /** Everything that a deletion takes along, from every table that the thing stands in. */
  rowsOf({ what, id }: Thing): SavedRows {
    return [...this.#owned[what](id), ...this.#labels(what, id)].filter(({ rows }) => rows.length > 0)
  }

  /** Puts the rows in the bin and takes them out of their tables, all or none. */
  put(record: BinRecord): void {
    const { rows, folders, ...rest } = record
    this.#db.transaction(() => {
      this.#db.run(
        this.#db.query
          .insertInto('bin')
          .values({ ...rest, rows: JSON.stringify(rows), folders: JSON.stringify(folders) })
      )
      // Backwards, so that nothing is left that refers to what has gone.
      for (const saved of rows.toReversed()) for (const row of saved.rows) this.#take(saved.table, row)
    })
  }

  /** What of a deletion can come back: rows whose parents are there, or come back with them. */
  restorable({ rows }: BinRecord): SavedRows {
    const kept: SavedRows = []
    for (const { table, rows: saved } of rows)
      kept.push({ table, rows: saved.filter((row) => this.#hasParents(table, row, kept)) })
    return kept
  }

  /** Puts rows back where they were, all or none; what is there again by now stays as it is. */
  restore(binId: string, saved: SavedRows): void {
    this.#db.transaction(() => {
      for (const { table, rows } of saved)
        for (const row of rows)
          this.#db.run(
            this.#db.query
              .insertInto(table)
              .values(row)
              .onConflict((conflict) => conflict.doNothing())
          )
      this.forget(binId)
    })
  }

  list(): BinRecord[] {
    return this.#db
      .all(this.#db.query.selectFrom('bin').selectAll().orderBy('deletedAt', 'desc'))
      .map(({ rows, folders, ...rest }) => ({
        ...rest,
        rows: JSON.parse(rows) as SavedRows,
        folders: JSON.parse(folders) as string[]
      }))
  }

  find(binId: string): BinRecord | undefined {
    return this.list().find((record) => record.binId === binId)
  }

  deletedAt(binId: string, when: Date): void {
    const deletedAt = when.toISOString()
    this.#db.run(this.#db.query.updateTable('bin').set({ deletedAt }).where('binId', '=', binId))
  }

  forget(binId: string): void {
    this.#db.run(this.#db.query.deleteFrom('bin').where('binId', '=', binId))
  }

  /** By kind: the rows that belong to the thing and to nothing else. */
  readonly #owned: Record<ThingKind, (id: string) => SavedRows> = {
    dataset: (id) => {
      const targets = this.#rows('targets', 'datasetId', [id])
      return [
        { table: 'datasets', rows: this.#rows('datasets', 'id', [id]) },
        { table: 'targets', rows: targets },
        ...this.#ofTargets(ids(targets)),
        { table: 'leak_checks', rows: this.#rows('leak_checks', 'datasetId', [id]) },
        { table: 'leaks', rows: this.#rows('leaks', 'datasetId', [id]) },
        ...targets.flatMap((target) => this.#labels('target', String(target['id']))),
        { table: 'minings', rows: this.#rows('minings', 'datasetId', [id]) },
        ...this.#indices(this.#rows('indices', 'datasetId', [id]))
      ]
    },
    target: (id) => [{ table: 'targets', rows: this.#rows('targets', 'id', [id]) }, ...this.#ofTargets([id])],
    model: (id) => [
      { table: 'models', rows: this.#rows('models', 'id', [id]) },
      ...this.#indices(this.#rows('indices', 'modelId', [id]))
    ],
    mining: (id) => [{ table: 'minings', rows: this.#rows('minings', 'id', [id]) }],
    index: (id) => [{ table: 'indices', rows: this.#rows('indices', 'id', [id]) }],
    experiment: (id) => {
      const links = this.#rows('experiment_runs', 'experimentId', [id])
      const runIds = links.map((link) => String(link['runId']))
      const shared = new Set(
        this.#rows('experiment_runs', 'runId', runIds)
          .filter((link) => link['experimentId'] !== id)
          .map((link) => link['runId'])
      )
      const own = runIds.filter((runId) => !shared.has(runId))
      // The job of a run that another experiment shows too stays with its log and curve.
      const others = new Set(this.#rows('runs', 'id', [...shared].map(String)).map((run) => run['jobId']))
      const jobs = this.#rows('jobs', 'experimentId', [id]).filter((job) => !others.has(job['id']))
      return [
        { table: 'experiments', rows: this.#rows('experiments', 'id', [id]) },
        { table: 'runs', rows: this.#rows('runs', 'id', own) },
        { table: 'experiment_runs', rows: links },
        { table: 'scores', rows: this.#rows('scores', 'runId', own) },
        { table: 'jobs', rows: jobs },
        ...(['job_dependencies', 'job_log', 'job_curve'] as const).map((table) => ({
          table,
          rows: this.#rows(table, 'jobId', ids(jobs))
        }))
      ]
    }
  }

  #ofTargets(targetIds: string[]): SavedRows {
    return [
      { table: 'query_sets', rows: this.#rows('query_sets', 'targetId', targetIds) },
      { table: 'leak_checks', rows: this.#rows('leak_checks', 'targetId', targetIds) },
      { table: 'leaks', rows: this.#rows('leaks', 'targetId', targetIds) }
    ]
  }

  #indices(rows: Record<string, unknown>[]): SavedRows {
    return [{ table: 'indices', rows }, ...rows.flatMap((row) => this.#labels('index', String(row['id'])))]
  }

  #labels(what: ThingKind, id: string): SavedRows {
    const rows = this.#rows('labels', 'id', [id]).filter((row) => row['what'] === what)
    return [{ table: 'labels', rows }]
  }

  #rows(table: Table, column: string, values: readonly string[]): Record<string, unknown>[] {
    return values.flatMap((value) =>
      this.#db.all(this.#db.byName.selectFrom(table).selectAll().where(column, '=', value))
    )
  }

  #take(table: Table, row: Record<string, unknown>): void {
    let query = this.#db.byName.deleteFrom(table)
    for (const column of keyOf(table)) query = query.where(column, '=', row[column])
    this.#db.run(query)
  }

  /** Whether everything that a row refers to is there, or comes with it. */
  #hasParents(table: Table, row: Record<string, unknown>, coming: SavedRows): boolean {
    return (parents[table] ?? []).every(([column, parent]) => {
      const id = String(row[column])
      const comes = coming.some((saved) => saved.table === parent && ids(saved.rows).includes(id))
      return comes || this.#rows(parent, 'id', [id]).length > 0
    })
  }
}

/** The columns that tell the rows of a table apart, where that is not `id`. */
const keys: Partial<Record<Table, readonly string[]>> = {
  leak_checks: ['targetId', 'datasetId'],
  leaks: ['targetId', 'datasetId', 'exampleId', 'targetExampleId'],
  experiment_runs: ['experimentId', 'key'],
  scores: ['runId', 'targetId', 'metric'],
  job_dependencies: ['jobId', 'dependsOn'],
  job_log: ['seq'],
  job_curve: ['seq'],
  labels: ['what', 'id']
}

function keyOf(table: Table): readonly string[] {
  return keys[table] ?? ['id']
}

/** What a row cannot be without; it may have been deleted while the row lay in the bin. */
const parents: Partial<Record<Table, readonly (readonly [string, Table])[]>> = {
  targets: [['datasetId', 'datasets']],
  query_sets: [['targetId', 'targets']],
  leak_checks: [
    ['targetId', 'targets'],
    ['datasetId', 'datasets']
  ],
  leaks: [
    ['targetId', 'targets'],
    ['datasetId', 'datasets']
  ],
  indices: [
    ['datasetId', 'datasets'],
    ['modelId', 'models']
  ],
  minings: [['datasetId', 'datasets']],
  experiment_runs: [['runId', 'runs']]
}

function ids(rows: readonly Record<string, unknown>[]): string[] {
  return rows.map((row) => String(row['id']))
}
