import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { chooseSearch, defaultHnsw, searchText } from '../../contract/index-estimate.ts'
import { defaultIndexTokens, indexTokens } from '../../contract/index-tokens.ts'
import { indexFingerprint } from '../../contract/index-fingerprint.ts'
import type { JobInput } from '../../contract/jobs.ts'
import type { Model } from '../../contract/models.ts'
import { indicesOf, representations, type Representation } from '../../contract/strategies.ts'
import { graphBuilder } from '../../machine/computed-on.ts'
import type { HomeFolder } from '../../store/home.ts'
import type { Store } from '../../store/store.ts'
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
  /** Texts are cut there when it is built. */
  maxTokens: number
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
    const maxTokens = indexTokens(defaultIndexTokens, model.maxInputTokens)
    const [known] = store.indices.matching({ datasetId: dataset.id, modelId: model.id, representation })
    const fingerprint =
      known?.fingerprint ??
      indexFingerprint({
        datasetHash: dataset.contentHash,
        encoderFingerprint: model.fingerprint,
        representation,
        prefix: prefixOf(representation, model),
        maxTokens,
        vectorPrecision: 'fp32',
        modelPrecision: 'fp32'
      })
    return {
      representation,
      model,
      indexId: known?.id ?? null,
      fingerprint,
      search: searchOf(home.index(fingerprint), known === undefined, dataset.examples, model.hiddenSize),
      folder: home.index(fingerprint),
      maxTokens
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

/** How a job is told of the model whose vectors an index holds. */
export function encoderRef(representation: Representation, model: Model, home: HomeFolder): IndexRef['encoder'] {
  return {
    modelId: model.id,
    folder: home.model(model.id),
    representation,
    prefix: prefixOf(representation, model)
  }
}

/** The folder of the index whose vectors a trained retriever turns into its own, where that is there. */
export function derivedFrom({ retriever }: Model, store: Store, home: HomeFolder): string | null {
  if (retriever === null) return null
  const [index] = store.indices.matching({ fingerprint: retriever.index.fingerprint })
  return index === undefined ? null : home.index(index.fingerprint)
}

/** What is put before every text of an index. */
export function prefixOf(representation: Representation, model: Model): string {
  return representations[representation].prefixed ? model.prefix : ''
}
