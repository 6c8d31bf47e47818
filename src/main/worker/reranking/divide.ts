import { LabError } from '../../contract/error.ts'
import { Random } from '../../random/random.ts'
import type { RerankerSettings } from '../../contract/reranking.ts'
import { openDataset } from '../../data/dataset.ts'
import type { MiningManifest } from './mined-set.ts'
import { readRankedSets, type RankedSet } from './pairs-file.ts'

/** Which query sets train, and which judge what was trained. */

/**
 * The query sets of all minings, with the manifest of the first.
 * @throws LabError `no-pairs` and those of `readRankedSets`
 */
export async function readAll(input: {
  data: { path: string }
  minings: readonly { folder: string }[]
}): Promise<{ sets: RankedSet[]; manifest: MiningManifest }> {
  const dataset = openDataset(input.data.path)
  try {
    const read = []
    for (const { folder } of input.minings) read.push(await readRankedSets(folder, dataset))
    const sets = read.flatMap(({ sets: own }) => own)
    if (sets.length === 0) {
      throw new LabError(
        'no-pairs',
        'The mining gave no pairs: in no query set was there a candidate that helps. Mine with a base model that has something to learn.'
      )
    }
    return { sets, manifest: read[0]!.manifest }
  } finally {
    dataset.close()
  }
}

/**
 * Tasks that train and tasks that judge have nothing in common: rows of a task that judges are no candidates of the training
 * either. Otherwise they would be useful there more often than others are (their own sets, in which they never are candidates, are
 * missing), and a model that had learnt just that would judge them by it.
 */
export function divide(
  sets: readonly RankedSet[],
  settings: Pick<RerankerSettings, 'validationTasks' | 'validationShare' | 'seed'>
): { training: RankedSet[]; judging: RankedSet[] } {
  const tasks = tasksOf(sets)
  const unknown = settings.validationTasks.find((task) => !tasks.includes(task))
  if (unknown !== undefined) {
    throw new LabError(
      'unknown-task',
      `The pairs have no task "${unknown}" to judge with. They have: ${tasks.join(', ')}.`,
      { details: { task: unknown, known: tasks } }
    )
  }
  const drawn = new Random(settings.seed).fork('validation tasks').shuffle(tasks)
  const judges = new Set(
    settings.validationTasks.length > 0
      ? settings.validationTasks
      : drawn.slice(0, Math.max(1, Math.round(settings.validationShare * tasks.length)))
  )
  const training = sets.filter(({ task }) => !judges.has(task)).flatMap((set) => withoutTasks(set, judges))
  const judging = sets.filter(({ task }) => judges.has(task))
  if (training.length === 0 || judging.length === 0) {
    throw new LabError(
      'too-few-tasks',
      `The pairs come from ${tasks.length === 1 ? 'one task' : `${tasks.length} tasks`}. A reranker is judged by tasks that it was not trained on: mine at least two.`,
      { details: { tasks } }
    )
  }
  return { training, judging }
}

/**
 * Of every task that judges, every other set chooses the check, and the rest say how good it is: the best of many checks is
 * partly luck on the sets that chose it. Of a single set both.
 */
export function halves(judging: readonly RankedSet[]): {
  choosing: readonly RankedSet[]
  measuring: readonly RankedSet[]
} {
  const choosing: RankedSet[] = []
  const measuring: RankedSet[] = []
  for (const sets of Map.groupBy(judging, ({ task }) => task).values()) {
    for (const [place, set] of sets.entries()) (place % 2 === 0 ? measuring : choosing).push(set)
  }
  return choosing.length === 0 ? { choosing: measuring, measuring } : { choosing, measuring }
}

/** The set without candidates of these tasks, with as many useful as other ones: the clearest. Nothing where none are left. */
function withoutTasks(set: RankedSet, tasks: ReadonlySet<string>): RankedSet[] {
  const left = set.labelled.filter(({ task }) => !tasks.has(task))
  // Most useful first, least useful last.
  const [useful, others] = [left.filter(({ label }) => label === 1), left.filter(({ label }) => label === 0)]
  const count = Math.min(useful.length, others.length)
  return count === 0 ? [] : [{ ...set, labelled: [...useful.slice(0, count), ...others.slice(-count)] }]
}

export function tasksOf(sets: readonly RankedSet[]): string[] {
  return [...new Set(sets.map(({ task }) => task))].sort()
}
