import { rerankerSettingsSchema } from '../../../../main/contract/reranking.ts'
import type { Settings } from '../../../../main/contract/settings.ts'
import type { Client, Outputs } from '../../api/client.ts'
import { problemOf, type Problem } from '../../api/problem.ts'
import { texts } from '../../texts/texts.ts'
import type { DraftStore } from '../drafts.svelte.ts'
import { Resource } from '../resource.svelte.ts'
import { labCommand } from '../shell.ts'
import { Wizard, type WizardStep } from '../wizard.svelte.ts'

const defaults = rerankerSettingsSchema.parse({})
const numbers = ['epochs', 'batchSize', 'learningRate', 'maxTokens', 'pairsPerSet', 'patience'] as const

interface Values extends Record<(typeof numbers)[number], number | null> {
  miningIds: string[]
  /** The gate is closed, and the user wants it all the same. */
  override: boolean
  baseId: string | null
  name: string
  shuffledLabels: boolean
}

const words = texts.reranking.trainWizard
const missing = texts.wizards.missing

const initial = (): Values => ({
  ...{ miningIds: [], override: false, baseId: null, name: '', shuffledLabels: false },
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
    this.estimate = new Resource(() => client.reranking.estimateTraining(this.#request()))
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
      this.wizard.begin((await this.#client.reranking.train(this.#request())).id)
    } catch (thrown) {
      this.problem = problemOf(thrown)
    } finally {
      this.busy = false
    }
  }

  get command(): string {
    const { miningIds, baseId, name, override, shuffledLabels, ...rest } = this.wizard.values
    const changed = numbers.filter((key) => rest[key] !== defaults[key])
    return [
      labCommand(['reranker', 'train', ...miningIds], { name, base: baseId, override, shuffled: shuffledLabels }),
      ...changed.map((key) => `--train-set ${key}=${rest[key]}`)
    ].join(' ')
  }

  #request(): Parameters<Client['reranking']['train']>[0] {
    const { miningIds, baseId, name, override, ...settings } = $state.snapshot(this.wizard.values)
    return {
      ...{ name: name.trim() || words.title, miningIds, baseId: baseId ?? '', override },
      settings: rerankerSettingsSchema.parse(settings),
      provider: this.#provider()
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
  { id: 'base', ...words.steps.base, missing: ({ baseId }) => (baseId ? null : missing.model) },
  {
    id: 'options',
    ...words.steps.options,
    missing(values) {
      const wrong = numbers.find((name) => !rerankerSettingsSchema.shape[name].safeParse(values[name]).success)
      if (wrong) return missing.number(words[wrong])
      return values.name.trim() === '' ? missing.name : null
    }
  },
  { id: 'review', ...words.steps.review, missing: () => null }
]
