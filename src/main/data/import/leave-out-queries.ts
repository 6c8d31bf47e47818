import type { QueryExample } from '../../contract/data.ts'
import { openDataset } from '../dataset.ts'
import { ungrouped } from '../dataset-tables.ts'
import { DatasetWriter, type DatasetSummary } from '../dataset-writer.ts'
import { sampleQueries } from '../sample-queries.ts'

/**
 * Draws query sets from a sealed target and writes it once more without what was drawn: all rows of a drawn source item,
 * since prompt variants of a query are as good as the query. Throws too-few-examples.
 */
export function leaveOutQueries(
  path: string,
  name: string,
  sampling: { size: number; rounds: number; seed: number }
): { summary: DatasetSummary; sets: QueryExample[][]; leftOut: number } {
  const dataset = openDataset(path)
  let writer: DatasetWriter | null = null
  try {
    const sets = sampleQueries(dataset, sampling)
    const drawn = new Set(sets.flat().map(({ input, sourceId }) => JSON.stringify([input, sourceId])))
    const items = new Set<number>()
    for (const { input, sourceId, sourceItem } of dataset.iterate())
      if (drawn.has(JSON.stringify([input, sourceId]))) items.add(sourceItem)
    writer = new DatasetWriter(path, { name, kind: 'target' })
    let leftOut = 0
    for (const { group, sourceItem, ...example } of dataset.iterate())
      if (items.has(sourceItem)) leftOut++
      else writer.add({ ...example, ...(group === ungrouped ? {} : { group }) })
    for (const line of dataset.rejected()) writer.reject(line)
    dataset.close()
    return { summary: writer.seal(), sets, leftOut }
  } catch (thrown) {
    writer?.discard()
    throw thrown
  } finally {
    dataset.close()
  }
}
