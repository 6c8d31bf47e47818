import { breakDown, type BrokenRow } from '../evaluation/breakdown.ts'
import { openDataset } from '../data/dataset.ts'
import { columnOf } from '../evaluation/columns.ts'
import { judgeOf } from '../evaluation/scoring-rule.ts'
import { readAnswers } from '../run-files/answers.ts'
import { defineJob } from './job.ts'

/** Reads the answers of finished runs to one target and takes them apart, strategy by strategy. */
export const job = defineJob({
  kind: 'breakdown',
  async run({ input, signal }) {
    const templateOf = input.dataset === null ? () => null : templatesOf(input.dataset)
    const judge = input.rule === null ? null : judgeOf(input.rule)
    const byColumn = new Map<string, { label: string; rows: BrokenRow[] }>()
    for (const { file, ...place } of input.runs) {
      signal.throwIfAborted()
      const { key, label } = columnOf(place)
      const column = byColumn.get(key) ?? { label, rows: [] }
      for (const { exampleId, input: question, output, references } of await readAnswers(file))
        column.rows.push({
          ...{ input: question, template: templateOf(exampleId) },
          ...(judge?.(output, references) ?? { output, references })
        })
      byColumn.set(key, column)
    }
    return [...byColumn].map(([key, { label, rows }]) => ({ column: key, label, ...breakDown(rows) }))
  }
})

/** The template of each row; null where all have the same one, which says nothing. */
function templatesOf(path: string): (exampleId: number) => string | null {
  const dataset = openDataset(path)
  try {
    const templates = new Map([...dataset.iterate()].map(({ id, template }) => [id, template]))
    const several = new Set(templates.values()).size > 1
    return (exampleId) => (several ? (templates.get(exampleId) ?? null) : null)
  } finally {
    dataset.close()
  }
}
