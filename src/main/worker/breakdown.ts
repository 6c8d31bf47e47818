import { breakDown, type BrokenRow } from '../evaluation/breakdown.ts'
import { columnOf } from '../evaluation/columns.ts'
import { judgeOf } from '../evaluation/scoring-rule.ts'
import { readAnswers } from '../run-files/answers.ts'
import { defineJob } from './job.ts'

/** Reads the answers of finished runs to one target and takes them apart, strategy by strategy. */
export const job = defineJob({
  kind: 'breakdown',
  async run({ input, signal }) {
    const judge = input.rule === null ? null : judgeOf(input.rule)
    const byColumn = new Map<string, { label: string; rows: BrokenRow[] }>()
    for (const { file, ...place } of input.runs) {
      signal.throwIfAborted()
      const { key, label } = columnOf(place)
      const column = byColumn.get(key) ?? { label, rows: [] }
      for (const { input: question, output, references } of await readAnswers(file))
        column.rows.push({ input: question, ...(judge?.(output, references) ?? { output, references }) })
      byColumn.set(key, column)
    }
    return [...byColumn].map(([key, { label, rows }]) => ({ column: key, label, ...breakDown(rows) }))
  }
})
