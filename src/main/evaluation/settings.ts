import type { ExperimentSpec } from '../contract/experiments.ts'
import { modelRoles } from '../contract/strategies.ts'

/** One setting of several experiments side by side. */
export interface SettingRow {
  path: string
  label: string
  values: string[]
  differs: boolean
}

/** Every setting of the experiments; `names` replaces ids by what people call the things. */
export function compareSettings(specs: readonly ExperimentSpec[], names: ReadonlyMap<string, string>): SettingRow[] {
  const flat = specs.map((spec) => new Map(flatten(spec, '', names)))
  const paths = [...new Set(flat.flatMap((settings) => [...settings.keys()]))]
  return paths.map((path) => {
    const values = flat.map((settings) => settings.get(path) ?? 'not set')
    return { path, label: labelOf(path), values, differs: new Set(values).size > 1 }
  })
}

function flatten(value: unknown, path: string, names: ReadonlyMap<string, string>): [string, string][] {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) => flatten(inner, path === '' ? key : `${path}.${key}`, names))
  }
  if (path === 'planned') return [[path, plannedInWords(value)]]
  return [[path, inWords(value, names)]]
}

function plannedInWords(value: unknown): string {
  const pairs = value as ExperimentSpec['planned'] | undefined
  return pairs === undefined || pairs.length === 0
    ? 'none'
    : pairs.map(({ strategy, against }) => `${strategy} against ${against}`).join(', ')
}

/** A setting's value as people read it; `names` replaces ids. */
export function inWords(value: unknown, names: ReadonlyMap<string, string> = new Map()): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((item) => inWords(item, names)).join(', ')
  if (value === null) return 'none'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'string') return names.get(value) ?? value
  return typeof value === 'number' ? String(value) : JSON.stringify(value)
}

/** `tune.learningRate` → `Tuning: learning rate`. */
function labelOf(path: string): string {
  const parts = path.split('.')
  const last = settingName(path)
  const section = parts.length > 1 ? sections[parts[0]!] : undefined
  return section ? `${section}: ${last}` : last.charAt(0).toUpperCase() + last.slice(1)
}

/** `tune.learningRate` → `learning rate`. */
export function settingName(path: string): string {
  const last = path.split('.').at(-1)!
  return (known[last] ?? last.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)).trim()
}

const sections: Readonly<Record<string, string>> = { retrieval: 'Retrieval', tune: 'Tuning', evaluation: 'Evaluation' }

const known: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(modelRoles).map(([role, { name }]) => [role, name])),
  datasetId: 'upstream data',
  targetIds: 'targets',
  queries: 'queries per target',
  budget: 'retrieved examples',
  clipNorm: 'largest gradient norm',
  answers: 'of several right answers',
  repeatQueries: 'labelled queries repeated in a mix',
  queryLearningRate: 'learning rate on labelled queries',
  queryEpochs: 'epochs on labelled queries',
  schedule: 'learning rate after the warm-up',
  lossReduction: 'losses of tokens become their',
  maxSteps: 'most steps of a stage',
  mendDoubled: 'doubled words mended',
  precision: 'precision of products',
  firstMetric: 'metric shown first',
  queryShare: 'share of queries used',
  over: 'indices are embedded over',
  testExamples: 'test examples per target',
  keepWeights: 'tuned weights that are kept',
  planned: 'planned comparisons',
  ablateGroups: 'groups left out in turn',
  heldOutShare: 'held-out share for early stopping',
  everySteps: 'steps between held-out checks',
  patience: 'held-out checks without improvement'
}
