import { LabError } from '../../contract/error.ts'
import type { Run } from '../../contract/runs.ts'
import { count } from '../../evaluation/wording.ts'
import { readAnswersNow } from '../../run-files/answers.ts'
import type { HomeFolder } from '../../store/home.ts'
import type { Store } from '../../store/store.ts'

interface Repeat {
  equal: boolean
  /** The run that was repeated, where it is still there. */
  original: string | null
  sentence: string
}

/** Whether a repetition came to the same scores and answers as the run that it repeats. */
export function compareRepeat(repeated: Run, store: Store, home: HomeFolder): Repeat {
  const original = originalOf(repeated, store)
  if (!original)
    return {
      ...{ equal: false, original: null },
      sentence: 'The run that this one repeats is gone, so there is nothing to compare with.'
    }
  const scores = pairScores(original, repeated, store)
  const answers: { same: number; all: number }[] = []
  for (const id of repeated.targetIds) {
    const one = compareAnswers(home, original.id, repeated.id, id)
    if (one instanceof LabError)
      return {
        equal: false,
        original: original.id,
        sentence: `Whether it repeats run ${original.id} cannot be said. ${one.message}`
      }
    answers.push(one)
  }
  const [same, all] = answers.reduce(([same, all], one) => [same + one.same, all + one.all], [0, 0])
  const equalScores = scores.filter(({ a, b }) => a === b).length
  const equal = equalScores === scores.length && same === all
  const sentence = `Repeats run ${original.id}: ${equalScores} of ${scores.length} scores and ${count(same)} of ${count(all)} answers are the same.`
  return {
    ...{ equal, original: original.id },
    sentence: equal ? sentence : `${sentence} Another provider, version or number of threads may be the reason.`
  }
}

function originalOf(repeated: Run, store: Store): Run | undefined {
  return store.runs
    .list()
    .find(
      (run) =>
        run.id !== repeated.id &&
        run.fingerprint === repeated.fingerprint &&
        run.status === 'finished' &&
        run.targetIds.join() === repeated.targetIds.join()
    )
}

function pairScores(original: Run, repeated: Run, store: Store): { a: number; b: number | undefined }[] {
  const again = new Map(
    store.scores.ofRun(repeated.id).map((score) => [`${score.targetId} ${score.metric}`, score.value])
  )
  return store.scores
    .ofRun(original.id)
    .map((score) => ({ a: score.value, b: again.get(`${score.targetId} ${score.metric}`) }))
}

/** What is wrong with a file is said and does no harm to what was computed. */
function compareAnswers(
  home: HomeFolder,
  original: string,
  repeated: string,
  targetId: string
): { same: number; all: number } | LabError {
  try {
    const [first, second] = [original, repeated].map((id) => readAnswersNow(home.answers(id, targetId)))
    const same = first!.filter(({ output }, row) => output === second![row]?.output).length
    return { same, all: Math.max(first!.length, second!.length) }
  } catch (thrown) {
    if (thrown instanceof LabError) return thrown
    throw thrown
  }
}
