import type { RetrievedExample } from '../contract/experiments.ts'
import type { ForeignAnswers } from '../contract/foreign.ts'
import type { QuestionInput } from '../contract/questions.ts'
import { openDataset } from '../data/dataset.ts'
import { matchAnswers, matchRows } from '../data/foreign/match.ts'
import { readForeignAnswers, readForeignRows } from '../data/foreign/read-answers.ts'
import { scoreRow, scoreRows } from '../evaluation/metrics/metrics.ts'
import { chooseTestRows } from '../evaluation/test-rows.ts'
import { defineJob } from './job.ts'

/** Reads what another program answered and retrieved, finds the rows that it belongs to, and scores it as the lab's own runs. */
export const job = defineJob({
  kind: 'read-foreign',
  async run({ input, signal }) {
    const all = rowsOf(input.target.dataset)
    const rows = chooseTestRows(all, input.target.testExamples ?? Infinity)
    const read: ForeignAnswers = []
    for (const { path, retrieved } of input.files) {
      signal.throwIfAborted()
      const names = { file: fileName(path), target: input.target.name }
      const predictions = matchAnswers(rows, all, await readForeignAnswers(path), names).map(({ row, output }) => ({
        exampleId: row.id,
        input: row.input,
        references: row.outputs,
        output,
        scores: row.outputs.length === 0 ? {} : scoreRow(input.target.metrics, { output, references: row.outputs }),
        sourceItem: row.sourceItem
      }))
      const scores = input.target.metrics.flatMap((metric) => {
        const value = scoreRows(metric, predictions)
        return value === null ? [] : [{ metric, value }]
      })
      read.push({ predictions, scores, retrieved: await retrievedOf(retrieved, input.upstream) })
    }
    return read
  }
})

function rowsOf(path: string) {
  const dataset = openDataset(path)
  try {
    return [...dataset.iterate()]
  } finally {
    dataset.close()
  }
}

/** Null where nothing is known of what was retrieved. Scores, and the query that brought a row, are not in such files. */
async function retrievedOf(
  path: string | null,
  upstream: QuestionInput<'read-foreign'>['upstream']
): Promise<ForeignAnswers[number]['retrieved']> {
  if (path === null || upstream === null) return null
  const wanted = await readForeignRows(path)
  const dataset = openDataset(upstream.dataset)
  try {
    return matchRows(wanted, dataset.iterate(), { file: fileName(path), dataset: upstream.name }).map(
      ({ id, task, group, input, outputs }, at) => ({
        ...({ exampleId: id, score: null, query: null, rank: at + 1, task, group } satisfies RetrievedExample),
        ...{ input, outputs }
      })
    )
  } finally {
    dataset.close()
  }
}

function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path
}
