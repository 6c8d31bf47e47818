import {
  type ExperimentSpec,
  experimentSettingsSchema,
  type PresetName
} from '../../../../main/contract/experiments.ts'
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
import { refusedPaths } from './checked.ts'

export type Preset = Outputs['experiments']['preset']
export type PlannedPair = ExperimentSpec['planned'][number]

export interface Values {
  preset: PresetName | null
  name: string
  models: Record<ModelRole, string | null>
  datasetId: string | null
  targetIds: string[]
  strategies: StrategyName[]
  /** The user, or an experiment that is opened, has said which strategies; else they are the preset's, as far as there are models for them. */
  ownStrategies: boolean
  /** What the preset says, with the user's changes; null until a preset is chosen. */
  settings: Preset | null
  /** The preset as it came, to tell what was changed. */
  unchanged: Preset | null
  /** The base model whose size the settings fit; null: none was chosen yet. */
  fittedTo: string | null
  /** The job that tries learning rates; null: none was asked to. */
  rateJob: string | null
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
  { id: 'settings', ...words.steps.settings, missing: (values) => refusedSetting(values.settings) },
  { id: 'plan', ...words.steps.plan, missing: (values) => (values.name.trim() ? null : missing.name) }
]

export const initial = (): Values => ({
  preset: null,
  name: '',
  models: Object.fromEntries(modelRoleNames.map((role) => [role, null])) as Record<ModelRole, null>,
  datasetId: null,
  targetIds: [],
  strategies: [...strategyNames],
  ownStrategies: false,
  settings: null,
  unchanged: null,
  fittedTo: null,
  rateJob: null
})

/** The parts that a strategy needs a model for, but nobody has chosen one. */
export function missingRoles(
  strategy: StrategyName,
  { models, settings }: Pick<Values, 'models' | 'settings'>
): ModelRole[] {
  return rolesOf(strategy, settings?.retrieval).filter((role) => role !== 'base' && !models[role])
}

/** Settings by their names in the contract, as the form names them. */
const labels: ReadonlyMap<PropertyKey, string> = new Map(
  [words.fields, words.fields.rerank, words.further, { values: words.sweep.values }].flatMap((group) =>
    Object.entries(group).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  )
)

/** The first setting that the contract does not take, as a sentence. */
function refusedSetting(settings: Preset | null): string | null {
  if (!settings) return missing.choose
  const [path] = refusedPaths(experimentSettingsSchema, settings)
  if (path === undefined) return null
  const name = path.findLast((part) => labels.has(part))
  return missing.number(labels.get(name ?? '') ?? path.join('.'))
}
