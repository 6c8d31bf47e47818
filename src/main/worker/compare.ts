import type { Comparison } from '../contract/comparison.ts'
import { LabError } from '../contract/error.ts'
import type { Prediction } from '../contract/runs.ts'
import type { QuestionInput } from '../contract/questions.ts'
import { compare } from '../evaluation/comparison.ts'
import type { RunAnswers, TargetRows } from '../evaluation/comparison-input.ts'
import { judgeOf } from '../evaluation/scoring-rule.ts'
import { readAnswers } from '../run-files/answers.ts'
import { readRetrieved } from '../run-files/retrieved.ts'
import { RunFolder } from '../run-files/run-folder.ts'
import { defineJob } from './job.ts'

/** Reads the answers of finished runs and works out their table with all tests. */
export const job = defineJob({ kind: 'compare', run: ({ input, signal }) => compareRuns(input, signal) })

/** Throws `run-files-missing`, `run-damaged`, `different-test-rows`. */
export async function compareRuns(input: QuestionInput<'compare'>, signal: AbortSignal): Promise<Comparison> {
  const judge = input.rule === null ? null : judgeOf(input.rule)
  const rows = new Map<string, ReadRows>()
  const runs: RunAnswers[] = []
  for (const { folder, targetIds, ...run } of input.runs) {
    const outputs = new Map<string, readonly string[]>()
    for (const targetId of targetIds) {
      signal.throwIfAborted()
      const kept = await readAnswers(new RunFolder(folder).answers(targetId))
      const predictions = judge ? kept.map((one) => ({ ...one, ...judge(one.output, one.references) })) : kept
      const known = rows.get(targetId)
      if (known) sameRows(known, predictions)
      else rows.set(targetId, rowsOf(input, targetId, predictions))
      outputs.set(
        targetId,
        predictions.map(({ output }) => output)
      )
    }
    runs.push({ ...run, outputs, ...(await whatWasRetrieved(folder)) })
  }
  const { subject, name, metric, metrics, planned, missing } = input
  const targets = input.targets.flatMap(({ id }) => rows.get(id) ?? [])
  return compare({ subject, name, metric, metrics, targets, runs, planned, missing })
}

type ReadRows = TargetRows & { exampleIds: readonly number[] }

function rowsOf({ targets }: QuestionInput<'compare'>, targetId: string, predictions: readonly Prediction[]): ReadRows {
  return {
    id: targetId,
    name: targets.find(({ id }) => id === targetId)?.name ?? targetId,
    exampleIds: predictions.map(({ exampleId }) => exampleId),
    inputs: predictions.map(({ input }) => input),
    references: predictions.map(({ references }) => references),
    sourceItems: predictions.map(({ sourceItem }) => sourceItem)
  }
}

/** What a run retrieved and for what; nothing where it retrieves nothing or its file is gone, which no score hangs on. */
async function whatWasRetrieved(folder: string): Promise<Pick<RunAnswers, 'retrieved' | 'queries'>> {
  const record = await readRetrieved(folder)
  const used = record?.retrieved.some(({ query }) => query !== null) ?? false
  return {
    retrieved: record?.retrieved.map(({ exampleId }) => exampleId) ?? [],
    queries: used ? record!.queries : []
  }
}

/** Answers are compared row by row, so all runs must have answered the same rows. */
function sameRows(target: ReadRows, other: readonly Prediction[]): void {
  const same =
    target.exampleIds.length === other.length &&
    other.every(({ exampleId }, row) => exampleId === target.exampleIds[row])
  if (same) return
  throw new LabError(
    'different-test-rows',
    `The picked runs answered different test rows of ${target.name}: ${target.exampleIds.length} and ${other.length}. Pick runs whose experiments have the same number of test examples.`,
    { details: { target: target.name } }
  )
}
