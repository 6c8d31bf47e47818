import type { DatasetFile } from '../../contract/dataset-file.ts'
import { LabError } from '../../contract/error.ts'
import { Random } from '../../random/random.ts'
import type { MiningSettings } from '../../contract/minings.ts'

/** A query set as drawn: rows of one task, none of them twice. Ids are those of the dataset. */
export interface DrawnSet {
  set: number
  task: string
  group: string
  queryIds: readonly number[]
  /** Rows whose answers judge the candidates. */
  labelledIds: readonly number[]
  /** Rows that are tuned on to see what there is to be gained. */
  ownIds: readonly number[]
}

type Tasks = ReadonlyMap<string, { group: string; ids: readonly number[] }>

/**
 * Draws query sets: a group, then a task of it, then rows, each uniformly, so that small groups weigh as much as large ones
 * (as the original). A set depends on its number and the seed alone, not on those before it.
 */
export class QuerySets {
  readonly #settings: MiningSettings
  readonly #tasks: Tasks
  readonly #groups: readonly (readonly [string, readonly string[]])[]

  /** @throws LabError `unknown-task`, `too-few-rows` */
  constructor(dataset: DatasetFile, settings: MiningSettings) {
    this.#settings = settings
    const all = rowsByTask(dataset)
    for (const name of [...settings.tasks, ...settings.withoutTasks]) if (!all.has(name)) throw unknownTask(name, all)
    const wanted = [...all].filter(
      ([name]) =>
        (settings.tasks.length === 0 || settings.tasks.includes(name)) && !settings.withoutTasks.includes(name)
    )
    this.#tasks = new Map(wanted.filter(([, { ids }]) => ids.length >= this.#fewest()))
    if (this.#tasks.size === 0) {
      throw new LabError(
        'too-few-rows',
        `No task has the ${this.#fewest()} rows that a query set takes (${settings.rows} queries, ${settings.groupSize} to tune on, and labelled rows). ` +
          'Ask for fewer rows, or use data with more rows a task.',
        { details: { tasks: wanted.slice(0, 100).map(([name, { ids }]) => ({ name, rows: ids.length })) } }
      )
    }
    const byGroup = Map.groupBy(this.#tasks, ([, { group }]) => group)
    this.#groups = [...byGroup].map(([group, tasks]) => [group, tasks.map(([name]) => name)] as const)
  }

  get tasks(): string[] {
    return [...this.#tasks.keys()]
  }

  draw(set: number): DrawnSet {
    const { rows, groupSize, labelledRows, seed } = this.#settings
    const random = new Random(seed).fork(`query set ${set}`)
    const [group, names] = random.pick(this.#groups)
    const task = random.pick(names)
    const { ids } = this.#tasks.get(task)!
    const chosen = random.sample(ids, Math.min(ids.length, rows + groupSize + labelledRows))
    return {
      set,
      task,
      group,
      queryIds: chosen.slice(0, rows),
      ownIds: chosen.slice(rows, rows + groupSize),
      labelledIds: chosen.slice(rows + groupSize)
    }
  }

  /**
   * Rows of the other tasks for the candidates of a set, none of them twice and none of `known`; each is drawn as the rows of a query
   * set are, so that it is a candidate as often as it asks. Fewer where there are not as many.
   */
  others({ set, task }: Pick<DrawnSet, 'set' | 'task'>, count: number, known: ReadonlySet<number>): number[] {
    const random = new Random(this.#settings.seed).fork(`candidates of set ${set} from other tasks`)
    const left = this.#groups.flatMap(([, names]) => {
      const tasks = names.filter((name) => name !== task)
      const rows = tasks.map((name) => this.#tasks.get(name)!.ids.filter((id) => !known.has(id)))
      return tasks.length === 0 ? [] : [rows.filter((ids) => ids.length > 0)]
    })
    const drawn: number[] = []
    while (drawn.length < count) {
      const groups = left.filter((tasks) => tasks.length > 0)
      if (groups.length === 0) break
      const tasks = random.pick(groups)
      const ids = random.pick(tasks)
      const place = random.below(ids.length)
      drawn.push(ids[place]!)
      ids[place] = ids.at(-1)!
      ids.pop()
      if (ids.length === 0) tasks.splice(tasks.indexOf(ids), 1)
    }
    return drawn
  }

  /** At least two labelled rows a draw. */
  #fewest(): number {
    const { rows, groupSize, draws } = this.#settings
    return rows + groupSize + 2 * draws
  }
}

/** Row numbers and group of every task, in the order of the data. */
export function rowsByTask(dataset: DatasetFile): Map<string, { group: string; ids: number[] }> {
  const { tasks, groups, taskOf, groupOf } = dataset.labels()
  const byTask = new Map<string, { group: string; ids: number[] }>()
  for (let id = 1; id <= dataset.count; id++) {
    const name = tasks[taskOf[id]!]!
    const known = byTask.get(name)
    if (known) known.ids.push(id)
    else byTask.set(name, { group: groups[groupOf[id]!]!, ids: [id] })
  }
  return byTask
}

function unknownTask(name: string, known: ReadonlyMap<string, unknown>): LabError {
  const names = [...known.keys()]
  return new LabError(
    'unknown-task',
    `There is no task "${name}" in this data. It has: ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}.`,
    { details: { task: name, known: names.slice(0, 1000) } }
  )
}
