import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LabError } from '../../contract/error.ts'
import type { Prediction, Run } from '../../contract/experiments.ts'
import { jobSchemas, type JobInput } from '../../contract/jobs.ts'
import { count } from '../../evaluation/wording.ts'
import { paths } from '../../files/portable.ts'
import type { HomeFolder } from '../../store/home.ts'
import type { Store } from '../../store/store.ts'

/** What a run was asked to do, from its own folder. Throws `run-files-missing`. */
export function readRunInput(home: HomeFolder, runId: string): JobInput<'run-strategy'> {
  const path = join(home.run(runId), 'run.json')
  try {
    return jobSchemas['run-strategy'].input.parse(
      paths.unpack(JSON.parse(readFileSync(path, 'utf8')) as unknown, home.path)
    )
  } catch (cause) {
    throw new LabError(
      'run-files-missing',
      `The files of run ${runId} are gone or damaged, so it cannot be repeated: ${path}.`,
      {
        cause,
        details: { runId, path }
      }
    )
  }
}

/** Whether a repetition came to the same scores and answers as the run that it repeats. */
export function compareRepeat(repeated: Run, store: Store, home: HomeFolder): { equal: boolean; sentence: string } {
  const original = originalOf(repeated, store)
  if (!original)
    return { equal: false, sentence: 'The run that this one repeats is gone, so there is nothing to compare with.' }
  const scores = pairScores(original, repeated, store)
  const answers = repeated.targetIds.map((id) => compareAnswers(home, original.id, repeated.id, id))
  const [same, all] = answers.reduce(([same, all], one) => [same + one.same, all + one.all], [0, 0])
  const equalScores = scores.filter(({ a, b }) => a === b).length
  const equal = equalScores === scores.length && same === all
  const sentence = `Repeats run ${original.id}: ${equalScores} of ${scores.length} scores and ${count(same)} of ${count(all)} answers are the same.`
  return {
    equal,
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

function compareAnswers(
  home: HomeFolder,
  original: string,
  repeated: string,
  targetId: string
): { same: number; all: number } {
  const [first, second] = [original, repeated].map((id) => readOutputs(home.predictions(id, targetId)))
  const same = first!.filter((output, row) => output === second![row]).length
  return { same, all: Math.max(first!.length, second!.length) }
}

function readOutputs(path: string): string[] {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => (JSON.parse(line) as Prediction).output)
}
