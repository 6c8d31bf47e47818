import { isUnscored, type ExportFormat } from '../../contract/comparison.ts'
import type { Asked } from '../../contract/client.ts'
import { LabError } from '../../contract/error.ts'
import type { Contract } from '../../contract/routes.ts'
import type { SavedFile } from '../../contract/saved-file.ts'
import { qualitySettingsSchema } from '../../contract/retrieval-quality.ts'
import { answerSheets } from '../../evaluation/report/answer-sheets.ts'
import { answersCsv, answersJsonl } from '../../evaluation/report/answers.ts'
import { testsCsv, testsJsonl, toCsv } from '../../evaluation/report/csv.ts'
import { toHtml } from '../../evaluation/report/html.ts'
import { toJson } from '../../evaluation/report/json.ts'
import { toLatex } from '../../evaluation/report/latex.ts'
import type { AnswerTable, ReportData } from '../../evaluation/report/report-data.ts'
import { workbook, workbookType } from '../../files/workbook.ts'
import type { Store } from '../../store/store.ts'
import { gatherAnswers, gatherReport } from '../../results/gather.ts'
import { safeFileName } from '../file-name.ts'
import { asBase64, curvesOf, toMlflow, toTensorBoard, toWorkbook } from './export-files.ts'
import { curvesCsv } from './loss-curves.ts'
import { reportSources } from './report.ts'
import type { ComparisonSources } from './sources.ts'
import { resolveSubject } from './subject.ts'

/** A comparison as a file. Throws `no-scores` where the form shows nothing but scores and there are none. */
export async function exportComparison(
  sources: ComparisonSources,
  input: Asked<Contract['compare']['export']>
): Promise<SavedFile> {
  const { format, metric } = input
  const { store, comparisons, qualities, answers } = sources
  const comparison = await comparisons.of(input, metric)
  if (scoresOnly.has(format) && isUnscored(comparison))
    throw new LabError(
      'no-scores',
      `${comparison.name} has no scores to export: its questions have no right answers. Export the answers instead (answers, answers-jsonl, answers-xlsx, html).`
    )
  const data = await gatherReport(
    comparison,
    reportSources(resolveSubject(sources, comparison.subject), sources),
    sources
  )
  const quality = input.quality
    ? await qualities.of({ ...qualitySettingsSchema.parse({}), ...comparison.subject })
    : null
  const { extension, mediaType, write } = formats[format]
  const written = await write({ ...data, quality }, () => gatherAnswers(data, answers), store)
  return {
    fileName: `${safeFileName(comparison.name)}.${extension}`,
    mediaType,
    ...(typeof written === 'string' ? { text: written, encoding: 'text' as const } : written)
  }
}

/** Formats that show nothing but scores. */
const scoresOnly: ReadonlySet<ExportFormat> = new Set(['csv', 'tests', 'tests-jsonl', 'latex', 'xlsx'])

type Written = string | Pick<SavedFile, 'text' | 'encoding'>

const formats: Record<
  ExportFormat,
  {
    /** What stands behind the experiment's name. */
    extension: string
    mediaType: string
    write: (data: ReportData, answers: () => Promise<AnswerTable[]>, store: Store) => Written | Promise<Written>
  }
> = {
  csv: { extension: 'csv', mediaType: 'text/csv', write: toCsv },
  tests: { extension: 'tests.csv', mediaType: 'text/csv', write: testsCsv },
  'tests-jsonl': { extension: 'tests.jsonl', mediaType: 'application/jsonl', write: testsJsonl },
  answers: {
    extension: 'answers.csv',
    mediaType: 'text/csv',
    write: async (_, answers) => answersCsv(await answers())
  },
  'answers-jsonl': {
    extension: 'answers.jsonl',
    mediaType: 'application/jsonl',
    write: async (_, answers) => answersJsonl(await answers())
  },
  'answers-xlsx': {
    extension: 'answers.xlsx',
    mediaType: workbookType,
    write: async (_, answers) => asBase64(await workbook(answerSheets(await answers())))
  },
  xlsx: {
    extension: 'xlsx',
    mediaType: workbookType,
    write: async (data, answers) => toWorkbook(data, await answers())
  },
  curves: {
    extension: 'curves.csv',
    mediaType: 'text/csv',
    write: (data, _, store) => curvesCsv(curvesOf(data, store))
  },
  tensorboard: {
    extension: 'tensorboard.zip',
    mediaType: 'application/zip',
    write: (data, _, store) => toTensorBoard(data, store)
  },
  mlflow: {
    extension: 'mlruns.zip',
    mediaType: 'application/zip',
    write: (data, _, store) => toMlflow(data, store)
  },
  json: {
    extension: 'json',
    mediaType: 'application/json',
    write: async (data, answers) => toJson(data, await answers())
  },
  latex: { extension: 'tex', mediaType: 'application/x-tex', write: toLatex },
  html: { extension: 'html', mediaType: 'text/html', write: toHtml }
}
