import { defaultHnsw, type HnswSettings } from '../../../../main/contract/index-settings.ts'
import { defaultIndexTokens } from '../../../../main/contract/index-settings.ts'
import type { Precision } from '../../../../main/contract/precision.ts'
import { representationNames, type Representation } from '../../../../main/contract/strategies.ts'
import type { Settings } from '../../../../main/contract/settings.ts'
import type { Client, Outputs } from '../../api/client.ts'
import { problemOf, type Problem } from '../../api/problem.ts'
import { texts } from '../../texts/texts.ts'
import type { DraftStore } from '../drafts.svelte.ts'
import { Resource } from '../resource.svelte.ts'
import { labCommand } from '../shell.ts'
import { Wizard, type WizardStep } from '../wizard.svelte.ts'

interface Values {
  datasetId: string | null
  representation: Representation | null
  modelId: string | null
  maxTokens: number
  vectorPrecision: 'fp32' | 'fp16'
  modelPrecision: Precision
  search: 'auto' | 'exact' | 'hnsw'
  hnsw: HnswSettings
  shards: number
  /** Id of the place where it is built; null: this computer. */
  place: string | null
}

const words = texts.indices.wizard
const missing = texts.wizards.missing

const steps: WizardStep<Values>[] = [
  { id: 'data', ...words.steps.data, missing: (values) => (values.datasetId ? null : missing.data) },
  { id: 'kind', ...words.steps.kind, missing: (values) => (values.representation ? null : missing.choose) },
  { id: 'model', ...words.steps.model, missing: (values) => (values.modelId ? null : missing.model) },
  {
    id: 'options',
    ...words.steps.options,
    missing: ({ maxTokens, shards, search, hnsw }) => {
      const numbers: [number, string][] = [
        [maxTokens, words.maxTokens],
        [shards, words.shards]
      ]
      if (search === 'hnsw')
        for (const name of ['m', 'efConstruction', 'ef'] as const) numbers.push([hnsw[name], words.hnsw[name]])
      const wrong = numbers.find(([number]) => !Number.isInteger(number) || number < 1)
      return wrong ? missing.number(wrong[1]) : null
    }
  },
  { id: 'review', ...words.steps.review, missing: () => null }
]

const initial = (): Values => ({
  datasetId: null,
  representation: null,
  modelId: null,
  maxTokens: defaultIndexTokens,
  vectorPrecision: 'fp32',
  modelPrecision: 'fp32',
  search: 'auto',
  hnsw: { ...defaultHnsw },
  shards: 1,
  place: null
})

/** The wizard that builds an index; it knows when the very same one exists already. */
export class BuildIndex {
  readonly wizard: Wizard<Values>
  readonly estimate: Resource<Outputs['indices']['estimate']>
  problem = $state.raw<Problem | null>(null)
  busy = $state(false)
  readonly #client: Client
  readonly #provider: () => Settings['provider']

  /** The provider is asked for when it is needed: settings may come later than this page. */
  constructor(client: Client, provider: () => Settings['provider'], drafts: DraftStore) {
    this.#client = client
    this.#provider = provider
    this.wizard = new Wizard('build-index', steps, initial, drafts)
    this.estimate = new Resource(() => client.indices.estimate(this.#request()))
  }

  /** Another kind of likeness needs another model. */
  setRepresentation(representation: Representation): void {
    if (this.wizard.values.representation !== representation) this.wizard.values.modelId = null
    this.wizard.values.representation = representation
  }

  /** From the page of a data set, or the end of another wizard: a new start with that chosen. */
  take({ data }: Readonly<Record<string, string>>): void {
    if (data === undefined || data === this.wizard.values.datasetId) return
    this.wizard.reset()
    this.wizard.values.datasetId = data
    this.wizard.next()
  }

  async start(): Promise<void> {
    this.busy = true
    this.problem = null
    try {
      this.wizard.begin((await this.#client.indices.build(this.#request())).id)
    } catch (thrown) {
      this.problem = problemOf(thrown)
    } finally {
      this.busy = false
    }
  }

  get command(): string {
    const {
      datasetId,
      modelId,
      representation,
      maxTokens,
      vectorPrecision,
      modelPrecision,
      search,
      hnsw,
      shards,
      place
    } = this.wizard.values
    const graph = search === 'hnsw'
    return labCommand(['index', 'build'], {
      data: datasetId,
      model: modelId,
      representation,
      'max-tokens': maxTokens === defaultIndexTokens ? null : maxTokens,
      'vector-precision': vectorPrecision === 'fp32' ? null : vectorPrecision,
      'model-precision': modelPrecision === 'fp32' ? null : modelPrecision,
      search: search === 'auto' ? null : search,
      links: graph && hnsw.m !== defaultHnsw.m ? hnsw.m : null,
      'ef-construction': graph && hnsw.efConstruction !== defaultHnsw.efConstruction ? hnsw.efConstruction : null,
      ef: graph && hnsw.ef !== defaultHnsw.ef ? hnsw.ef : null,
      shards: shards === 1 ? null : shards,
      place
    })
  }

  #request(): Parameters<Client['indices']['build']>[0] {
    const {
      datasetId,
      modelId,
      representation,
      maxTokens,
      vectorPrecision,
      modelPrecision,
      search,
      hnsw,
      shards,
      place
    } = $state.snapshot(this.wizard.values)
    return {
      datasetId: datasetId ?? '',
      modelId: modelId ?? '',
      representation: representation ?? representationNames[0],
      maxTokens,
      vectorPrecision,
      modelPrecision,
      search,
      hnsw: search === 'hnsw' ? hnsw : null,
      shards,
      place,
      provider: this.#provider()
    }
  }
}
