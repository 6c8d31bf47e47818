import type { Asked } from '../../contract/client.ts'
import type { QueryExample, QuerySet, Target } from '../../contract/data.ts'
import { LabError } from '../../contract/error.ts'
import type { Contract } from '../../contract/routes.ts'
import { newId } from '../../store/new-id.ts'
import type { Services } from '../services.ts'
import { ask } from './ask.ts'

/** Throws `not-found`. */
export function querySetsOf({ store }: Services, targetId: string): QuerySet[] {
  store.targets.get(targetId)
  return store.querySets.ofTarget(targetId)
}

/** Draws query sets from the target's own questions, or from other data; in place of earlier draws of the size. */
export async function sampleQueries(
  services: Services,
  { id, fromDatasetId, ...wanted }: Asked<Contract['targets']['sampleQueries']>
): Promise<QuerySet[]> {
  const target = services.store.targets.get(id)
  const { sets } = await ask(services, fromDatasetId ?? target.datasetId, { what: 'sample', ...wanted })
  return replaceSampled(services, target, wanted, sets)
}

/** Adds typed questions, and those of a file. Throws `no-queries`. */
export async function addQueries(
  services: Services,
  { id, texts, file }: Asked<Contract['targets']['addQueries']>
): Promise<QuerySet[]> {
  const { store } = services
  const target = store.targets.get(id)
  const typed = texts.map((text) => text.trim()).filter((text) => text !== '')
  const queries = typed.map((input) => ({ input, outputs: [], sourceId: '' }))
  const read = file === null ? [] : (await ask(services, target.datasetId, { what: 'query-file', file })).sets
  const sets = [...(queries.length > 0 ? [{ size: queries.length, round: 0, queries }] : []), ...read]
  if (sets.length === 0)
    throw new LabError('no-queries', 'There are no questions. Type one a line, or give a file of them.')
  await addQuerySets(services, target, sets)
  return store.querySets.ofTarget(id)
}

/** Keeps imported query sets, in place of earlier ones of the same size and round. */
export async function addQuerySets(
  services: Services,
  target: Target,
  sets: readonly { size: number; round: number; queries: QueryExample[] }[]
): Promise<void> {
  if (sets.length === 0) return
  const { store, changes } = services
  const queries = sets.map((set) => set.queries)
  const { counts } = await ask(services, target.datasetId, { what: 'contains', sets: queries })
  store.transaction(() => {
    const before = store.querySets.ofTarget(target.id).filter(({ origin }) => origin === 'imported')
    sets.forEach(({ size, round, queries }, n) => {
      for (const old of before) if (old.size === size && old.round === round) store.querySets.remove(old.id)
      store.querySets.insert(
        querySet(target, { size, round, origin: 'imported', seed: null, inTest: counts[n]!, queries })
      )
    })
  })
  changes.changed('targets', target.id)
}

async function replaceSampled(
  services: Services,
  target: Target,
  { size, seed }: { size: number; seed: number },
  sets: QueryExample[][]
): Promise<QuerySet[]> {
  const { store, changes } = services
  const { counts } = await ask(services, target.datasetId, { what: 'contains', sets })
  const made = store.transaction(() => {
    store.querySets.removeSampled(target.id, size)
    return sets.map((queries, round) =>
      store.querySets.insert(
        querySet(target, { size, round, origin: 'sampled', seed, inTest: counts[round]!, queries })
      )
    )
  })
  changes.changed('targets', target.id)
  return made
}

function querySet(target: Target, rest: Omit<QuerySet, 'id' | 'targetId'>): QuerySet {
  return { id: newId('queries'), targetId: target.id, ...rest }
}
