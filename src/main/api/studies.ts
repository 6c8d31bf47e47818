import type { ExperimentSpec } from '../contract/experiments.ts'
import { setAt } from '../contract/setting-path.ts'
import { studyJsonSchema, type Study } from '../contract/study.ts'
import { presetSpec } from '../features/experiments/presets.ts'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { LabError } from '../contract/error.ts'
import { exportStudy } from '../features/studies/export-study.ts'
import { importStudy } from '../features/studies/import-study.ts'
import { resultFiles } from '../features/studies/result-files.ts'
import type { Store } from '../store/store.ts'
import { os } from './base.ts'
import { identitiesOf } from '../features/comparison/report.ts'
import type { Services } from '../features/services.ts'
import { checkSpec, variantsOf } from '../features/studies/expand.ts'
import { findThings } from '../features/studies/find-things.ts'
import { studyOf } from '../features/studies/study-of.ts'
import { readStudyText, writeStudyText } from '../features/studies/study-text.ts'
import { safeFileName } from '../features/file-name.ts'

/** Studies as files: written from experiments, read into experiments. */
export function studyRoutes(services: Services) {
  const { store, home, changes, version } = services
  const results = resultFiles(services)
  return {
    schema: os.studies.schema.handler(() => ({ schema: studyJsonSchema() })),
    write: os.studies.write.handler(({ input: { of, format } }) => {
      const spec = 'spec' in of ? of.spec : store.experiments.get(of.experimentId).spec
      const runs = 'spec' in of ? [] : store.runs.ofExperiment(of.experimentId)
      const text = writeStudyText(studyOf(spec, store, identitiesOf(home, runs)), format)
      return { fileName: `${safeFileName(spec.name)}.${format}`, text }
    }),
    read: os.studies.read.handler(({ input: { text, source, instead } }) => ({
      specs: readStudyText(text, source).flatMap((study) =>
        specsOf({ ...study, ...instead, models: { ...study.models, ...instead.models } })
      )
    })),
    export: os.studies.export.handler(({ input }) => {
      const { overwrite, data, models, indices, weights, ...chosen } = input
      const path = resolve(input.path)
      if (!overwrite && existsSync(path))
        throw new LabError('file-exists', `There is a file at ${path} already. Choose another name, or overwrite it.`, {
          details: { path }
        })
      return exportStudy(path, chosen, { data, models, indices, weights }, { store, home, version, results })
    }),
    import: os.studies.import.handler(async ({ input }) => {
      const imported = await importStudy(input.path, { store, home })
      for (const what of ['datasets', 'models', 'targets', 'indices', 'experiments'] as const) changes.changed(what)
      return imported
    })
  }

  function specsOf(study: Study): ExperimentSpec[] {
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
