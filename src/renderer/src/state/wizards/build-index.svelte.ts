import { defaultHnsw, type HnswSettings } from '../../../../main/contract/index-settings.ts'
import { indexRequestSchema, type IndexRequest } from '../../../../main/contract/kinds/indices.ts'
import { type Representation, representationNames } from '../../../../main/contract/strategies.ts'
import type { Job } from '../../../../main/contract/jobs.ts'
import type { Client, Outputs } from '../../api/client.ts'
import { texts } from '../../texts/texts.ts'
import type { DraftStore } from '../drafts.svelte.ts'
import { labCommand } from '../shell.ts'
import { Wizard, type WizardStep } from '../wizard.svelte.ts'
import { refusedField } from './checked.ts'
import { type AskProvider, Estimated } from './estimated.svelte.ts'

type Choices = Pick<
  IndexRequest,
  'over' | 'maxTokens' | 'vectorPrecision' | 'modelPrecision' | 'search' | 'shards' | 'place'
>

interface Values extends Choices {
  datasetId: string | null
  representation: Representation | null
  modelId: string | null
  hnsw: HnswSettings
}

const words = texts.indices.wizard
const missing = texts.wizards.missing

export const graphNumbers = ['m', 'efConstruction', 'ef'] as const

/** What the contract fills in where nothing is said. */
const { over, maxTokens, vectorPrecision, modelPrecision, search, shards, place } = indexRequestSchema.parse({
  datasetId: '',
  modelId: '',
  representation: representationNames[0]
})
const defaults: Choices = { over, maxTokens, vectorPrecision, modelPrecision, search, shards, place }

const steps: WizardStep<Values>[] = [
  { id: 'data', ...words.steps.data, missing: (values) => (values.datasetId ? null : missing.data) },
  { id: 'kind', ...words.steps.kind, missing: (values) => (values.representation ? null : missing.choose) },
  { id: 'model', ...words.steps.model, missing: (values) => (values.modelId ? null : missing.model) },
  {
    id: 'options',
    ...words.steps.options,
    missing(values) {
      const { hnsw, ...labels } = { maxTokens: words.maxTokens, shards: words.shards, hnsw: words.hnsw }
      const graph = Object.fromEntries(Object.entries(hnsw).map(([name, label]) => [`hnsw.${name}`, label]))
      const wrong = refusedField(indexRequestSchema, entered(values), { ...labels, ...graph })
      return wrong === null ? null : missing.number(wrong)
    }
  },
  { id: 'review', ...words.steps.review, missing: () => null }
]

const initial = (): Values => ({
  ...defaults,
  datasetId: null,
  representation: null,
  modelId: null,
  hnsw: { ...defaultHnsw }
})

/** Settings of a graph where one is wanted that is not the usual one: the lab may then fit those to the data. */
const graphOf = ({ search, hnsw }: Values): HnswSettings | null =>
  search === 'hnsw' && [...graphNumbers, 'rows' as const].some((name) => differs(hnsw, name)) ? hnsw : null

/** A draft of before may lack what came later. */
const differs = (hnsw: HnswSettings, name: keyof HnswSettings): boolean =>
  (hnsw[name] ?? defaultHnsw[name]) !== defaultHnsw[name]

/** The form as a request. */
const entered = (values: Values) => ({ ...values, hnsw: graphOf(values) })

/** The wizard that builds an index; it knows when the very same one exists already. */
export class BuildIndex extends Estimated<Values, Outputs['indices']['estimate']> {
  readonly #client: Client
  readonly #provider: AskProvider

  constructor(client: Client, provider: AskProvider, drafts: DraftStore) {
    super(new Wizard('build-index', steps, initial, drafts))
    this.#client = client
    this.#provider = provider
  }

  /** Another kind of likeness needs another model. */
  setRepresentation(representation: Representation): void {
    if (this.wizard.values.representation !== representation)
      Object.assign(this.wizard.values, { modelId: null, over: defaults.over })
    this.wizard.values.representation = representation
  }

  /** From the page of a data set, or the end of another wizard: a new start with that chosen. */
  take({ data }: Readonly<Record<string, string>>): void {
    if (data === undefined || data === this.wizard.values.datasetId) return
    this.wizard.reset()
    this.wizard.values.datasetId = data
    this.wizard.next()
  }

  get command(): string {
    const { datasetId, modelId, representation, hnsw, ...choices } = this.wizard.values
    const said = <Name extends keyof Choices>(name: Name) => (choices[name] === defaults[name] ? null : choices[name])
    const graph = (name: keyof HnswSettings) =>
      choices.search === 'hnsw' && differs(hnsw, name) ? (hnsw[name] ?? null) : null
    return labCommand(['index', 'build'], {
      data: datasetId,
      model: modelId,
      representation,
      over: said('over'),
      'max-tokens': said('maxTokens'),
      'vector-precision': said('vectorPrecision'),
      'model-precision': said('modelPrecision'),
      search: said('search'),
      links: graph('m'),
      'ef-construction': graph('efConstruction'),
      ef: graph('ef'),
      'hnsw-rows': graph('rows'),
      shards: said('shards'),
      place: said('place')
    })
  }

  protected measure(): Promise<Outputs['indices']['estimate']> {
    return this.#client.indices.estimate(this.#request())
  }

  protected begin(): Promise<Job> {
    return this.#client.indices.build(this.#request())
  }

  #request(): IndexRequest {
    const values: Values = $state.snapshot(this.wizard.values)
    return indexRequestSchema.parse({ ...entered(values), provider: this.#provider() })
  }
}
