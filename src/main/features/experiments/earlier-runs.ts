import type { Run } from '../../contract/runs.ts'
import type { QuestionInput } from '../../contract/questions.ts'
import { isTuned } from '../../contract/strategies.ts'
import type { HomeFolder } from '../../store/home.ts'
import type { Store } from '../../store/store.ts'

/** More query sets hardly change what is measured, and each is a file to read. */
const mostRounds = 10
/** The newest ones that tested the target; older ones only where their answers are gone. */
const mostExperiments = 3

/** Where a worker finds how much tuning changed the answers on a target before, the newest experiment first. */
export function earlierRuns(
  targetId: string,
  store: Store,
  home: HomeFolder
): QuestionInput<'plan-power'>['targets'][number]['earlier'] {
  const answers = ({ id }: Run) => home.answers(id, targetId)
  const found = []
  for (const { id } of [...store.experiments.list()].reverse()) {
    if (found.length === mostExperiments) break
    const runs = store.runs
      .ofExperiment(id)
      .filter((run) => run.status === 'finished' && run.targetIds.includes(targetId))
    const untuned = runs.find((run) => !isTuned(run.strategy))
    const tuned = runs.filter((run) => isTuned(run.strategy) && run.ablatedGroup === null)
    if (!untuned || tuned.length === 0) continue
    found.push({
      untuned: answers(untuned),
      tuned: [...Map.groupBy(tuned, ({ strategy }) => strategy).values()].map((own) =>
        own.slice(0, mostRounds).map(answers)
      )
    })
  }
  return found
}
