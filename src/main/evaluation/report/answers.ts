import { csvText } from './csv.ts'
import type { AnswerTable } from './report-data.ts'

/** One line per answer: what was asked, what would have been right, what a run answered, its scores. For R, pandas, spreadsheets. */
export function answersCsv(tables: readonly AnswerTable[]): string {
  return csvText(answerLines(tables))
}

/** The lines of that table, its header first. Where nothing is scored there is no column of scores. */
export function answerLines(tables: readonly AnswerTable[]): (string | number)[][] {
  const metrics = [...new Set(tables.flatMap(({ runs }) => runs.flatMap(({ scores }) => Object.keys(scores))))]
  const header = [
    'target',
    'row',
    'source_item',
    'strategy',
    'round',
    'seed',
    'run',
    'input',
    'right_answers',
    'answer'
  ]
  const lines = tables.flatMap((table) =>
    table.runs.flatMap((run) =>
      table.rows.map((row, at) => [
        ...[table.target, row.exampleId, row.sourceItem, run.column, run.round + 1, run.seed, run.runId, row.input],
        rightAnswers(row.references),
        run.outputs[at]!,
        ...metrics.map((metric) => run.scores[metric]?.[at] ?? '')
      ])
    )
  )
  return [[...header, ...metrics], ...lines]
}

/** One text as it is, several as JSON, so that nothing in them can be taken for a separator; nothing where nothing is right. */
export function rightAnswers(references: readonly string[]): string {
  if (references.length === 0) return ''
  return references.length === 1 ? references[0]! : JSON.stringify(references)
}

/** The same as JSON lines: one object per answer. */
export function answersJsonl(tables: readonly AnswerTable[]): string {
  const lines = tables.flatMap((table) =>
    table.runs.flatMap((run) =>
      table.rows.map((row, at) =>
        JSON.stringify({
          ...{ targetId: table.targetId, target: table.target, ...row },
          ...{ runId: run.runId, strategy: run.column, round: run.round + 1, seed: run.seed, output: run.outputs[at] },
          scores: Object.fromEntries(Object.entries(run.scores).map(([metric, values]) => [metric, values[at] ?? null]))
        })
      )
    )
  )
  return lines.map((line) => `${line}\n`).join('')
}
