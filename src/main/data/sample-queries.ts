import type { Example, QueryExample } from '../contract/data.ts'
import type { DatasetFile } from '../contract/dataset-file.ts'
import { LabError } from '../contract/error.ts'
import { Random } from '../random/random.ts'

/**
 * Draws query sets: the same seed gives the same sets, and a round's set does not depend on how many rounds there are.
 * Within a set no two queries come from one source item. Throws too-few-examples.
 */
export function sampleQueries(
  dataset: DatasetFile,
  { size, rounds, seed }: { size: number; rounds: number; seed: number }
): QueryExample[][] {
  const byItem = new Map<number, number[]>()
  for (const { id, sourceItem } of dataset.iterate()) {
    const ids = byItem.get(sourceItem)
    if (ids) ids.push(id)
    else byItem.set(sourceItem, [id])
  }
  const items = [...byItem.values()]
  if (items.length < size)
    throw new LabError(
      'too-few-examples',
      `A query set of ${size} needs as many different source items, but there are ${items.length} ` +
        `(in ${dataset.count} examples). Choose a smaller size.`,
      { details: { size, sourceItems: items.length, examples: dataset.count } }
    )
  return Array.from({ length: rounds }, (_, round) => {
    const random = new Random(seed).fork(`queries of size ${size}, round ${round}`)
    return random.sample(items, size).map((ids) => asQuery(dataset.get(random.pick(ids))))
  })
}

/** For each set, how many queries have the same input as some example, or are the same row by their id. */
export function countQueriesIn(dataset: DatasetFile, sets: readonly (readonly QueryExample[])[]): number[] {
  const inputs = new Set(sets.flat().map((query) => query.input))
  const sourceIds = new Set(sets.flat().map((query) => query.sourceId))
  const found = new Set<string>()
  for (const { input, sourceId } of dataset.iterate()) {
    if (inputs.has(input)) found.add(`input ${input}`)
    if (sourceId !== '' && sourceIds.has(sourceId)) found.add(`id ${sourceId}`)
  }
  return sets.map(
    (set) =>
      set.filter(
        ({ input, sourceId }) => found.has(`input ${input}`) || (sourceId !== '' && found.has(`id ${sourceId}`))
      ).length
  )
}

function asQuery({ input, outputs, sourceId }: Example): QueryExample {
  return { input, outputs, sourceId }
}
