import { rerankerSettingsSchema, type TrainRequest, trainRequestSchema } from '../../../../main/contract/reranking.ts'
import {
  type RetrieverRequest,
  retrieverRequestSchema,
  retrieverSettingsSchema
} from '../../../../main/contract/retrievers.ts'
import type { Job } from '../../../../main/contract/jobs.ts'
import type { Client, Outputs } from '../../api/client.ts'
import { texts } from '../../texts/texts.ts'
import type { DraftStore } from '../drafts.svelte.ts'
import { labCommand, repeated } from '../shell.ts'
import { Wizard, type WizardStep } from '../wizard.svelte.ts'
import { refusedField } from './checked.ts'
import { type AskProvider, Estimated } from './estimated.svelte.ts'

const defaults = rerankerSettingsSchema.parse({})
const headDefaults = retrieverSettingsSchema.parse({})
const numbers = [
  ...(['epochs', 'batchSize', 'learningRate', 'maxTokens'] as const),
  ...(['pairsPerSet', 'patience', 'nearnessPairs'] as const)
] as const

/** Fields of the form, and the settings of a head that they are. */
const headNumbers = { headEpochs: 'epochs', headRate: 'learningRate', headTemperature: 'temperature' } as const
type HeadField = keyof typeof headNumbers
const headFields = Object.keys(headNumbers) as HeadField[]

/** A model that reads both texts, or a head on the vectors of an index. */
export const trainKinds = ['reranker', 'retriever'] as const

interface Values extends Record<(typeof numbers)[number] | HeadField, number | null> {
  what: (typeof trainKinds)[number]
  indexId: string | null
  /** Its scores are distilled into the head; empty: it learns from the labels. */
  rerankerId: string
  miningIds: string[]
  /** The gate is closed, and the user wants it all the same. */
  override: boolean
  baseId: string | null
  name: string
  shuffledLabels: boolean
  /** Id of the place where it is trained; null: this computer. */
  place: string | null
}

const words = texts.reranking.trainWizard
const missing = texts.wizards.missing

const initial = (): Values => ({
  ...{ what: trainKinds[0], indexId: null, rerankerId: '' },
  ...{ headEpochs: headDefaults.epochs, headRate: headDefaults.learningRate },
  headTemperature: headDefaults.temperature,
  ...{ miningIds: [], override: false, baseId: null, name: '', shuffledLabels: false, place: null },
  ...{ epochs: defaults.epochs, batchSize: defaults.batchSize, learningRate: defaults.learningRate },
  ...{ maxTokens: defaults.maxTokens, pairsPerSet: defaults.pairsPerSet, patience: defaults.patience },
  nearnessPairs: defaults.nearnessPairs
})

/** The form as a request for a model that reads both texts. */
const asReranker = ({ miningIds, baseId, name, override, place, shuffledLabels, ...rest }: Values) => ({
  ...{ name: name.trim(), miningIds, baseId, override, place },
  settings: { ...Object.fromEntries(numbers.map((key) => [key, rest[key]])), shuffledLabels }
})

/** The form as a request for a head. */
const asRetriever = ({ miningIds, indexId, rerankerId, name, override, place, shuffledLabels, ...rest }: Values) => ({
  ...{ name: name.trim(), miningIds, indexId, rerankerId: rerankerId || null, override, place },
  settings: { ...Object.fromEntries(headFields.map((key) => [headNumbers[key], rest[key]])), shuffledLabels }
})

const stepsWith = (closed: (miningId: string) => boolean): WizardStep<Values>[] => [
  {
    id: 'minings',
    ...words.steps.minings,
    missing({ miningIds, override }) {
      if (miningIds.length === 0) return missing.choose
      return miningIds.some(closed) && !override ? words.choose : null
    }
  },
  {
    id: 'base',
    ...words.steps.base,
    missing: ({ what, baseId, indexId }) =>
      what === 'retriever' ? (indexId ? null : missing.choose) : baseId ? null : missing.model
  },
  {
    id: 'options',
    ...words.steps.options,
    missing(values) {
      if (values.name.trim() === '') return missing.name
      const head = Object.fromEntries(headFields.map((key) => [`settings.${headNumbers[key]}`, words[key]]))
      const labels = Object.fromEntries(numbers.map((key) => [`settings.${key}`, words[key]]))
      const wrong =
        values.what === 'retriever'
          ? refusedField(retrieverRequestSchema, asRetriever(values), head)
          : refusedField(trainRequestSchema, asReranker(values), labels)
      return wrong === null ? null : missing.number(wrong)
    }
  },
  { id: 'review', ...words.steps.review, missing: () => null }
]

/** The wizard that trains a reranker or a retriever. It goes no further where a gate is closed, unless the user says so. */
export class TrainReranker extends Estimated<Values, Outputs['reranking']['estimateTraining']> {
  readonly #client: Client
  readonly #provider: AskProvider

  /** @param closed whether the gate of a mining is closed */
  constructor(client: Client, provider: AskProvider, drafts: DraftStore, closed: (miningId: string) => boolean) {
    super(new Wizard('train-reranker', stepsWith(closed), initial, drafts))
    this.#client = client
    this.#provider = provider
  }

  /** From the page of a mining: a new start with it. */
  take({ mining }: Readonly<Record<string, string>>): void {
    if (mining === undefined || this.wizard.values.miningIds.includes(mining)) return
    this.wizard.reset()
    this.wizard.values.miningIds = [mining]
  }

  toggle(miningId: string): void {
    const { values } = this.wizard
    values.miningIds = values.miningIds.includes(miningId)
      ? values.miningIds.filter((id) => id !== miningId)
      : [...values.miningIds, miningId]
  }

  get command(): string {
    const {
      miningIds,
      baseId,
      name,
      override,
      shuffledLabels: shuffled,
      indexId,
      rerankerId,
      place,
      ...rest
    } = this.wizard.values
    const common = { name, override, shuffled, place }
    if (this.#isHead) {
      const changed = headFields.filter((key) => rest[key] !== headDefaults[headNumbers[key]])
      return labCommand(['retriever', 'train', ...miningIds], {
        ...{ ...common, index: indexId, distil: rerankerId || null },
        set: repeated(changed.map((key) => `${headNumbers[key]}=${rest[key]}`))
      })
    }
    const changed = numbers.filter((key) => rest[key] !== defaults[key])
    return labCommand(['reranker', 'train', ...miningIds], {
      ...{ ...common, base: baseId },
      'train-set': repeated(changed.map((key) => `${key}=${rest[key]}`))
    })
  }

  protected measure(): Promise<Outputs['reranking']['estimateTraining']> {
    const { reranking } = this.#client
    return this.#isHead ? reranking.estimateRetriever(this.#headRequest()) : reranking.estimateTraining(this.#request())
  }

  protected begin(): Promise<Job> {
    const { reranking } = this.#client
    return this.#isHead ? reranking.trainRetriever(this.#headRequest()) : reranking.train(this.#request())
  }

  get #isHead(): boolean {
    return this.wizard.values.what === 'retriever'
  }

  #headRequest(): RetrieverRequest {
    const values: Values = $state.snapshot(this.wizard.values)
    return retrieverRequestSchema.parse({ ...asRetriever(values), provider: this.#provider() })
  }

  #request(): TrainRequest {
    const values: Values = $state.snapshot(this.wizard.values)
    return trainRequestSchema.parse({ ...asReranker(values), provider: this.#provider() })
  }
}
