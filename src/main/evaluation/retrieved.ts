import type { HeatMapBy } from '../contract/answers.ts'
import type { RetrievedExample } from '../contract/runs.ts'

/** Where retrieved examples came from, largest share first. */
export interface TaskCount {
  task: string
  group: string
  count: number
}

export function countTasks(retrieved: readonly Pick<RetrievedExample, 'task' | 'group'>[]): TaskCount[] {
  const byTask = new Map<string, TaskCount>()
  for (const { task, group } of retrieved) {
    const known = byTask.get(task)
    if (known) known.count++
    else byTask.set(task, { task, group, count: 1 })
  }
  return [...byTask.values()].sort((a, b) => b.count - a.count || a.task.localeCompare(b.task))
}

/** How much two sets of upstream examples have in common: 1 is the same set, 0 nothing shared. */
export function overlapOf(a: readonly number[], b: readonly number[]): { shared: number; jaccard: number } {
  const first = new Set(a)
  const second = new Set(b)
  let shared = 0
  for (const id of first) if (second.has(id)) shared++
  const union = first.size + second.size - shared
  return { shared, jaccard: union === 0 ? 0 : shared / union }
}

export interface HeatMap {
  /** Groups by name; tasks by group, then by name. */
  rows: string[]
  targets: { id: string; name: string }[]
  /** `[rows][targets]`: share of what was retrieved for the target that comes from the group or task, 0…1. */
  share: number[][]
}

/** Which task groups, or which tasks, the retrieved examples of each target come from, over all rounds. */
export function heatMapOf(
  targets: readonly {
    id: string
    name: string
    retrieved: readonly Pick<RetrievedExample, 'task' | 'group'>[]
  }[],
  by: HeatMapBy = 'group'
): HeatMap {
  const groupOf = new Map<string, string>()
  const counts = targets.map(({ retrieved }) => {
    const own = new Map<string, number>()
    for (const one of retrieved) {
      own.set(one[by], (own.get(one[by]) ?? 0) + 1)
      groupOf.set(one[by], one.group)
    }
    return own
  })
  const rows = [...groupOf]
    .sort(([a, groupA], [b, groupB]) => inOrder(groupA, groupB) || inOrder(a, b))
    .map(([name]) => name)
  return {
    rows,
    targets: targets.map(({ id, name }) => ({ id, name })),
    share: rows.map((row) =>
      targets.map(({ retrieved }, at) => (retrieved.length === 0 ? 0 : (counts[at]!.get(row) ?? 0) / retrieved.length))
    )
  }
}

function inOrder(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
