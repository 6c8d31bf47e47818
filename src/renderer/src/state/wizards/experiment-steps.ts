import type { ExperimentSpec, PresetName } from '../../../../main/contract/experiments.ts'
import {
  type ModelRole,
  modelRoleNames,
  rolesOf,
  type StrategyName,
  strategyNames
} from '../../../../main/contract/strategies.ts'
import type { Outputs } from '../../api/client.ts'
import { texts } from '../../texts/texts.ts'
import type { LabState } from '../lab.svelte.ts'
import type { WizardStep } from '../wizard.svelte.ts'

export type Preset = Outputs['experiments']['preset']
export type PlannedPair = ExperimentSpec['planned'][number]

export interface Values {
  preset: PresetName | null
  name: string
  models: Record<ModelRole, string | null>
  datasetId: string | null
  targetIds: string[]
  strategies: StrategyName[]
  /** What the preset says, with the user's changes; null until a preset is chosen. */
  settings: Preset | null
  /** The preset as it came, to tell what was changed. */
  unchanged: Preset | null
  /** The base model whose size the settings fit; null: none was chosen yet. */
  fittedTo: string | null
}

/** What an experiment can be made of. */
export type Materials = Pick<LabState, 'models' | 'datasets' | 'targets'>

export const words = texts.experiments.wizard
const missing = texts.wizards.missing

export const steps: WizardStep<Values>[] = [
  { id: 'preset', ...words.steps.preset, missing: (values) => (values.settings ? null : missing.choose) },
  {
    id: 'materials',
    ...words.steps.materials,
    missing: (values) => (values.models.base ? (values.datasetId ? null : missing.data) : missing.model)
  },
  { id: 'targets', ...words.steps.targets, missing: (values) => (values.targetIds.length > 0 ? null : missing.target) },
  {
    id: 'strategies',
    ...words.steps.strategies,
    missing: (values) => {
      if (values.strategies.length < 2) return missing.strategy
      const lacking = values.strategies.find((strategy) => missingRoles(strategy, values).length > 0)
      if (lacking === undefined) return null
      const [role] = missingRoles(lacking, values)
      return missing.role(texts.strategies[lacking], texts.roles[role!].needed)
    }
  },
  { id: 'settings', ...words.steps.settings, missing: (values) => numberMissing(values.settings) },
  { id: 'plan', ...words.steps.plan, missing: (values) => (values.name.trim() ? null : missing.name) }
]

export const initial = (): Values => ({
  preset: null,
  name: '',
  models: Object.fromEntries(modelRoleNames.map((role) => [role, null])) as Record<ModelRole, null>,
  datasetId: null,
  targetIds: [],
  strategies: [...strategyNames],
  settings: null,
  unchanged: null,
  fittedTo: null
})

/** The parts that a strategy needs a model for, but nobody has chosen one. */
export function missingRoles(
  strategy: StrategyName,
  { models, settings }: Pick<Values, 'models' | 'settings'>
): ModelRole[] {
  return rolesOf(strategy, settings?.retrieval).filter((role) => role !== 'base' && !models[role])
}

/** The first number of the form that cannot be used, as a sentence. */
function numberMissing(settings: Preset | null): string | null {
  if (!settings) return missing.choose
  if (settings.sweep.some(({ values }) => values.length === 0)) return missing.number(words.sweep.values)
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
