import { answerLines, rightAnswers } from './answers.ts'
import type { AnswerTable } from './report-data.ts'

/** A sheet of a workbook: its name as wished, and its rows, the header first. */
export interface AnswerSheet {
  name: string
  rows: (string | number)[][]
}

/**
 * Answers for a spreadsheet: for each target a sheet with a row for each question and every run's answer side by side, then
 * one with a row for each answer, as `answersCsv` has them.
 */
export function answerSheets(tables: readonly AnswerTable[]): AnswerSheet[] {
  return [...tables.map(sideBySide), { name: 'Every answer', rows: answerLines(tables) }]
}

function sideBySide({ target, rows, runs }: AnswerTable): AnswerSheet {
  const labelled = rows.some(({ references }) => references.length > 0)
  const rounds = new Set(runs.map(({ round }) => round)).size
  const heads = runs.map(({ column, round }) => (rounds > 1 ? `${column}, round ${round + 1}` : column))
  return {
    name: target,
    rows: [
      ['row', 'input', ...(labelled ? ['right_answers'] : []), ...heads, 'answers_differ'],
      ...rows.map(({ exampleId, input, references }, at) => {
        const given = runs.map(({ outputs }) => outputs[at]!)
        return [
          exampleId,
          input,
          ...(labelled ? [rightAnswers(references)] : []),
          ...given,
          new Set(given).size > 1 ? 'yes' : 'no'
        ]
      })
    ]
  }
}
