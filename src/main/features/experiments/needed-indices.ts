import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { overOf, vectorSize, type EmbeddedOver } from '../../contract/embedded-over.ts'
import { defaultHnsw, rowsOfHnsw, searchText } from '../../contract/index-settings.ts'
import { chooseSearch } from '../../costs/index-cost.ts'
import type { JobInput } from '../../contract/jobs.ts'
import type { Model } from '../../contract/models.ts'
import { indicesOf, representations, type Representation } from '../../contract/strategies.ts'
import type { Place } from '../../contract/places.ts'
import { underTodaysNames } from '../../fingerprints/manifest-names.ts'
import { derivedOn, hnswBuilder, vectorsComputedOn } from '../../machine/computed-on.ts'
import type { HomeFolder } from '../../store/home.ts'
import type { Store } from '../../store/store.ts'
import { resolveBuild, usualRequest, type BuildRequest } from '../indices/build.ts'
import { derivedFrom, encoderRef } from '../indices/references.ts'
import { processorOf } from './computing.ts'
import type { ResolvedSpec } from './resolve.ts'

/** An index that an experiment searches: one that is there, or the one that is to be built. */
export interface NeededIndex {
  representation: Representation
  /** What its vectors are made of. */
  over: EmbeddedOver
  /** Numbers of a vector. */
  dimension: number
  model: Model
  /** Id of the record; null while it is not built. */
  indexId: string | null
  fingerprint: string
  /** How it is searched: `exact`, or the settings of its hnsw. Part of what the numbers hang on. */
  search: string
  /** On what its vectors were computed, or will be: part of it too. Null where nobody wrote it down. */
  madeOn: string | null
  folder: string
  /** By which it is built where it is not there. */
  request: BuildRequest
}

type IndexRef = JobInput<'run-strategy'>['indices'][number]

/** The indices of an experiment's strategies, each once. Of several that fit the newest is taken. */
export function neededIndices(resolved: ResolvedSpec, store: Store, home: HomeFolder): NeededIndex[] {
  const { spec, models, dataset, indexPlace } = resolved
  if (spec.tune.merge === 'none') return []
  const over = overOf(spec.retrieval.over, spec.tune.merge)
  const wanted = new Set(spec.strategies.flatMap((strategy) => indicesOf(strategy, spec.retrieval)))
  return [...wanted].map((representation) => {
    const model = models[representations[representation].role]
    if (model === undefined) throw new Error(`The spec was resolved without the model of its ${representation} index.`)
    const request = usualRequest({
      datasetId: dataset.id,
      modelId: model.id,
      representation,
      over,
      provider: spec.provider
    })
    const [known] = store.indices.matching({ datasetId: dataset.id, modelId: model.id, representation, over })
    const fingerprint = known?.fingerprint ?? resolveBuild({ store }, request).fingerprint
    const there = known === undefined ? undefined : readDescription(home.index(fingerprint))
    const dimension = vectorSize(request, { own: model.hiddenSize, hidden: model.hiddenSize })
    return {
      representation,
      over,
      dimension,
      model,
      indexId: known?.id ?? null,
      fingerprint,
      search: searchOf(there, dataset.examples, dimension),
      madeOn: textOf(there?.vectors.madeOn ?? makersOf(model, request, indexPlace, { store, home })),
      folder: home.index(fingerprint),
      request
    }
  })
}

/** As the index says; of one that is still to be built, as it will be. */
function searchOf(there: Description | undefined, examples: number, dimension: number): string {
  const hnsw = there?.hnsw
  if (hnsw === null) return searchText(null)
  if (hnsw === undefined && chooseSearch(examples, dimension) === 'exact') return searchText(null)
  const builder = hnswBuilder()
  const rows = rowsOfHnsw(defaultHnsw, examples, dimension, builder)
  return searchText(hnsw ?? { ...defaultHnsw, rows, efAsked: defaultHnsw.ef, builder })
}

/** On what an index that is still to be built will have been computed: `worker/build-index.ts`. */
function makersOf(
  model: Model,
  { provider }: BuildRequest,
  place: Place | null,
  { store, home }: { store: Store; home: HomeFolder }
): string[] {
  const source = derivedFrom(model, store, home)
  const made = source === null ? undefined : readDescription(source)
  if (made !== undefined) return derivedOn(made.vectors.madeOn)
  return [place === null ? vectorsComputedOn(provider) : vectorsComputedOn(provider, processorOf(place))]
}

function textOf(madeOn: readonly string[]): string | null {
  return madeOn.length === 0 ? null : madeOn.join(' and ')
}

/** What of an index's description counts here: `retrieval/manifest.ts`. */
const descriptionSchema = z.object({
  vectors: z.object({ madeOn: z.array(z.string()).default([]) }),
  hnsw: z
    .object({
      ...{ m: z.int(), efConstruction: z.int(), ef: z.int(), efAsked: z.int().optional() },
      builder: z.enum(['addon', 'hnswlib-node']).default('addon'),
      rows: z.enum(['fp32', 'int8']).default('fp32')
    })
    .nullable()
})
type Description = z.infer<typeof descriptionSchema>

/** What an index says of itself; undefined where that cannot be read. */
function readDescription(folder: string): Description | undefined {
  try {
    return descriptionSchema.parse(underTodaysNames(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))))
  } catch {
    return undefined
  }
}

/** How a run's job is told of an index. */
export function indexRef(index: NeededIndex, indexId: string, home: HomeFolder): IndexRef {
  // Of one that is still to be built only its plan is known.
  const planned = index.indexId === null ? {} : { search: index.search }
  return { indexId, folder: index.folder, encoder: encoderRef(index, index.model, home), ...planned }
}
