import { existsSync } from 'node:fs'
import { LabError } from '../contract/error.ts'
import { countTasks } from '../evaluation/retrieved.ts'
import { isUnscored, type ExportFormat } from '../contract/comparison.ts'
import { answersCsv, answersJsonl } from '../evaluation/report/answers.ts'
import { answerSheets } from '../evaluation/report/answer-sheets.ts'
import { testsCsv, testsJsonl, toCsv } from '../evaluation/report/csv.ts'
import { toHtml } from '../evaluation/report/html.ts'
import { toJson } from '../evaluation/report/json.ts'
import { toLatex } from '../evaluation/report/latex.ts'
import type { AnswerTable, ReportData } from '../evaluation/report/report-data.ts'
import { compareSettings } from '../evaluation/settings.ts'
import { workbook, workbookType } from '../files/workbook.ts'
import { os } from './base.ts'
import { safeFileName } from '../features/file-name.ts'
import { AnswerFiles } from '../features/comparison/answers.ts'
import { Comparisons } from '../features/comparison/comparisons.ts'
import { exampleRows } from '../features/comparison/example-rows.ts'
import { asBase64, curvesOf, toMlflow, toTensorBoard, toWorkbook } from '../features/comparison/export-files.ts'
import { curvesCsv } from '../features/comparison/loss-curves.ts'
import { gatherAnswers, gatherReport, namesOf } from '../features/comparison/report.ts'
import { RetrievedSets } from '../features/comparison/retrieved-sets.ts'
import { resolveSubject } from '../features/comparison/subject.ts'
import type { Services } from '../features/services.ts'
import type { Store } from '../store/store.ts'
import type { SavedFile } from '../contract/saved-file.ts'

const mostLineage = 200

export function compareRoutes({ store, home, jobs, installation }: Services) {
  const answers = new AnswerFiles(home)
  const retrieved = new RetrievedSets(home)
  const comparisons = new Comparisons({ store, home, jobs })
  return {
    table: os.compare.table.handler(({ input }) => comparisons.of(input, input.metric, input.rule)),
    breakdown: os.compare.breakdown.handler(({ input: { targetId, rule, ...subject }, signal }) => {
      const mine = resolveSubject({ store, home }, subject).runs.filter((run) => run.targetIds.includes(targetId))
      const runs = mine.map(({ id, strategy, ablatedGroup, variant, source }) => ({
        ...{ runId: id, strategy, ablatedGroup, variant, source, file: home.answers(id, targetId) }
      }))
      const target = store.targets.find(targetId)
      const dataset = target && existsSync(home.dataset(target.datasetId)) ? home.dataset(target.datasetId) : null
      return jobs.ask('breakdown', { runs, dataset, rule: rule ?? null }, signal)
    }),
    examples: os.compare.examples.handler(({ input }) => {
      const { runs, metrics } = resolveSubject({ store, home }, input)
      return exampleRows(runs, answers, { ...input, metric: input.metric ?? metrics[0] ?? 'em' })
    }),
    lineage: os.compare.lineage.handler(async ({ input: { runId, targetId, exampleId } }) => {
      const run = store.runs.get(runId)
      const { rows, outputs, scores } = await answers.read(runId, targetId)
      const row = rows.exampleIds.indexOf(exampleId)
      if (row < 0)
        throw new LabError(
          'not-found',
          `Run ${runId} did not answer test row ${exampleId} of ${store.targets.find(targetId)?.name ?? targetId}.`,
          {
            details: { runId, targetId, exampleId }
          }
        )
      const set = await retrieved.read(run)
      return {
        prediction: {
          exampleId,
          input: rows.inputs[row]!,
          references: [...rows.references[row]!],
          output: outputs[row]!,
          scores: Object.fromEntries([...scores].map(([metric, values]) => [metric, values[row]!])),
          sourceItem: rows.sourceItems[row]!
        },
        strategy: run.strategy,
        retrieved: set.slice(0, mostLineage),
        tasks: countTasks(set)
      }
    }),
    retrieved: os.compare.retrieved.handler(({ input }) =>
      retrieved.ofTarget(resolveSubject({ store, home }, input).runs, input.targetId, input.round)
    ),
    heatMap: os.compare.heatMap.handler(({ input }) => {
      const { runs, targetIds, names } = resolveSubject({ store, home }, input)
      const targets = targetIds.map((id) => ({ id, name: names.get(id) ?? id }))
      return retrieved.heatMap(runs, input.column, targets, input.by)
    }),
    settings: os.compare.settings.handler(({ input: { experimentIds } }) => {
      const experiments = experimentIds.map((id) => store.experiments.get(id))
      return compareSettings(
        experiments.map(({ spec }) => spec),
        namesOf(store, experiments)
      )
    }),
    export: os.compare.export.handler(async ({ input }) => {
      const { format, metric } = input
      const comparison = await comparisons.of(input, metric)
      if (scoresOnly.has(format) && isUnscored(comparison))
        throw new LabError(
          'no-scores',
          `${comparison.name} has no scores to export: its questions have no right answers. Export the answers instead (answers, answers-jsonl, answers-xlsx, html).`
        )
      const data = await gatherReport(comparison, { store, home, command: installation.command, answers, retrieved })
      const { extension, mediaType, write } = formats[format]
      const written = await write(data, () => gatherAnswers(data, answers), store)
      return {
        fileName: `${safeFileName(comparison.name)}.${extension}`,
        mediaType,
        ...(typeof written === 'string' ? { text: written } : written)
      }
    })
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
