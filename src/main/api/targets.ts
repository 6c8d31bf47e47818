import type { Dataset, QueryExample, QuerySet, Target } from '../contract/data.ts'
import { LabError } from '../contract/error.ts'
import { newId } from '../store/new-id.ts'
import { ask } from '../features/datasets/ask.ts'
import { os } from './base.ts'
import { checkLeaks, keepLeaks } from '../features/datasets/leak-checks.ts'
import type { Services } from '../features/services.ts'

export function targetRoutes(services: Services) {
  const { store, jobs, changes } = services
  jobs.onFinished('leak-check', (job) => keepLeaks(services, job))
  return {
    list: os.targets.list.handler(() => store.targets.list()),
    get: os.targets.get.handler(({ input }) => store.targets.get(input.id)),
    create: os.targets.create.handler(({ input }) => {
      const dataset = store.datasets.get(input.datasetId)
      if (dataset.kind !== 'target')
        throw new LabError(
          'not-target-data',
          `"${dataset.name}" is upstream data. A target needs test examples: import them as a target task.`,
          { details: { datasetId: dataset.id } }
        )
      // An import has made the target already; creating it says what it is to be.
      const { datasetId: _, ...wanted } = input
      const there = store.targets.ofDataset(dataset.id)[0]
      const target = store.targets.update((there ?? addTarget(services, dataset, dataset.examples)).id, wanted)
      changes.changed('targets', target.id)
      return target
    }),
    update: os.targets.update.handler(({ input: { id, ...wanted } }) => {
      const given = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
      const target = store.targets.update(id, given)
      changes.changed('targets', id)
      return target
    }),
    querySets: os.targets.querySets.handler(({ input }) => {
      store.targets.get(input.id)
      return store.querySets.ofTarget(input.id)
    }),
    sampleQueries: os.targets.sampleQueries.handler(async ({ input: { id, fromDatasetId, ...wanted } }) => {
      const target = store.targets.get(id)
      const { sets } = await ask(services, fromDatasetId ?? target.datasetId, { what: 'sample', ...wanted })
      return replaceSampled(services, target, wanted, sets)
    }),
    addQueries: os.targets.addQueries.handler(async ({ input: { id, texts, file } }) => {
      const target = store.targets.get(id)
      const typed = texts.map((text) => text.trim()).filter((text) => text !== '')
      const queries = typed.map((input) => ({ input, outputs: [], sourceId: '' }))
      const read = file === null ? [] : (await ask(services, target.datasetId, { what: 'query-file', file })).sets
      const sets = [...(queries.length > 0 ? [{ size: queries.length, round: 0, queries }] : []), ...read]
      if (sets.length === 0)
        throw new LabError('no-queries', 'There are no questions. Type one a line, or give a file of them.')
      await addQuerySets(services, target, sets)
      return store.querySets.ofTarget(id)
    }),
    checkLeaks: os.targets.checkLeaks.handler(({ input }) => checkLeaks(services, input.id, input.datasetId)),
    leaks: os.targets.leaks.handler(({ input }) => {
      store.targets.get(input.id)
      return {
        checked: store.leaks.checked(input.id, input.datasetId),
        leaks: store.leaks.of(input.id, input.datasetId)
      }
    })
  }
}

/** The target of a newly imported dataset, with the metrics of the paper. */
export function addTarget({ store, changes }: Services, dataset: Dataset, sourceItems: number): Target {
  const target = store.targets.insert({
    id: newId('target'),
    datasetId: dataset.id,
    name: dataset.name,
    testExamples: dataset.examples,
    sourceItems,
    metrics: ['em', 'soft-em'],
    answerBy: 'generation',
    createdAt: new Date().toISOString()
  })
  changes.changed('targets', target.id)
  return target
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
