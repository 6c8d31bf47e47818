import type { TaskSummary } from '../../contract/data.ts'
import { LabError } from '../../contract/error.ts'
import { nearestName } from '../../naming/nearest-name.ts'
import { openDataset } from '../../data/dataset.ts'
import type { HomeFolder } from '../../store/home.ts'
import { sum } from '../../sums/sums.ts'
import type { ResolvedSpec } from './resolve.ts'

type Retrieving = Pick<ResolvedSpec, 'spec' | 'dataset'>

/**
 * How many upstream examples the filters of a spec leave, and with every group that it leaves out by turns. What a filter names must
 * be there: a run would say so too, but only once it runs.
 * @throws LabError `unknown-group`, `unknown-task`, `bad-spec`, `nothing-to-retrieve`
 */
export function upstreamLeft({ spec, dataset }: Retrieving, home: HomeFolder): number {
  const { withoutGroups, withoutTasks, onlyGroups } = spec.retrieval
  if (withoutGroups.length + withoutTasks.length + onlyGroups.length + spec.ablateGroups.length === 0)
    return dataset.examples
  const opened = openDataset(home.dataset(dataset.id))
  let tasks: TaskSummary[]
  try {
    tasks = opened.tasks()
  } finally {
    opened.close()
  }
  const groups = [...new Set(tasks.map(({ group }) => group))]
  const names = tasks.map(({ task }) => task)
  mustHave({ what: 'group', setting: 'retrieval.withoutGroups', wanted: withoutGroups }, groups, dataset.name)
  mustHave({ what: 'group', setting: 'retrieval.onlyGroups', wanted: onlyGroups }, groups, dataset.name)
  mustHave({ what: 'group', setting: 'ablateGroups', wanted: spec.ablateGroups }, groups, dataset.name)
  mustHave({ what: 'task', setting: 'retrieval.withoutTasks', wanted: withoutTasks }, names, dataset.name)
  const taken = tasks.filter(
    ({ task, group }) =>
      (onlyGroups.length === 0 || onlyGroups.includes(group)) &&
      !withoutGroups.includes(group) &&
      !withoutTasks.includes(task)
  )
  if (examplesOf(taken) === 0)
    throw new LabError(
      'nothing-to-retrieve',
      `The filters leave none of the ${dataset.examples} examples of "${dataset.name}". Take some of them away.`,
      { details: { withoutGroups, withoutTasks, onlyGroups } }
    )
  for (const group of spec.ablateGroups) {
    const left = examplesOf(taken.filter((one) => one.group !== group))
    if (left === examplesOf(taken))
      throw new LabError(
        'bad-spec',
        `The group "${group}" is left out already by what retrieval takes, so runs without it would be the same runs. Take it out of ablateGroups, or change the filters.`,
        { details: { group } }
      )
    if (left === 0)
      throw new LabError(
        'nothing-to-retrieve',
        `Without the group "${group}" nothing of "${dataset.name}" is left to retrieve. Take it out of ablateGroups.`,
        { details: { group } }
      )
  }
  return examplesOf(taken)
}

const examplesOf = (tasks: readonly TaskSummary[]): number => sum(tasks.map(({ examples }) => examples))

function mustHave(
  { what, setting, wanted }: { what: 'group' | 'task'; setting: string; wanted: readonly string[] },
  known: readonly string[],
  dataset: string
): void {
  const missing = wanted.find((name) => !known.includes(name))
  if (missing === undefined) return
  const near = nearestName(missing, known)
  const advice =
    near === null
      ? `It has: ${known.slice(0, 20).join(', ')}${known.length > 20 ? ', …' : ''}.`
      : `Did you mean "${near}"?`
  throw new LabError(
    what === 'group' ? 'unknown-group' : 'unknown-task',
    `${setting} names the ${what} "${missing}", which "${dataset}" does not have. ${advice}`,
    { details: { setting, [what]: missing, known: known.slice(0, 1000) } }
  )
}
