import { basename } from 'node:path'
import type { Example } from '../contract/data.ts'
import type { RetrievedExample } from '../contract/runs.ts'
import type { ForeignAnswers } from '../contract/foreign.ts'
import { openDataset } from '../data/dataset.ts'
import { candidatesFor, matchAnswers, matchRows } from '../data/foreign/match.ts'
import { readForeignAnswers, readForeignRows, type ForeignRow } from '../data/foreign/read-answers.ts'
import { scoreRows } from '../evaluation/metrics/metrics.ts'
import { predictionOf } from '../evaluation/prediction.ts'
import { chooseTestRows } from '../evaluation/test-rows.ts'
import { defineJob } from './job.ts'

/** Reads what another program answered and retrieved, finds the rows that it belongs to, and scores it as the lab's own runs. */
export const job = defineJob({
  kind: 'read-foreign',
  async run({ input: { target, upstream, files }, signal }) {
    const all = pick(target.dataset, (rows) => [...rows])
    const rows = chooseTestRows(all, target.testExamples ?? Infinity)
    const wanted: (ForeignRow[] | null)[] = []
    for (const { retrieved } of files)
      wanted.push(retrieved === null || upstream === null ? null : await readForeignRows(retrieved))
    const lists = wanted.filter((list) => list !== null)
    const candidates = upstream === null ? [] : pick(upstream.dataset, (examples) => candidatesFor(lists, examples))
    const read: ForeignAnswers = []
    for (const [at, { path, retrieved }] of files.entries()) {
      signal.throwIfAborted()
      const names = { file: basename(path), target: target.name }
      const predictions = matchAnswers(rows, all, await readForeignAnswers(path), names).map(({ row, output }) =>
        predictionOf(target.metrics, row, output)
      )
      const scores = target.metrics.flatMap((metric) => {
        const value = scoreRows(metric, predictions)
        return value === null ? [] : [{ metric, value }]
      })
      const list = wanted[at] ?? null
      const from = { file: basename(retrieved ?? path), dataset: upstream?.name ?? '' }
      read.push({ predictions, scores, retrieved: list && matchRows(list, candidates, from).map(asRetrieved) })
    }
    return read
  }
})

/** What is wanted of a sealed dataset's examples. */
function pick<T>(path: string, wanted: (examples: Iterable<Example>) => T): T {
  const dataset = openDataset(path)
  try {
    return wanted(dataset.iterate())
  } finally {
    dataset.close()
  }
}

/** Scores, and the query that brought a row, are not in such files. */
function asRetrieved({ id, task, group, input, outputs }: Example, at: number) {
  return {
    ...({ exampleId: id, score: null, query: null, rank: at + 1, task, group } satisfies RetrievedExample),
    ...{ input, outputs }
  }
}
