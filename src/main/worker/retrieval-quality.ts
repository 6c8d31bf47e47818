import type { HeatMapBy } from '../contract/answers.ts'
import type { DatasetFile } from '../contract/dataset-file.ts'
import type { Example } from '../contract/data.ts'
import { LabError } from '../contract/error.ts'
import type { RetrievedExample } from '../contract/runs.ts'
import { retrievalSettingsSchema } from '../contract/run-settings.ts'
import { Random } from '../random/random.ts'
import { usesQueries } from '../contract/strategies.ts'
import { ungrouped } from '../data/dataset-tables.ts'
import { qualityOf } from '../evaluation/neighbour-quality.ts'
import { defineJob } from './job.ts'
import { retrieveWarm } from './retrieving.ts'
import { warmDataset } from './warm.ts'

/** Queries whose lists are in memory together while they are looked up. */
const atOnce = 100

/** Upstream examples ask for their neighbours: how many of these are of the same task? */
export const job = defineJob({
  kind: 'retrieval-quality',
  async run({ input, ...context }) {
    const { strategy, indices, provider, reranker, by, k, perName, rerank, seed } = input
    if (!usesQueries(strategy))
      throw new LabError(
        'no-neighbours',
        `The strategy "${strategy}" knows no nearness, so there is nothing to measure.`
      )
    const started = performance.now()
    const dataset = await warmDataset(input.dataset)
    const names = namesOf(dataset, by)
    const queries = dataset.getMany(drawQueries(names, perName, seed))
    const items = itemSizes(dataset, queries, by)
    // So deep that what is left out of a list is made up for.
    const depth = k + Math.max(...[...items.values()].map(({ rows }) => rows))
    const found: Map<number | null, RetrievedExample[]>[] = []
    for (let first = 0; first < queries.length; first += atOnce) {
      const asked = queries.slice(first, first + atOnce).map((query) => query.input)
      const answers = queries.slice(first, first + atOnce).map(({ outputs }) => outputs[0] ?? null)
      const settings = retrievalSettingsSchema.parse({ deduplicate: false, over: indices[0]?.encoder.over })
      const retrieved = await retrieveWarm(
        {
          ...{ dataset: input.dataset, strategy, indices, reranker, provider, seed, queries: asked, answers },
          settings: { ...settings, rerank, budget: depth * asked.length },
          excludedIds: []
        },
        context
      )
      found.push(Map.groupBy(retrieved, ({ query }) => query))
    }
    const lists = queries.map((query, at) => {
      const own = items.get(query.sourceItem)!
      const others = (found[Math.floor(at / atOnce)]!.get(at % atOnce) ?? []).filter(
        ({ exampleId }) => !own.ids.has(exampleId)
      )
      const name = query[by]
      return {
        name,
        hits: others.slice(0, k).map((one) => one[by] === name),
        relevant: names.get(name)!.length - (own.byName.get(name) ?? 0),
        candidates: dataset.count - own.rows
      }
    })
    const quality = qualityOf(lists, k)
    if (quality === null) throw nothingToMeasure(by)
    return { ...quality, k, by, seconds: (performance.now() - started) / 1000 }
  }
})

/** The examples of every task or group, by its name. */
function namesOf(dataset: DatasetFile, by: HeatMapBy): Map<string, number[]> {
  const { tasks, groups, taskOf, groupOf } = dataset.labels()
  const [labels, labelOf] = by === 'task' ? [tasks, taskOf] : [groups, groupOf]
  const ids = Array.from({ length: dataset.count }, (_, at) => at + 1)
  const names = Map.groupBy(ids, (id) => labels[labelOf[id]!]!)
  if ([...names.keys()].filter((name) => by === 'task' || name !== ungrouped).length < 2) throw nothingToMeasure(by)
  return names
}

/** The same number of examples of every task or group; each draws on its own, so that data that is added changes no other. */
function drawQueries(names: ReadonlyMap<string, readonly number[]>, perName: number, seed: number): number[] {
  const seeded = new Random(seed)
  return [...names]
    .filter(([name]) => name !== ungrouped)
    .flatMap(([name, ids]) => seeded.fork(name).sample(ids, Math.min(perName, ids.length)))
}

/** All wordings of what the queries were made from: to find those is no merit. */
function itemSizes(dataset: DatasetFile, queries: readonly Example[], by: HeatMapBy) {
  const items = new Map(
    queries.map(({ sourceItem }) => [
      sourceItem,
      { rows: 0, ids: new Set<number>(), byName: new Map<string, number>() }
    ])
  )
  for (const example of dataset.iterate()) {
    const item = items.get(example.sourceItem)
    if (item === undefined) continue
    item.rows++
    item.ids.add(example.id)
    item.byName.set(example[by], (item.byName.get(example[by]) ?? 0) + 1)
  }
  return items
}

function nothingToMeasure(by: HeatMapBy): LabError {
  return new LabError(
    'nothing-to-measure',
    `Retrieval is measured by what comes from the same ${by}, and these data name fewer than two ${by}s with more than one item. ` +
      `Import them with a column, or a file, that names the ${by}s.`
  )
}
