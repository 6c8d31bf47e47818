import { answersCsv, answersJsonl } from '../../evaluation/report/answers.ts'
import { testsCsv, toCsv } from '../../evaluation/report/csv.ts'
import { toHtml } from '../../evaluation/report/html.ts'
import { toJson } from '../../evaluation/report/json.ts'
import { AnswerFiles } from '../comparison/answers.ts'
import { Comparisons } from '../comparison/comparisons.ts'
import { gatherAnswers, gatherReport, identitiesOf } from '../comparison/report.ts'
import { RetrievedSets } from '../comparison/retrieved-sets.ts'
import type { ExperimentRecord } from '../../store/schema.ts'
import type { Services } from '../services.ts'
import { studyOf } from './study-of.ts'
import { writeStudyText } from './study-text.ts'

/** Texts that go in beside the records: the results as files for other programs. */
type ResultFiles = (experiment: ExperimentRecord) => Promise<{ name: string; text: string }[]>

/** An experiment's results as files for other programs: its study, and where runs have finished, tables and the report. */
export function resultFiles({ store, home, jobs, installation }: Services): ResultFiles {
  const answers = new AnswerFiles(home)
  const retrieved = new RetrievedSets(home)
  const comparisons = new Comparisons({ store, home, jobs })
  return async ({ id, spec }) => {
    const runs = store.runs.ofExperiment(id).filter(({ status }) => status === 'finished')
    const study = {
      name: `results/${id}/study.yaml`,
      text: writeStudyText(studyOf(spec, store, identitiesOf(home, runs)), 'yaml')
    }
    if (runs.length === 0) return [study]
    const comparison = await comparisons.of({ experimentId: id })
    const data = await gatherReport(comparison, { store, home, command: installation.command, answers, retrieved })
    const tables = await gatherAnswers(data, answers)
    return [
      study,
      { name: `results/${id}/tests.csv`, text: testsCsv(data) },
      { name: `results/${id}/answers.csv`, text: answersCsv(tables) },
      { name: `results/${id}/answers.jsonl`, text: answersJsonl(tables) },
      { name: `results/${id}/scores.csv`, text: toCsv(data) },
      { name: `results/${id}/results.json`, text: toJson(data, tables) },
      { name: `results/${id}/report.html`, text: toHtml(data) }
    ]
  }
}
