import type { DatasetFile } from '../contract/dataset-file.ts'
import { LabError } from '../contract/error.ts'
import type { RetrievalSettings } from '../contract/run-settings.ts'

type Filters = Pick<RetrievalSettings, 'withoutGroups' | 'withoutTasks' | 'onlyGroups' | 'withoutLeaks'>

/**
 * One byte an example, by id − 1: zero where it is left out. Null where nothing is.
 * @param excludedIds examples flagged as the target's own data; left out where `withoutLeaks` says so
 * @throws LabError `unknown-group`, `unknown-task`, `nothing-to-retrieve`
 */
export function allowedRows(dataset: DatasetFile, filters: Filters, excludedIds: readonly number[]): Uint8Array | null {
  const { tasks, groups, taskOf, groupOf } = dataset.labels()
  const without = numbersOf(filters.withoutGroups, groups, 'group', dataset)
  const only = numbersOf(filters.onlyGroups, groups, 'group', dataset)
  const withoutTasks = numbersOf(filters.withoutTasks, tasks, 'task', dataset)
  const leaks = filters.withoutLeaks ? excludedIds.filter((id) => id >= 1 && id <= dataset.count) : []
  if (without.size + only.size + withoutTasks.size + leaks.length === 0) return null

  const allowed = new Uint8Array(dataset.count)
  let left = 0
  for (let id = 1; id <= dataset.count; id++) {
    const group = groupOf[id]!
    const keep = (only.size === 0 || only.has(group)) && !without.has(group) && !withoutTasks.has(taskOf[id]!)
    if (keep) allowed[id - 1] = 1
  }
  for (const id of leaks) allowed[id - 1] = 0
  for (const byte of allowed) left += byte
  if (left === 0) {
    throw new LabError(
      'nothing-to-retrieve',
      `The filters leave none of the ${dataset.count} upstream examples. Take some of them away.`,
      { details: { ...filters } }
    )
  }
  return allowed
}

function numbersOf(
  names: readonly string[],
  known: readonly string[],
  what: 'group' | 'task',
  dataset: DatasetFile
): Set<number> {
  return new Set(
    names.map((name) => {
      const number = known.indexOf(name)
      if (number >= 0) return number
      throw new LabError(
        what === 'group' ? 'unknown-group' : 'unknown-task',
        `The filter names the ${what} "${name}", which ${dataset.path} does not have. It has: ${known.slice(0, 20).join(', ')}${known.length > 20 ? ', …' : ''}.`,
        { details: { [what]: name, known: known.slice(0, 1000) } }
      )
    })
  )
}
