import type { Asked } from '../../contract/client.ts'
import type { Contract } from '../../contract/routes.ts'
import { identitiesOf } from '../comparison/report.ts'
import { safeFileName } from '../file-name.ts'
import type { Services } from '../services.ts'
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
