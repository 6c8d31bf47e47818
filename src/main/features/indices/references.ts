import type { JobInput } from '../../contract/jobs.ts'
import type { Index, Model } from '../../contract/models.ts'
import { representations, type Representation } from '../../contract/strategies.ts'
import type { HomeFolder } from '../../store/home.ts'
import type { Store } from '../../store/store.ts'

type IndexRef = JobInput<'run-strategy'>['indices'][number]

/** What is put before every text of an index. */
export function prefixOf(representation: Representation, model: Pick<Model, 'prefix'>): string {
  return representations[representation].prefixed ? model.prefix : ''
}

/** How a job is told of the model whose vectors an index holds. */
export function encoderRef(
  { representation, over }: Pick<Index, 'representation' | 'over'>,
  model: Model,
  home: HomeFolder
): IndexRef['encoder'] {
  const prefix = prefixOf(representation, model)
  return { modelId: model.id, folder: home.model(model.id), representation, prefix, over }
}

/** The folder of the index whose vectors a trained retriever turns into its own, where that is there. */
export function derivedFrom({ retriever }: Model, store: Store, home: HomeFolder): string | null {
  if (retriever === null) return null
  const [index] = store.indices.matching({ fingerprint: retriever.index.fingerprint })
  return index === undefined ? null : home.index(index.fingerprint)
}

/** How a job is told of an index that is there. */
export function referenceOf({ store, home }: { store: Store; home: HomeFolder }, index: Index): IndexRef {
  const model = store.models.get(index.modelId)
  return {
    indexId: index.id,
    folder: home.index(index.fingerprint),
    encoder: encoderRef(index, model, home)
  }
}
