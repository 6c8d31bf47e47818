import type { Asked } from '../../contract/client.ts'
import { LabError } from '../../contract/error.ts'
import type { Contract } from '../../contract/routes.ts'
import { countTasks } from '../../evaluation/retrieved.ts'
import type { Store } from '../../store/store.ts'
import type { AnswerFiles } from '../../results/answer-files.ts'
import type { RetrievedSets } from '../../results/retrieved-sets.ts'

/** So many of the retrieved examples are shown with an answer. */
const mostLineage = 200

/** Where an answer comes from: the test row, what was answered, and what was retrieved and tuned on for it. Throws `not-found`. */
export async function lineageOf(
  { store, answers, retrieved }: { store: Store; answers: AnswerFiles; retrieved: RetrievedSets },
  { runId, targetId, exampleId }: Asked<Contract['compare']['lineage']>
) {
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
}
