import { rerankerSettingsSchema } from '../../../../main/contract/reranking.ts'
import { retrieverSettingsSchema } from '../../../../main/contract/retrievers.ts'
import type { Settings } from '../../../../main/contract/settings.ts'
import type { Client, Outputs } from '../../api/client.ts'
import { problemOf, type Problem } from '../../api/problem.ts'
import { texts } from '../../texts/texts.ts'
import type { DraftStore } from '../drafts.svelte.ts'
import { Resource } from '../resource.svelte.ts'
import { labCommand } from '../shell.ts'
import { Wizard, type WizardStep } from '../wizard.svelte.ts'

const defaults = rerankerSettingsSchema.parse({})
const headDefaults = retrieverSettingsSchema.parse({})
const numbers = ['epochs', 'batchSize', 'learningRate', 'maxTokens', 'pairsPerSet', 'patience'] as const

/** Fields of the form, and the settings of a head that they are. */
const headNumbers = { headEpochs: 'epochs', headRate: 'learningRate', headTemperature: 'temperature' } as const
const headFields = Object.keys(headNumbers) as (keyof typeof headNumbers)[]

interface Values extends Record<(typeof numbers)[number] | keyof typeof headNumbers, number | null> {
  /** A model that reads both texts, or a head on the vectors of an index. */
  what: 'reranker' | 'retriever'
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
  ...{ what: 'reranker', indexId: null, rerankerId: '' },
  ...{ headEpochs: headDefaults.epochs, headRate: headDefaults.learningRate },
  headTemperature: headDefaults.temperature,
  ...{ miningIds: [], override: false, baseId: null, name: '', shuffledLabels: false, place: null },
  ...{ epochs: defaults.epochs, batchSize: defaults.batchSize, learningRate: defaults.learningRate },
  ...{ maxTokens: defaults.maxTokens, pairsPerSet: defaults.pairsPerSet, patience: defaults.patience }
})

/** The wizard that trains a reranker. It goes no further where a gate is closed, unless the user says so. */
export class TrainReranker {
  readonly wizard: Wizard<Values>
  readonly estimate: Resource<Outputs['reranking']['estimateTraining']>
  problem = $state.raw<Problem | null>(null)
  busy = $state(false)
  readonly #client: Client
  readonly #provider: () => Settings['provider']

  /** @param closed whether the gate of a mining is closed */
  constructor(
    client: Client,
    provider: () => Settings['provider'],
    drafts: DraftStore,
    closed: (miningId: string) => boolean
  ) {
    this.#client = client
    this.#provider = provider
    this.wizard = new Wizard('train-reranker', stepsWith(closed), initial, drafts)
    this.estimate = new Resource(() =>
      this.wizard.values.what === 'retriever'
        ? client.reranking.estimateRetriever(this.#headRequest())
        : client.reranking.estimateTraining(this.#request())
    )
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

  async start(): Promise<void> {
    this.busy = true
    this.problem = null
    try {
      const { reranking } = this.#client
      const head = this.wizard.values.what === 'retriever'
      const job = head ? reranking.trainRetriever(this.#headRequest()) : reranking.train(this.#request())
      this.wizard.begin((await job).id)
    } catch (thrown) {
      this.problem = problemOf(thrown)
    } finally {
      this.busy = false
    }
  }

  get command(): string {
    const { miningIds, baseId, name, override, shuffledLabels, what, indexId, rerankerId, place, ...rest } =
      this.wizard.values
    if (what === 'retriever') {
      const changed = headFields.filter((key) => rest[key] !== headDefaults[headNumbers[key]])
      return [
        labCommand(['retriever', 'train', ...miningIds], {
          ...{ name, index: indexId, distil: rerankerId || null, override, shuffled: shuffledLabels, place }
        }),
        ...changed.map((key) => `--set ${headNumbers[key]}=${rest[key]}`)
      ].join(' ')
    }
    const changed = numbers.filter((key) => rest[key] !== defaults[key])
    return [
      labCommand(['reranker', 'train', ...miningIds], {
        name,
        base: baseId,
        override,
        shuffled: shuffledLabels,
        place
      }),
      ...changed.map((key) => `--train-set ${key}=${rest[key]}`)
    ].join(' ')
  }

  #headRequest(): Parameters<Client['reranking']['trainRetriever']>[0] {
    const { miningIds, indexId, rerankerId, name, override, shuffledLabels, place, ...rest } = $state.snapshot(
      this.wizard.values
    )
    const settings = Object.fromEntries(headFields.map((key) => [headNumbers[key], rest[key]]))
    return {
      ...{ name: name.trim() || words.retriever, miningIds, indexId: indexId ?? '', override },
      rerankerId: rerankerId || null,
      settings: retrieverSettingsSchema.parse({ ...settings, shuffledLabels }),
      provider: this.#provider(),
      place
    }
  }

  #request(): Parameters<Client['reranking']['train']>[0] {
    const { miningIds, baseId, name, override, place, ...settings } = $state.snapshot(this.wizard.values)
    return {
      ...{ name: name.trim() || words.title, miningIds, baseId: baseId ?? '', override },
      settings: rerankerSettingsSchema.parse(settings),
      provider: this.#provider(),
      place
    }
  }
}

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
      if (values.what === 'retriever') {
        const bad = headFields.find(
          (key) => !retrieverSettingsSchema.shape[headNumbers[key]].safeParse(values[key]).success
        )
        if (bad) return missing.number(words[bad])
        return values.name.trim() === '' ? missing.name : null
      }
      const wrong = numbers.find((name) => !rerankerSettingsSchema.shape[name].safeParse(values[name]).success)
      if (wrong) return missing.number(words[wrong])
      return values.name.trim() === '' ? missing.name : null
    }
  },
  { id: 'review', ...words.steps.review, missing: () => null }
]
