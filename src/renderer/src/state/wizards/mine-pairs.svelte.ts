import {
  candidateSourceSchema,
  miningSettingsSchema,
  type CandidateSource,
  type Usefulness
} from '../../../../main/contract/reranking.ts'
import type { Settings } from '../../../../main/contract/settings.ts'
import type { Client, Outputs } from '../../api/client.ts'
import { problemOf, type Problem } from '../../api/problem.ts'
import { texts } from '../../texts/texts.ts'
import type { DraftStore } from '../drafts.svelte.ts'
import { Resource } from '../resource.svelte.ts'
import { labCommand } from '../shell.ts'
import { Wizard, type WizardStep } from '../wizard.svelte.ts'

const defaults = miningSettingsSchema.parse({})
const numbers = ['sets', 'keep', 'labelledRows', 'draws', 'positives', 'seed'] as const

interface Values extends Record<(typeof numbers)[number], number | null> {
  datasetId: string | null
  modelId: string | null
  source: CandidateSource
  usefulness: Usefulness
  rerankerId: string | null
  name: string
  /** Id of the place where it is mined; null: this computer. */
  place: string | null
}

const words = texts.reranking.mineWizard
const missing = texts.wizards.missing

const steps: WizardStep<Values>[] = [
  { id: 'data', ...words.steps.data, missing: (values) => (values.datasetId ? null : missing.data) },
  { id: 'model', ...words.steps.model, missing: (values) => (values.modelId ? null : missing.model) },
  { id: 'source', ...words.steps.source, missing: () => null },
  { id: 'usefulness', ...words.steps.usefulness, missing: () => null },
  {
    id: 'options',
    ...words.steps.options,
    missing(values) {
      const wrong = numbers.find((name) => !miningSettingsSchema.shape[name].safeParse(values[name]).success)
      if (wrong) return missing.number(words[wrong])
      return values.name.trim() === '' ? missing.name : null
    }
  },
  { id: 'review', ...words.steps.review, missing: () => null }
]

const initial = (): Values => ({
  ...{
    datasetId: null,
    modelId: null,
    source: candidateSourceSchema.options[0]!,
    rerankerId: null,
    name: '',
    place: null
  },
  ...{ usefulness: defaults.usefulness, sets: defaults.sets, keep: defaults.keep, draws: defaults.draws },
  ...{ labelledRows: defaults.labelledRows, positives: defaults.positives, seed: defaults.seed }
})

/** The wizard that mines pairs; it knows when the very same was mined already. */
export class MinePairs {
  readonly wizard: Wizard<Values>
  readonly estimate: Resource<Outputs['reranking']['estimateMining']>
  problem = $state.raw<Problem | null>(null)
  busy = $state(false)
  readonly #client: Client
  readonly #provider: () => Settings['provider']

  constructor(client: Client, provider: () => Settings['provider'], drafts: DraftStore) {
    this.#client = client
    this.#provider = provider
    this.wizard = new Wizard('mine-pairs', steps, initial, drafts)
    this.estimate = new Resource(() => client.reranking.estimateMining(this.#request()))
  }

  /** From the page of a reranker: a new start, in which that one chooses among the candidates. */
  take({ reranker }: Readonly<Record<string, string>>): void {
    if (reranker === undefined || reranker === this.wizard.values.rerankerId) return
    this.wizard.reset()
    this.wizard.values.rerankerId = reranker
  }

  async start(): Promise<void> {
    this.busy = true
    this.problem = null
    try {
      this.wizard.begin((await this.#client.reranking.mine(this.#request())).id)
    } catch (thrown) {
      this.problem = problemOf(thrown)
    } finally {
      this.busy = false
    }
  }

  get command(): string {
    const { datasetId, modelId, source, rerankerId, usefulness, name, place, ...rest } = this.wizard.values
    const changed = numbers.filter((key) => !['sets', 'seed'].includes(key) && rest[key] !== defaults[key])
    return [
      labCommand(['reranker', 'mine'], {
        ...{ name, data: datasetId, model: modelId, source, reranker: rerankerId, place },
        usefulness: usefulness === defaults.usefulness ? null : usefulness,
        sets: rest.sets === defaults.sets ? null : rest.sets,
        seed: rest.seed === defaults.seed ? null : rest.seed
      }),
      ...changed.map((key) => `--set ${key}=${rest[key]}`)
    ].join(' ')
  }

  #request(): Parameters<Client['reranking']['mine']>[0] {
    const { datasetId, modelId, source, rerankerId, name, place, ...settings } = $state.snapshot(this.wizard.values)
    return {
      ...{ name: name.trim() || words.title, datasetId: datasetId ?? '', modelId: modelId ?? '', source, rerankerId },
      settings: miningSettingsSchema.parse(settings),
      provider: this.#provider(),
      place
    }
  }
}
