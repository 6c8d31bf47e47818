import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { defaultHnsw, searchText } from '../../contract/index-settings.ts'
import { chooseSearch } from '../../costs/index-cost.ts'
import type { JobInput } from '../../contract/jobs.ts'
import type { Model } from '../../contract/models.ts'
import { indicesOf, representations, type Representation } from '../../contract/strategies.ts'
import { graphBuilder } from '../../machine/computed-on.ts'
import type { HomeFolder } from '../../store/home.ts'
import type { Store } from '../../store/store.ts'
import { resolveBuild, usualRequest, type BuildRequest } from '../indices/build.ts'
import { encoderRef } from '../indices/references.ts'
import type { ResolvedSpec } from './resolve.ts'

/** An index that an experiment searches: one that is there, or the one that is to be built. */
export interface NeededIndex {
  representation: Representation
  model: Model
  /** Id of the record; null while it is not built. */
  indexId: string | null
  fingerprint: string
  /** How it is searched: `exact`, or the settings of its graph. Part of what the numbers hang on. */
  search: string
  folder: string
  /** By which it is built where it is not there. */
  request: BuildRequest
}

type IndexRef = JobInput<'run-strategy'>['indices'][number]

/** The indices of an experiment's strategies, each once. Of several that fit the newest is taken. */
export function neededIndices(resolved: ResolvedSpec, store: Store, home: HomeFolder): NeededIndex[] {
  const { spec, models, dataset } = resolved
  if (spec.tune.merge === 'none') return []
  const wanted = new Set(spec.strategies.flatMap((strategy) => indicesOf(strategy, spec.retrieval)))
  return [...wanted].map((representation) => {
    const model = models[representations[representation].role]
    if (model === undefined) throw new Error(`The spec was resolved without the model of its ${representation} index.`)
    const request = usualRequest({
      datasetId: dataset.id,
      modelId: model.id,
      representation,
      provider: spec.provider
    })
    const [known] = store.indices.matching({ datasetId: dataset.id, modelId: model.id, representation })
    const fingerprint = known?.fingerprint ?? resolveBuild({ store }, request).fingerprint
    return {
      representation,
      model,
      indexId: known?.id ?? null,
      fingerprint,
      search: searchOf(home.index(fingerprint), known === undefined, dataset.examples, model.hiddenSize),
      folder: home.index(fingerprint),
      request
    }
  })
}

/** As the index says; of one that is still to be built, as it will be. */
function searchOf(folder: string, toBuild: boolean, examples: number, dimension: number): string {
  const graph = toBuild ? undefined : readGraph(folder)
  if (graph === null) return searchText(null)
  if (graph === undefined && chooseSearch(examples, dimension) === 'exact') return searchText(null)
  return searchText(graph ?? { ...defaultHnsw, builder: graphBuilder() })
}

const graphSchema = z.object({
  graph: z
    .object({
      ...{ m: z.int(), efConstruction: z.int(), ef: z.int() },
      builder: z.enum(['addon', 'hnswlib-node']).default('addon')
    })
    .nullable()
})

/** The settings of an index's graph, null where it has none; undefined where its description cannot be read. */
function readGraph(folder: string): z.infer<typeof graphSchema>['graph'] | undefined {
  try {
    return graphSchema.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))).graph
  } catch {
    return undefined
  }
}

/** How a run's job is told of an index. */
export function indexRef(index: NeededIndex, indexId: string, home: HomeFolder): IndexRef {
  // Of one that is still to be built only its plan is known.
  const planned = index.indexId === null ? {} : { search: index.search }
  return { indexId, folder: index.folder, encoder: encoderRef(index.representation, index.model, home), ...planned }
}
