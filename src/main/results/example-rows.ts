import { isTuned } from '../contract/strategies.ts'
import type { ExampleRow } from '../contract/answers.ts'
import type { MetricName } from '../contract/data.ts'
import { columnOf } from '../evaluation/columns.ts'
import { passes, rowMetric, type RowFilter } from '../evaluation/examples.ts'
import { scoreRow } from '../evaluation/metrics/metrics.ts'
import type { Answers, AnswerFiles, TestRows } from './answer-files.ts'
import type { ComparedRun } from './compared-run.ts'

export interface ExampleRequest {
  targetId: string
  round: number
  metric: MetricName
  filter: RowFilter
  column: string
  against: string
  text: string
  limit: number
  offset: number
}

const filters: readonly RowFilter[] = ['all', 'fixed', 'broken', 'all-wrong', 'all-right', 'differ']

/** A page of test rows with every strategy's answer in one round, filtered; `counts` says how many each filter would show. */
export async function exampleRows(
  runs: readonly ComparedRun[],
  answers: AnswerFiles,
  request: ExampleRequest
): Promise<{ total: number; counts: Record<string, number>; rows: ExampleRow[] }> {
  const columns = await Promise.all(
    runsOfRound(runs, request.targetId, request.round).map(async (run) => ({
      key: columnOf(run).key,
      runId: run.id,
      answers: await answers.read(run.id, request.targetId)
    }))
  )
  const rows = columns[0]?.answers.rows
  const counts = Object.fromEntries(filters.map((filter) => [filter, 0]))
  if (!rows) return { total: 0, counts, rows: [] }
  const metric = rowMetric(request.metric)
  const scored = columns.map((column) => ({ ...column, scores: scoresOf(column.answers, metric) }))
  const wanted = request.text.toLowerCase()
  const found: number[] = []
  for (let row = 0; row < rows.inputs.length; row++) {
    if (wanted !== '' && !mentions(rows, scored, row, wanted)) continue
    const byColumn = new Map(scored.map(({ key, scores }) => [key, scores[row]!]))
    const bare = rows.references[row]!.length === 0
    for (const filter of filters) {
      // Questions without right answers are neither fixed nor broken; they differ where the answers do.
      if (bare && filter !== 'all' && !(filter === 'differ' && differ(scored, row, request))) continue
      if (!bare && !passes(filter, byColumn, request.column, request.against)) continue
      counts[filter]!++
      if (filter === request.filter) found.push(row)
    }
  }
  const page = found.slice(request.offset, request.offset + request.limit)
  return {
    total: found.length,
    counts,
    rows: page.map((row) => ({
      exampleId: rows.exampleIds[row]!,
      input: rows.inputs[row]!,
      references: [...rows.references[row]!],
      sourceItem: rows.sourceItems[row]!,
      answers: Object.fromEntries(
        scored.map(({ key, runId, answers: given, scores }) => [
          key,
          { output: given.outputs[row]!, score: Number.isNaN(scores[row]) ? null : scores[row]!, runId }
        ])
      )
    }))
  }
}

/** The run of every column that answered for a target in a round; zero-shot's only run stands for all rounds. */
export function runsOfRound(runs: readonly ComparedRun[], targetId: string, round: number): ComparedRun[] {
  return runs.filter((run) => run.targetIds.includes(targetId) && (!isTuned(run.strategy) || run.round === round))
}

/** Row scores as the run stored them; computed where the target has got the metric since. */
function scoresOf(answers: Answers, metric: MetricName): Float64Array {
  const stored = answers.scores.get(metric)
  if (stored) return stored
  return Float64Array.from(answers.outputs, (output, row) => {
    const references = answers.rows.references[row]!
    return references.length === 0 ? NaN : scoreRow([metric], { output, references })[metric]!
  })
}

function differ(
  columns: readonly { key: string; answers: Answers }[],
  row: number,
  { column, against }: ExampleRequest
): boolean {
  const answer = (key: string) => columns.find((one) => one.key === key)?.answers.outputs[row]
  return answer(column) !== undefined && answer(against) !== undefined && answer(column) !== answer(against)
}

function mentions(rows: TestRows, columns: readonly { answers: Answers }[], row: number, wanted: string): boolean {
  return (
    rows.inputs[row]!.toLowerCase().includes(wanted) ||
    rows.references[row]!.some((reference) => reference.toLowerCase().includes(wanted)) ||
    columns.some((column) => column.answers.outputs[row]!.toLowerCase().includes(wanted))
  )
}
