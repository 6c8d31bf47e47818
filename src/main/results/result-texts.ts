import type { Comparison } from '../contract/comparison.ts'
import type { QuestionInput } from '../contract/questions.ts'
import { answersCsv, answersJsonl } from '../evaluation/report/answers.ts'
import { testsCsv, toCsv } from '../evaluation/report/csv.ts'
import { toHtml } from '../evaluation/report/html.ts'
import { toJson } from '../evaluation/report/json.ts'
import { gatherAnswers, gatherReport, type ReportSources, type ResultFiles } from './gather.ts'

/** An experiment whose results are to be written down as files for other programs. */
export interface ResultsToWrite {
  experimentId: string
  /** Its study file. */
  study: string
  /** Its finished runs; null where it has none. */
  finished: { compared: QuestionInput<'compare'>; sources: ReportSources } | null
}

/** The study of an experiment, and where runs have finished, its tables and report. Throws `run-files-missing`, `run-damaged`. */
export async function resultTexts(
  { experimentId, study, finished }: ResultsToWrite,
  files: ResultFiles,
  compare: (input: QuestionInput<'compare'>) => Promise<Comparison>
): Promise<{ name: string; text: string }[]> {
  const named = (name: string, text: string) => ({ name: `results/${experimentId}/${name}`, text })
  if (finished === null) return [named('study.yaml', study)]
  const data = await gatherReport(await compare(finished.compared), finished.sources, files)
  const tables = await gatherAnswers(data, files.answers)
  return [
    named('study.yaml', study),
    named('tests.csv', testsCsv(data)),
    named('answers.csv', answersCsv(tables)),
    named('answers.jsonl', answersJsonl(tables)),
    named('scores.csv', toCsv(data)),
    named('results.json', toJson(data, tables)),
    named('report.html', toHtml(data))
  ]
}
