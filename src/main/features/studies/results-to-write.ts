import type { ResultsToWrite } from '../../results/result-texts.ts'
import type { ExperimentRecord } from '../../store/schema.ts'
import { comparisonInput } from '../comparison/comparison-input.ts'
import { identitiesOf, reportSources } from '../comparison/report.ts'
import { firstMetric, resolveSubject } from '../comparison/subject.ts'
import type { Services } from '../services.ts'
import { studyOf } from './study-of.ts'
import { writeStudyText } from './study-text.ts'

/** What a worker needs to write an experiment's results down, as the tables have it now: nothing is worked out here. */
export function resultsToWrite(services: Services, { id, spec }: ExperimentRecord): ResultsToWrite {
  const { store, home } = services
  const compared = resolveSubject(services, { experimentId: id })
  const identities = identitiesOf(home, compared.runs)
  return {
    experimentId: id,
    study: writeStudyText(studyOf(spec, store, identities), 'yaml'),
    finished:
      compared.runs.length === 0
        ? null
        : {
            compared: comparisonInput(compared, { metric: firstMetric(compared), rule: null }, services),
            sources: reportSources(compared, services)
          }
  }
}
