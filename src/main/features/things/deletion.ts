import { strategyOfIndex, type Representation, type StrategyName } from '../../contract/strategies.ts'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../contract/error.ts'
import type { ExperimentSpec } from '../../contract/experiments.ts'
import { indicesOf } from '../../contract/strategies.ts'
import type { Loss, Named, Thing } from '../../contract/things.ts'
import type { SavedRows } from '../../store/schema.ts'
import { bytesUnder } from '../lab/housekeeping.ts'
import { refuseWhileInUse } from './in-use.ts'
import { refuseWhileTrainedOn } from '../reranking/in-training.ts'
import type { Services } from '../services.ts'
import { filesOf, unusedUploads, uploadsAmong } from '../datasets/uploads.ts'
import { nameOf } from './labels.ts'

/** A deletion as it would be done now: what a dialog says of it is read off the very thing that is then carried out. */
export interface Deletion {
  thing: Thing
  loss: Loss
  rows: SavedRows
  /** Folders that go, each relative to the home. */
  folders: string[]
  /** Folders of files that a browser handed over for it; they do not go into the bin. */
  uploads: string[]
}

/** Throws `not-found`. */
export async function planDeletion(services: Services, thing: Thing): Promise<Deletion> {
  const name = nameOf(services, thing)
  const rows = services.store.bin.rowsOf(thing)
  const folders = foldersOf(rows).filter((folder) => existsSync(services.home.inside(folder)))
  const bytes = await Promise.all(folders.map((folder) => bytesUnder(services.home.inside(folder))))
  const uploads = await uploadsOf(services, thing)
  const copied = await Promise.all(
    uploads.map(async (folder) => [await readdir(folder), await bytesUnder(folder)] as const)
  )
  const loss = {
    name,
    lost: lostBy(services, thing, rows),
    kept: keptBy(services, thing, rows),
    bytes: bytes.reduce((sum, one) => sum + one, 0),
    copies: {
      files: copied.flatMap(([names]) => names.map((name) => name.replace(/\.part$/, ''))),
      bytes: copied.reduce((sum, [, size]) => sum + size, 0)
    }
  }
  return { thing, loss, rows, folders, uploads }
}

/** Throws `in-use` or `experiment-running` where something works with what would go. */
export function refuseDeletion(services: Services, { thing, loss, rows }: Deletion): void {
  if (thing.what === 'experiment') {
    const { status } = services.store.experiments.get(thing.id)
    if (status !== 'running' && status !== 'paused') return
    throw new LabError('experiment-running', `The experiment is ${status}. Cancel it first, then delete it.`, {
      details: { id: thing.id, status }
    })
  }
  if (thing.what === 'mining') return refuseWhileTrainedOn(services, services.store.minings.get(thing.id))
  refuseWhileInUse(services, { id: thing.id, name: loss.name })
  // A job names an index by its folder, and a data set or a model goes with its indices.
  for (const fingerprint of column(rows, 'indices', 'fingerprint'))
    refuseWhileInUse(services, { id: fingerprint, name: loss.name })
}

/** The folders of the home that belong to rows, each relative to the home. */
export function foldersOf(rows: SavedRows): string[] {
  return [
    ...column(rows, 'datasets', 'id').map((id) => join('datasets', id)),
    ...column(rows, 'models', 'id').map((id) => join('models', id)),
    ...column(rows, 'indices', 'fingerprint').map((fingerprint) => join('indices', fingerprint)),
    ...column(rows, 'minings', 'id').map((id) => join('minings', id)),
    ...column(rows, 'runs', 'id').map((id) => join('runs', id))
  ]
}

/** What goes with it, the thing itself left out. */
function lostBy({ store }: Services, { id }: Thing, rows: SavedRows): Named[] {
  const of = (table: string) => rows.filter((saved) => saved.table === table).flatMap((saved) => saved.rows)
  const text = (value: unknown): string => String(value)
  const targetName = (targetId: unknown): string => store.targets.find(text(targetId))?.name ?? text(targetId)
  const all: Named[] = [
    ...of('targets').map((row): Named => ({ kind: 'target', id: text(row['id']), name: text(row['name']) })),
    ...of('query_sets').map((row): Named => ({
      kind: 'query-set',
      id: text(row['id']),
      name: `${targetName(row['targetId'])}: ${text(row['size'])} queries, round ${Number(row['round']) + 1}`,
      made: {
        strategy: null,
        target: targetName(row['targetId']),
        size: Number(row['size']),
        round: Number(row['round']) + 1
      }
    })),
    ...of('indices').map((row): Named => ({
      kind: 'index',
      id: text(row['id']),
      name: `${text(row['representation'])} index`,
      made: {
        strategy: strategyOfIndex(row['representation'] as Representation),
        ...{ target: null, size: null, round: null }
      }
    })),
    ...of('minings').map((row): Named => ({ kind: 'mining', id: text(row['id']), name: text(row['name']) })),
    ...of('runs').map((row): Named => ({
      kind: 'run',
      id: text(row['id']),
      name: `${text(row['strategy'])}, round ${Number(row['round']) + 1}`,
      made: {
        strategy: row['strategy'] as StrategyName,
        ...{ target: null, size: null },
        round: Number(row['round']) + 1
      }
    }))
  ]
  return all.filter((named) => named.id !== id)
}

/** Experiments whose results stay readable, and which cannot be repeated or added to without the thing. */
function keptBy(services: Services, thing: Thing, rows: SavedRows): Named[] {
  const gone = new Set([thing.id, ...column(rows, 'targets', 'id')])
  return experimentsUsing(services, (spec) =>
    [spec.datasetId, ...Object.values(spec.models), ...spec.targetIds].some((id) => id !== null && gone.has(id))
  )
}

/** Where a thing is used: what names it, and what was made from it. */
export function usedBy(services: Services, thing: Thing): Named[] {
  const rows = services.store.bin.rowsOf(thing)
  const parts = lostBy(services, thing, rows).filter(({ kind }) => kind !== 'run' && kind !== 'query-set')
  if (thing.what !== 'index') return [...parts, ...keptBy(services, thing, rows)]
  const { datasetId, modelId, representation } = services.store.indices.get(thing.id)
  return experimentsUsing(
    services,
    (spec) =>
      spec.datasetId === datasetId &&
      spec.strategies.some((strategy) => indicesOf(strategy, spec.retrieval).includes(representation)) &&
      Object.values(spec.models).includes(modelId)
  )
}

function experimentsUsing({ store }: Services, uses: (spec: ExperimentSpec) => boolean): Named[] {
  return store.experiments
    .list()
    .filter(({ spec }) => uses(spec))
    .map(({ id, spec }) => ({ kind: 'experiment', id, name: spec.name }))
}

function column(rows: SavedRows, table: string, name: string): string[] {
  return rows.filter((saved) => saved.table === table).flatMap((saved) => saved.rows.map((row) => String(row[name])))
}

/** Also of imports of it that failed: nobody needs them to bring it back. What another job is still to read stays. */
async function uploadsOf(services: Services, { what, id }: Thing): Promise<string[]> {
  if (what !== 'dataset') return []
  const files = services.store.jobs.importsOf(id).flatMap(({ input }) => filesOf(input))
  const unused = new Set(await unusedUploads(services, 0))
  return uploadsAmong(services.home, files).filter((folder) => unused.has(folder))
}
