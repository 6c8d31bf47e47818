import { sql } from 'kysely'
import type { ExperimentOrder, ExperimentSearch } from '../contract/experiment-search.ts'
import type { BestScore } from '../contract/experiments.ts'
import type { Database } from './database.ts'

/** What an experiment is searched in and sorted by without its scores. */
interface Searched {
  id: string
  status: string
  name: string
  /** As JSON: the data set, the models' ids, the targets' ids, the strategies. */
  datasetId: string | null
  models: string | null
  targetIds: string
  strategies: string
  tags: string | null
  note: string | null
}

/** The ids of a page of experiments, in order, and how many there are around it. */
interface Found {
  total: number
  all: number
  archived: number
  ids: string[]
}

type Values = ReadonlyMap<string, number | null>

/**
 * Searches and sorts the list of experiments. As it comes (the newest first, nothing searched) the database gives the page alone,
 * whatever the length of the list, and so it does by best scores; otherwise a few fields of all of them are looked through.
 * `unsaved`: best scores that are not in their table, as the disk takes no writes; null: all are there.
 */
export function searchExperiments(
  db: Database,
  asked: ExperimentSearch,
  unsaved: ReadonlyMap<string, BestScore | null> | null
): Found {
  const { total: every, archived } = counts(db)
  const around = { all: every - archived, archived }
  const wanted = asked.text.toLowerCase().split(/\s+/).filter(Boolean)
  const all = wanted.length === 0 && asked.strategies.length === 0
  const { sort } = asked
  if (all && (sort === 'started' || (sort === 'best' && unsaved === null))) {
    const total = asked.comparable ? countOf(db, asked) : asked.archived ? every : around.all
    return { ...around, total, ids: idsOf(db, asked) }
  }
  const names = namesOf(db)
  const rows = searched(db, asked).filter((row) => matches(row, wanted, asked, names))
  const ordered = inOrder(rows, asked, () => (sort === 'best' ? bestMeans(db, unsaved) : runCounts(db)))
  const ids = ordered.slice(asked.offset, asked.offset + asked.limit).map(({ id }) => id)
  return { ...around, total: ordered.length, ids }
}

/** Those that a list may show at all. */
function listed(db: Database, { archived, comparable }: Pick<ExperimentSearch, 'archived' | 'comparable'>) {
  return db.query
    .selectFrom('experiments')
    .leftJoin('labels', (join) =>
      join.onRef('labels.id', '=', 'experiments.id').on('labels.what', '=', sql.lit('experiment'))
    )
    .$if(!archived, (query) => query.where(sql<boolean>`coalesce(labels.archived, 0) = 0`))
    .$if(comparable, (query) =>
      query.where(
        sql<boolean>`exists (select 1 from experiment_runs as link join runs on runs.id = link."runId"
          where link."experimentId" = experiments.id and runs.status = 'finished')`
      )
    )
}

function counts(db: Database): { total: number; archived: number } {
  const total = db.first(db.query.selectFrom('experiments').select((x) => x.fn.countAll<number>().as('count')))
  const archived = db.first(
    db.query
      .selectFrom('labels')
      .innerJoin('experiments', 'experiments.id', 'labels.id')
      .select((x) => x.fn.countAll<number>().as('count'))
      .where('labels.what', '=', 'experiment')
      .where('labels.archived', '=', 1)
  )
  return { total: total?.count ?? 0, archived: archived?.count ?? 0 }
}

function countOf(db: Database, asked: ExperimentSearch): number {
  return db.first(listed(db, asked).select((x) => x.fn.countAll<number>().as('count')))?.count ?? 0
}

function idsOf(db: Database, asked: ExperimentSearch): string[] {
  const way = asked.down ? 'desc' : 'asc'
  const page = listed(db, asked).select('experiments.id').limit(asked.limit).offset(asked.offset)
  const ordered =
    asked.sort === 'best'
      ? page
          .leftJoin('best_scores', 'best_scores.experimentId', 'experiments.id')
          .orderBy(sql`best_scores.mean is null`)
          .orderBy('best_scores.mean', way)
          .orderBy('experiments.id')
      : page.orderBy('experiments.id', way)
  return db.all(ordered).map(({ id }) => id)
}

function searched(db: Database, asked: ExperimentSearch): Searched[] {
  const spec = (path: string) => sql<string>`json_extract(experiments.spec, ${sql.lit(`$.${path}`)})`
  return db.all(
    listed(db, asked)
      .select([
        'experiments.id',
        'experiments.status',
        spec('name').as('name'),
        spec('datasetId').as('datasetId'),
        spec('models').as('models'),
        spec('targetIds').as('targetIds'),
        spec('strategies').as('strategies'),
        'labels.tags',
        'labels.note'
      ])
      .orderBy('experiments.id')
  )
}

/** What data, targets and models are called, by id. */
function namesOf(db: Database): ReadonlyMap<string, string> {
  const named = (['datasets', 'targets', 'models'] as const).flatMap((table) =>
    db.all(db.query.selectFrom(table).select(['id', 'name']))
  )
  return new Map(named.map(({ id, name }) => [id, name]))
}

function matches(
  row: Searched,
  wanted: readonly string[],
  asked: ExperimentSearch,
  names: ReadonlyMap<string, string>
): boolean {
  if (wanted.length === 0 && asked.strategies.length === 0) return true
  if (wanted.length > 0) {
    const parts = Object.values(JSON.parse(row.models ?? '{}') as Record<string, string | null>)
    const used = [row.datasetId, ...parts, ...(JSON.parse(row.targetIds) as string[])]
    const called = used.flatMap((id) => (id === null ? [] : (names.get(id) ?? [])))
    const tags = JSON.parse(row.tags ?? '[]') as string[]
    const text = [row.name, ...called, ...tags, row.note ?? ''].join(' ').toLowerCase()
    if (wanted.every((word) => text.includes(word))) return true
  }
  const strategies = JSON.parse(row.strategies) as string[]
  return asked.strategies.some((name) => strategies.includes(name))
}

function bestMeans(db: Database, unsaved: ReadonlyMap<string, BestScore | null> | null): Values {
  const kept = db.all(db.query.selectFrom('best_scores').select(['experimentId', 'mean']))
  const fresh = [...(unsaved ?? [])].map(([id, best]) => [id, best?.mean ?? null] as const)
  return new Map([...kept.map(({ experimentId, mean }) => [experimentId, mean] as const), ...fresh])
}

function runCounts(db: Database): Values {
  const query = db.query
    .selectFrom('experiment_runs')
    .select((x) => ['experimentId', x.fn.countAll<number>().as('count')])
    .groupBy('experimentId')
  return new Map(db.all(query).map(({ experimentId, count }) => [experimentId, count]))
}

/** Equal ones stay in the order of their start, whichever way it is sorted; what has no value stands at the end. */
function inOrder(
  rows: readonly Searched[],
  { sort, down }: Pick<ExperimentSearch, 'sort' | 'down'>,
  figures: () => Values
): readonly Searched[] {
  if (sort === 'started') return down ? rows.toReversed() : rows
  const counted = sort === 'best' || sort === 'runs' ? figures() : null
  const turn = down ? -1 : 1
  return rows
    .map((row) => ({ row, value: counted ? (counted.get(row.id) ?? null) : valueOf(row, sort) }))
    .sort(({ value: a }, { value: b }) => {
      if (a === null || b === null) return Number(a === null) - Number(b === null)
      return (typeof a === 'number' && typeof b === 'number' ? a - b : compare(String(a), String(b))) * turn
    })
    .map(({ row }) => row)
}

function valueOf(row: Searched, by: ExperimentOrder): string | number {
  if (by === 'name') return row.name
  if (by === 'status') return row.status
  return (JSON.parse(by === 'targets' ? row.targetIds : row.strategies) as string[]).length
}

const { compare } = new Intl.Collator(undefined, { numeric: true })
