import { strategyOfIndex, usualStrategy } from '../../../main/contract/strategies.ts'
import type { HeatMapBy } from '../../../main/contract/answers.ts'
import type { QuerySet } from '../../../main/contract/data.ts'
import type { Index } from '../../../main/contract/models.ts'
import type { Client, Outputs } from '../api/client.ts'
import type { LabState } from './lab.svelte.ts'
import { QueryMix } from './query-mix.svelte.ts'
import { Resource } from './resource.svelte.ts'

export type MapPoint = Outputs['indices']['map']['points'][number]

/** One index: its facts, a try-out of the search, what query sets bring, and the map of its embeddings. */
export class IndexPage {
  readonly index: Resource<Index>
  readonly found: Resource<Outputs['indices']['neighbours']>
  readonly quality: Resource<Outputs['indices']['quality']>
  qualityBy = $state<HeatMapBy>('task')
  readonly map: Resource<MapPoint[]>
  readonly querySets: Resource<{ target: string; set: QuerySet }[]>
  readonly mix: QueryMix
  text = $state('')
  /** The query set from which the text is picked. */
  pickedSetId = $state('')
  querySetId = $state('')
  sample = $state(3000)

  constructor(client: Client, lab: LabState, id: string) {
    this.index = new Resource(() => client.indices.get({ id }))
    this.found = new Resource(() => {
      const index = this.index.value
      return client.indices.neighbours({
        datasetId: index?.datasetId ?? '',
        indexId: id,
        strategy: index ? strategyOfIndex(index.representation) : usualStrategy,
        text: this.text,
        count: 20
      })
    })
    this.quality = new Resource(() => {
      const index = this.index.value
      return client.indices.quality({
        datasetId: index?.datasetId ?? '',
        indexId: id,
        strategy: index ? strategyOfIndex(index.representation) : usualStrategy,
        by: this.qualityBy
      })
    })
    const mapped = async (quick: boolean) => {
      const asked = { indexId: id, querySetId: this.querySetId || null, sample: this.sample, quick }
      return (await client.indices.map(asked)).points
    }
    // A plane of the data is there in a moment; the map takes its place when it is drawn.
    this.map = new Resource(
      () => mapped(false),
      async () => ({ value: await mapped(true), whole: false })
    )
    this.querySets = new Resource(async () => {
      const targets = lab.targets.value ?? []
      const lists = await Promise.all(targets.map((target) => client.targets.querySets({ id: target.id })))
      return targets.flatMap((target, n) => (lists[n] ?? []).map((set) => ({ target: target.name, set })))
    })
    this.mix = new QueryMix(
      client,
      () => this.index.value,
      () => (this.querySets.value ?? []).map(({ set }) => set)
    )
  }

  /** A query of a target task instead of a typed text. */
  async pick(text: string): Promise<void> {
    this.text = text
    await this.found.load()
  }
}
