import { LabError } from '../../contract/error.ts'
import type { ExperimentSpec } from '../../contract/experiments.ts'
import { setAt } from '../../naming/setting-path.ts'
import type { Study } from '../../contract/study.ts'
import type { Store } from '../../store/store.ts'
import { presetSpec } from '../experiments/presets.ts'
import { checkSpec, variantsOf } from './expand.ts'
import { findThings } from './find-things.ts'
import { isObject } from '../../data/import/column-path.ts'

/** The experiments of a study: the preset, what the file says over it, one for every variant. Throws `bad-study`. */
export function specsOf(study: Study, store: Store): ExperimentSpec[] {
  const things = findThings(study, store)
  const { $schema: _schema, study: _version, preset, models: _models, data: _data, targets: _targets, ...own } = study
  const { vary: _vary, name, ...settings } = own
  // What a preset says hangs on the size of the model.
  const base: Record<string, unknown> = { ...presetSpec(preset ?? 'paper', store.models.get(things.models.base)) }
  merge(base, settings)
  return variantsOf(study).map(({ label, changes }) => {
    const spec = structuredClone(base)
    for (const [path, value] of changes) setAt(spec, path, value)
    return withIds(checkSpec({ ...spec, ...things, name: changes.length > 0 ? label : (name ?? unnamed()) }), store)
  })
}

/** Models and targets that a sweep or `tuneFor` calls by name, as ids of this home. */
function withIds(spec: ExperimentSpec, store: Store): ExperimentSpec {
  const idOf = (things: readonly { id: string; name: string }[], name: string): string =>
    (things.find(({ id }) => id === name) ?? things.find((one) => one.name === name))?.id ?? name
  const sweep = spec.sweep.map(({ path, values }) => {
    if (!path.startsWith('models.')) return { path, values }
    return { path, values: values.map((one) => (typeof one === 'string' ? idOf(store.models.list(), one) : one)) }
  })
  return {
    ...spec,
    sweep,
    tuneFor: spec.tuneFor === null ? null : idOf(store.targets.list(), spec.tuneFor),
    ...placesOf(spec, store)
  }
}

/** The places of this home that a study calls by name or id. Throws `bad-study`. */
function placesOf(spec: ExperimentSpec, store: Store): Pick<ExperimentSpec, 'place' | 'indexPlace'> {
  const all = store.places.list()
  const idOf = (name: string): string => {
    const found = all.find(({ id }) => id === name) ?? all.find(({ settings }) => settings.name === name)
    if (found !== undefined) return found.id
    const names = all.map(({ settings }) => settings.name).join(', ')
    throw new LabError(
      'bad-study',
      `There is no place "${name}" in this lab. ${names === '' ? 'Add one with "places add", or leave the line out to compute here.' : `Places: ${names}.`}`
    )
  }
  return {
    ...(spec.place == null ? {} : { place: idOf(spec.place) }),
    ...(spec.indexPlace == null ? {} : { indexPlace: idOf(spec.indexPlace) })
  }
}

/** Puts what a file says over the preset, setting by setting. */
function merge(into: Record<string, unknown>, from: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(from)) {
    const known = into[key]
    if (isObject(known) && isObject(value)) merge(known, value)
    else into[key] = value
  }
}

function unnamed(): string {
  return `Experiment of ${new Date().toISOString().slice(0, 16).replace('T', ' ')}`
}
