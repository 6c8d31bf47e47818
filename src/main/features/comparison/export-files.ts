import type { SavedFile } from '../../contract/saved-file.ts'
import { answerLines } from '../../evaluation/report/answers.ts'
import { scoresRows, testsRows } from '../../evaluation/report/csv.ts'
import type { AnswerTable, ReportData } from '../../evaluation/report/report-data.ts'
import { compareSettings } from '../../evaluation/settings.ts'
import { columnOf } from '../../evaluation/columns.ts'
import { workbook } from '../../files/workbook.ts'
import { ZipWriter } from '../../files/zip-writer.ts'
import type { Store } from '../../store/store.ts'
import { mlflowFiles, tensorBoardFiles, type LossCurve, type TrackedRun } from './loss-curves.ts'

/** Scores, tests and every answer as one workbook, a sheet each. */
export async function toWorkbook(
  data: ReportData,
  answers: readonly AnswerTable[]
): Promise<Pick<SavedFile, 'text' | 'encoding'>> {
  return asBase64(
    await workbook([
      { name: 'scores', rows: scoresRows(data) },
      { name: 'tests', rows: testsRows(data) },
      { name: 'answers', rows: answerLines(answers) }
    ])
  )
}

/** The curves of the compared runs that were tuned in this home. */
export function curvesOf({ runs, names, comparison }: ReportData, store: Store): LossCurve[] {
  return runs.flatMap((run) => {
    const rows = run.jobId === null ? [] : store.jobHistory.curve(run.jobId)
    if (rows.length === 0) return []
    return [{ ...placeOf(run, names, comparison.targets), rows }]
  })
}

export async function toTensorBoard(data: ReportData, store: Store): Promise<Pick<SavedFile, 'text' | 'encoding'>> {
  return asBase64(await ZipWriter.of(tensorBoardFiles(curvesOf(data, store))))
}

/** Every compared run, the untuned ones too. */
export async function toMlflow(data: ReportData, store: Store): Promise<Pick<SavedFile, 'text' | 'encoding'>> {
  const files = data.experiments.flatMap((experiment) => {
    const params = Object.fromEntries(
      compareSettings([experiment.spec], data.names).map(({ path, values }) => [path, values[0]!])
    )
    const mine = data.runs.filter((run) => data.experiments.length === 1 || run.source?.id === experiment.id)
    const runs = mine.map((run): TrackedRun => {
      const scores = data.scores.filter(({ runId }) => runId === run.id)
      return {
        ...placeOf(run, data.names, data.comparison.targets),
        rows: run.jobId === null ? [] : store.jobHistory.curve(run.jobId),
        startedAt: Date.parse(run.createdAt),
        params,
        metrics: {
          ...Object.fromEntries(scores.map(({ metric, target, value }) => [`${metric} on ${target}`, value])),
          ...Object.fromEntries(Object.entries(run.seconds ?? {}).map(([phase, value]) => [`seconds.${phase}`, value]))
        }
      }
    })
    const createdAt = Date.parse(store.experiments.get(experiment.id).createdAt)
    return mlflowFiles({ id: experiment.id, name: experiment.name, createdAt }, runs)
  })
  return asBase64(await ZipWriter.of(files))
}

function placeOf(
  run: ReportData['runs'][number],
  names: ReportData['names'],
  targets: readonly { id: string; name: string }[]
): Omit<LossCurve, 'rows'> {
  const [only, ...others] = run.targetIds
  const name = (id: string) => targets.find((target) => target.id === id)?.name ?? names.get(id) ?? id
  return {
    ...{ runId: run.id, strategy: columnOf(run).label, round: run.round, seed: run.seed },
    target: only === undefined || others.length > 0 ? 'all targets' : name(only),
    finishedAt: Date.parse(run.finishedAt ?? run.createdAt)
  }
}

export function asBase64(bytes: Buffer): Pick<SavedFile, 'text' | 'encoding'> {
  return { text: bytes.toString('base64'), encoding: 'base64' }
}
