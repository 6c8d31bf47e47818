import {
  candidateSourceSchema,
  type CandidateSource,
  type MiningRequest,
  miningRequestSchema,
  type MiningSettings,
  miningSettingsSchema,
  type Usefulness
} from '../../../../main/contract/minings.ts'
import type { Job } from '../../../../main/contract/jobs.ts'
import type { Client, Outputs } from '../../api/client.ts'
import { texts } from '../../texts/texts.ts'
import type { DraftStore } from '../drafts.svelte.ts'
import { labCommand, repeated } from '../shell.ts'
import { Wizard, type WizardStep } from '../wizard.svelte.ts'
import { refusedField } from './checked.ts'
import { type AskProvider, Estimated } from './estimated.svelte.ts'

const defaults = miningSettingsSchema.parse({})
/** Numbers of the form. */
export const miningNumbers = ['sets', 'keep', 'labelledRows', 'draws', 'positives', 'otherTasks', 'seed'] as const
/** Which rows are labelled as others, by the contract. */
export const miningNegatives = miningSettingsSchema.shape.negatives.unwrap().options

/** Whether pairs are mined here, or brought in with the labels that the original's program gave them. */
export const miningOrigins = ['here', 'tuples'] as const

interface Values extends Record<(typeof miningNumbers)[number], number | null>, Pick<MiningSettings, 'negatives'> {
  origin: (typeof miningOrigins)[number]
  /** Paths of the original's tuples. */
  tuples: string[]
  /** What labelled them, in words; empty: the original's base model. */
  labelledBy: string
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

const here = ({ origin }: Values): boolean => origin === 'here'

const steps: WizardStep<Values>[] = [
  { id: 'origin', ...words.steps.origin, missing: () => null },
  { id: 'data', ...words.steps.data, missing: (values) => (values.datasetId ? null : missing.data) },
  { id: 'model', ...words.steps.model, applies: here, missing: (values) => (values.modelId ? null : missing.model) },
  { id: 'source', ...words.steps.source, applies: here, missing: () => null },
  { id: 'usefulness', ...words.steps.usefulness, applies: here, missing: () => null },
  {
    id: 'options',
    ...words.steps.options,
    applies: here,
    missing(values) {
      if (values.name.trim() === '') return missing.name
      const labels = Object.fromEntries(miningNumbers.map((name) => [`settings.${name}`, words[name]]))
      const wrong = refusedField(miningRequestSchema, entered(values), labels)
      return wrong === null ? null : missing.number(wrong)
    }
  },
  {
    id: 'tuples',
    ...words.steps.tuples,
    applies: ({ origin }) => origin === 'tuples',
    missing: ({ tuples, name }) => (tuples.length === 0 ? missing.file : name.trim() === '' ? missing.name : null)
  },
  { id: 'review', ...words.steps.review, missing: () => null }
]

const initial = (): Values => ({
  ...{ origin: 'here', tuples: [], labelledBy: '' },
  ...{ datasetId: null, modelId: null, source: candidateSourceSchema.options[0]!, rerankerId: null },
  ...{ name: '', place: null, usefulness: defaults.usefulness, sets: defaults.sets, keep: defaults.keep },
  ...{ draws: defaults.draws, labelledRows: defaults.labelledRows, positives: defaults.positives, seed: defaults.seed },
  ...{ otherTasks: defaults.otherTasks, negatives: defaults.negatives }
})

/** The form as a request. */
const entered = (values: Values) => {
  const { origin, tuples, labelledBy, datasetId, modelId, source, rerankerId, name, place, ...settings } = values
  if (origin === 'tuples') return { name: name.trim(), datasetId, modelId: labelledBy.trim(), tuples }
  return { name: name.trim(), datasetId, modelId, source, rerankerId, place, settings }
}

/** The wizard that mines pairs; it knows when the very same was mined already. */
export class MinePairs extends Estimated<Values, Outputs['reranking']['estimateMining']> {
  readonly #client: Client
  readonly #provider: AskProvider

  constructor(client: Client, provider: AskProvider, drafts: DraftStore) {
    super(new Wizard('mine-pairs', steps, initial, drafts))
    this.#client = client
    this.#provider = provider
  }

  /** From the page of a reranker: a new start, in which that one chooses among the candidates. */
  take({ reranker }: Readonly<Record<string, string>>): void {
    if (reranker === undefined || reranker === this.wizard.values.rerankerId) return
    this.wizard.reset()
    this.wizard.values.rerankerId = reranker
  }

  get command(): string {
    const { origin, tuples, labelledBy, ...values } = this.wizard.values
    const { datasetId, modelId, source, rerankerId, usefulness, name, place, ...rest } = values
    if (origin === 'tuples')
      return labCommand(['reranker', 'mine'], {
        name,
        data: datasetId,
        tuples,
        'labelled-by': labelledBy.trim() || null
      })
    const settings = [...miningNumbers, 'negatives'] as const
    const changed = settings.filter((key) => !['sets', 'seed'].includes(key) && rest[key] !== defaults[key])
    return labCommand(['reranker', 'mine'], {
      ...{ name, data: datasetId, model: modelId, source, reranker: rerankerId, place },
      usefulness: usefulness === defaults.usefulness ? null : usefulness,
      sets: rest.sets === defaults.sets ? null : rest.sets,
      seed: rest.seed === defaults.seed ? null : rest.seed,
      set: repeated(changed.map((key) => `${key}=${rest[key]}`))
    })
  }

  override guilty(): string {
    return this.wizard.values.origin === 'tuples' ? 'tuples' : 'options'
  }

  protected measure(): Promise<Outputs['reranking']['estimateMining']> {
    return this.#client.reranking.estimateMining(this.#request())
  }

  protected begin(): Promise<Job> {
    return this.#client.reranking.mine(this.#request())
  }

  #request(): MiningRequest {
    const values: Values = $state.snapshot(this.wizard.values)
    return miningRequestSchema.parse({ ...entered(values), provider: this.#provider() })
  }
}
