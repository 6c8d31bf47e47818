import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Asked } from '../../contract/client.ts'
import { LabError } from '../../contract/error.ts'
import type { Contract } from '../../contract/routes.ts'
import { identitiesOf } from '../comparison/report.ts'
import { safeFileName } from '../file-name.ts'
import type { Services } from '../services.ts'
import { exportStudy } from './export-study.ts'
import { importStudy } from './import-study.ts'
import { resultFiles } from './result-files.ts'
import { specsOf } from './specs-of.ts'
import { studyOf } from './study-of.ts'
import { readStudyText, writeStudyText } from './study-text.ts'

type StudyRoutes = Contract['studies']

/** An experiment, or what one would be, as the text of a study file. Throws `not-found`. */
export function writeStudy({ store, home }: Services, { of, format }: Asked<StudyRoutes['write']>) {
  const spec = 'spec' in of ? of.spec : store.experiments.get(of.experimentId).spec
  const runs = 'spec' in of ? [] : store.runs.ofExperiment(of.experimentId)
  const text = writeStudyText(studyOf(spec, store, identitiesOf(home, runs)), format)
  return { fileName: `${safeFileName(spec.name)}.${format}`, text }
}

/** The experiments of a study file. Throws `bad-study`. */
export function readStudy({ store }: Services, { text, source, instead }: Asked<StudyRoutes['read']>) {
  const studies = readStudyText(text, source)
  return {
    specs: studies.flatMap((study) =>
      specsOf({ ...study, ...instead, models: { ...study.models, ...instead.models } }, store)
    )
  }
}

/** Writes the zip. Throws `file-exists`. */
export async function exportStudyFile(services: Services, input: Asked<StudyRoutes['export']>) {
  const { store, home, version } = services
  const { overwrite, data, models, indices, weights, ...chosen } = input
  const path = resolve(input.path)
  if (!overwrite && existsSync(path))
    throw new LabError('file-exists', `There is a file at ${path} already. Choose another name, or overwrite it.`, {
      details: { path }
    })
  const results = resultFiles(services)
  return exportStudy(path, chosen, { data, models, indices, weights }, { store, home, version, results })
}

/** Takes in what a zip of a study holds. */
export async function importStudyFile({ store, home, changes }: Services, path: string) {
  const imported = await importStudy(path, { store, home })
  for (const what of ['datasets', 'models', 'targets', 'indices', 'experiments'] as const) changes.changed(what)
  return imported
}
