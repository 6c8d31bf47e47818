import type { DatasetFile } from '../../contract/dataset-file.ts'
import { LabError } from '../../contract/error.ts'
import type { QueryExample } from '../../contract/data.ts'
import type { TrainExample } from '../../engine/engine.ts'
import { Random } from '../../random/random.ts'

/** One situation in which every rate is tried: rows to learn from, and groups of rows to judge by. */
export interface RateCase {
  name: string
  learnt: TrainExample[]
  judges: TrainExample[][]
}

interface Target {
  name: string
  queries: readonly QueryExample[]
  excludedIds: readonly number[]
}

/** Groups of a case: their losses tell how far two rates differ by chance. */
const groups = 8
const mostJudges = 64
/** Targets or tasks that are looked at. */
const mostCases = 2

/**
 * Where targets have labelled queries: what their words find in the upstream data is learnt from, as an experiment does, and the
 * queries judge. Else as many tasks of the data, each judged by other rows of its own. Throws `nothing-to-tune-on`.
 */
export function casesOf(
  dataset: DatasetFile,
  targets: readonly Target[],
  { seed, rows }: { seed: number; rows: number }
): { judgedBy: 'queries' | 'tasks'; cases: RateCase[] } {
  const random = new Random(seed).fork('range test')
  const labelled = targets
    .map((target) => ({ ...target, queries: target.queries.filter(({ outputs }) => outputs.length > 0) }))
    .filter(({ queries }) => queries.length >= 2)
    .slice(0, mostCases)
  const asked = labelled.map((target) => ofTarget(dataset, target, random.fork(target.name), rows))
  const found = asked.filter(({ learnt }) => learnt.length > 0)
  if (found.length > 0) return { judgedBy: 'queries', cases: found }
  return { judgedBy: 'tasks', cases: ofTasks(dataset, random, rows) }
}

function ofTarget(
  dataset: DatasetFile,
  { name, queries, excludedIds }: Target,
  random: Random,
  rows: number
): RateCase {
  const judges = random.sample(queries, Math.min(mostJudges, queries.length))
  const allowed = new Uint8Array(dataset.count).fill(1)
  for (const id of excludedIds) allowed[id - 1] = 0
  const each = Math.ceil(rows / judges.length)
  const ids = new Set<number>()
  for (const { input } of judges) {
    const added = dataset.bm25(input, 2 * each, allowed).filter(({ id }) => !ids.has(id))
    for (const { id } of added.slice(0, each)) ids.add(id)
  }
  return {
    name,
    learnt: dataset.getMany([...ids].slice(0, rows)).map(exampleOf),
    judges: inGroups(judges.map(exampleOf))
  }
}

function ofTasks(dataset: DatasetFile, random: Random, rows: number): RateCase[] {
  const large = dataset.tasks().filter(({ examples }) => examples >= 8)
  if (large.length === 0)
    throw new LabError(
      'nothing-to-tune-on',
      `A test of learning rates needs a task with at least 8 rows, or a target with labelled queries; this data has ${dataset.count} rows, none of its tasks so many.`,
      { details: { rows: dataset.count } }
    )
  return random.sample(large, Math.min(mostCases, large.length)).map(({ task, examples: count }) => {
    const judging = Math.min(mostJudges, Math.floor(count / 4))
    const all = idsOfTask(dataset, task)
    const drawn = dataset.getMany(random.fork(task).sample(all, Math.min(all.length, judging + rows))).map(exampleOf)
    return { name: task, learnt: drawn.slice(judging), judges: inGroups(drawn.slice(0, judging)) }
  })
}

function idsOfTask(dataset: DatasetFile, task: string): number[] {
  const { tasks, taskOf } = dataset.labels()
  const number = tasks.indexOf(task)
  return Array.from({ length: dataset.count }, (_, at) => at + 1).filter((id) => taskOf[id] === number)
}

function inGroups<T>(rows: readonly T[]): T[][] {
  const count = Math.min(groups, rows.length)
  return Array.from({ length: count }, (_, group) => rows.filter((_row, at) => at % count === group))
}

function exampleOf({ input, outputs }: { input: string; outputs: readonly string[] }): TrainExample {
  return { input, output: outputs[0] ?? '' }
}
