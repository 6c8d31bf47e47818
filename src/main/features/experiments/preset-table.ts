import type { ExperimentSpec, PresetName } from '../../contract/experiments.ts'
import { compareSettings, type SettingRow } from '../../evaluation/settings.ts'
import { presetSpec } from './presets.ts'

const compared = ['paper', 'paper-code'] as const satisfies readonly PresetName[]

/** The settings in which the paper, its released code and an experiment differ; without one, those of the first two. */
export function presetTable(spec: ExperimentSpec | null): { columns: string[]; rows: SettingRow[] } {
  const things = {
    name: '',
    models: { base: '', encoder: null, reranker: null, retriever: null },
    datasetId: '',
    targetIds: []
  }
  const presets = compared.map((preset): ExperimentSpec => ({ ...presetSpec(preset), ...things }))
  const all = spec === null ? presets : [...presets, { ...spec, ...things }]
  const rows = compareSettings(all, new Map()).filter(({ differs }) => differs)
  return { columns: [...compared, ...(spec === null ? [] : ['this experiment'])], rows }
}
