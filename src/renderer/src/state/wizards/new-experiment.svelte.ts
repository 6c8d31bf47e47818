import type {
  Experiment,
  ExperimentPlan,
  ExperimentSpec,
  PresetName,
  StrategyName
} from '../../../../main/contract/experiments.ts'
import type { Settings } from '../../../../main/contract/settings.ts'
import type { Client, Outputs } from '../../api/client.ts'
import { problemOf, type Problem } from '../../api/problem.ts'
import { strategyOrder } from '../../parts/strategy.ts'
import { texts } from '../../texts/texts.ts'
import { Resource } from '../resource.svelte.ts'
import { differences, labCommand } from '../shell.ts'
import { Wizard, type WizardStep } from '../wizard.svelte.ts'

type Preset = Outputs['experiments']['preset']

interface Values {
  preset: PresetName | null
  name: string
  modelId: string | null
  encoderId: string | null
  datasetId: string | null
  targetIds: string[]
  strategies: StrategyName[]
  /** What the preset says, with the user's changes; null until a preset is chosen. */
  settings: Preset | null
  /** The preset as it came, to tell what was changed. */
  unchanged: Preset | null
}

const words = texts.experiments.wizard
const missing = texts.wizards.missing

const steps: WizardStep<Values>[] = [
  { id: 'preset', ...words.steps.preset, missing: (values) => (values.settings ? null : missing.choose) },
  {
    id: 'materials',
    ...words.steps.materials,
    missing: (values) => (values.modelId ? (values.datasetId ? null : missing.data) : missing.model)
  },
  { id: 'targets', ...words.steps.targets, missing: (values) => (values.targetIds.length > 0 ? null : missing.target) },
  {
    id: 'strategies',
    ...words.steps.strategies,
    missing: (values) => {
      if (values.strategies.length < 2) return missing.strategy
      return values.strategies.includes('semantic') && !values.encoderId ? missing.encoder : null
    }
  },
  { id: 'settings', ...words.steps.settings, missing: (values) => numberMissing(values.settings) },
  { id: 'plan', ...words.steps.plan, missing: (values) => (values.name.trim() ? null : missing.name) }
]

const initial = (): Values => ({
  preset: null,
  name: '',
  modelId: null,
  encoderId: null,
  datasetId: null,
  targetIds: [],
  strategies: [...strategyOrder],
  settings: null,
  unchanged: null
})

/** The wizard for experiments: a preset fills everything in, the plan says what it costs before it starts. */
export class NewExperiment {
  readonly wizard: Wizard<Values>
  readonly plan: Resource<ExperimentPlan>
  problem = $state.raw<Problem | null>(null)
  busy = $state(false)
  readonly #client: Client

  constructor(client: Client, storage?: Storage) {
    this.#client = client
    this.wizard = new Wizard('new-experiment', steps, initial, storage)
    this.plan = new Resource(() => client.experiments.plan(this.spec))
  }

  /** Fills everything in; the provider is the one of the lab's settings. */
  async setPreset(preset: PresetName, provider: Settings['provider'] = 'auto'): Promise<void> {
    this.problem = null
    try {
      const settings = { ...(await this.#client.experiments.preset({ preset })), provider }
      this.wizard.values.preset = preset
      this.wizard.values.settings = settings
      this.wizard.values.unchanged = structuredClone(settings)
      this.wizard.values.strategies = strategyOrder.filter(
        (name) => name === 'zero-shot' || settings.strategies.includes(name)
      )
    } catch (thrown) {
      this.problem = problemOf(thrown)
    }
  }

  toggleTarget(id: string): void {
    this.wizard.values.targetIds = toggled(this.wizard.values.targetIds, id)
  }

  /** Zero-shot cannot be left out: without it nobody knows whether tuning helps. */
  toggleStrategy(strategy: StrategyName): void {
    if (strategy === 'zero-shot') return
    const chosen = toggled(this.wizard.values.strategies, strategy)
    this.wizard.values.strategies = strategyOrder.filter((name) => chosen.includes(name))
  }

  toggleAblation(group: string): void {
    const { settings } = this.wizard.values
    if (settings) settings.ablateGroups = toggled(settings.ablateGroups, group)
  }

  toggleEarlyStopping(): void {
    const { settings } = this.wizard.values
    if (settings)
      settings.tune.earlyStopping = settings.tune.earlyStopping
        ? null
        : { heldOutShare: 0.1, everySteps: 10, patience: 3 }
  }

  get spec(): ExperimentSpec {
    const values: Values = $state.snapshot(this.wizard.values)
    const { settings, name, modelId, encoderId, datasetId, targetIds, strategies } = values
    if (!settings) throw new Error('A preset must be chosen before the plan is made.')
    return {
      ...settings,
      name: name.trim() || words.defaultName(''),
      modelId: modelId ?? '',
      encoderId,
      datasetId: datasetId ?? '',
      targetIds,
      strategies
    }
  }

  async start(): Promise<Experiment | null> {
    this.busy = true
    this.problem = null
    try {
      const experiment = await this.#client.experiments.start(this.spec)
      this.wizard.reset()
      return experiment
    } catch (thrown) {
      this.problem = problemOf(thrown)
      return null
    } finally {
      this.busy = false
    }
  }

  get command(): string {
    const { preset, name, modelId, encoderId, datasetId, targetIds, strategies, settings, unchanged } =
      this.wizard.values
    const { strategies: _, rounds: __, ...changes } = settings ?? { strategies: [], rounds: 0 }
    return labCommand(['experiment', 'run'], {
      name: name.trim(),
      preset,
      model: modelId,
      encoder: encoderId,
      data: datasetId,
      targets: targetIds,
      strategies,
      rounds: settings?.rounds === unchanged?.rounds ? null : settings?.rounds,
      set: unchanged ? differences(unchanged, changes) : []
    })
  }
}

function toggled<T>(list: readonly T[], item: T): T[] {
  return list.includes(item) ? list.filter((entry) => entry !== item) : [...list, item]
}

/** The first number of the form that cannot be used, as a sentence. */
function numberMissing(settings: Preset | null): string | null {
  if (!settings) return missing.choose
  const { fields } = words
  const { earlyStopping } = settings.tune
  const whole: [string, number][] = [
    [fields.rounds, settings.rounds],
    [fields.queries, settings.queries],
    [fields.budget, settings.retrieval.budget],
    [fields.epochs, settings.tune.epochs],
    [fields.batchSize, settings.tune.batchSize],
    [fields.loraRank, settings.tune.loraRank],
    [fields.lastBlocks, settings.tune.lastBlocks],
    ...(earlyStopping
      ? ([
          [fields.everySteps, earlyStopping.everySteps],
          [fields.patience, earlyStopping.patience]
        ] satisfies [string, number][])
      : []),
    [fields.testExamples, settings.evaluation.testExamples],
    [fields.beams, settings.evaluation.beams]
  ]
  const positive: [string, number][] = [
    [fields.learningRate, settings.tune.learningRate],
    ...(earlyStopping ? ([[fields.heldOutShare, earlyStopping.heldOutShare]] satisfies [string, number][]) : [])
  ]
  const bad =
    whole.find(([, value]) => !Number.isInteger(value) || value < 1) ?? positive.find(([, value]) => !(value > 0))
  return bad ? missing.number(bad[0]) : null
}
