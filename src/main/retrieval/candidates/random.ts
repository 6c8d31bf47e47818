import { Random } from '../../random/random.ts'
import type { CandidateSource, RankingContext, Ranker } from './candidates.ts'

/**
 * A seeded random order of what is allowed; `balanced` gives every task the same share. Independent of the queries. The order is
 * one of all rows, from which those that are left out are taken: what is left out later changes nothing but itself.
 */
export const random: CandidateSource = {
  async prepare(context): Promise<Ranker> {
    const order = context.balanced ? balancedOrder(context) : new Random(context.seed).shuffle(allIds(context))
    const ids = context.allowed === null ? order : order.filter((id) => context.allowed![id - 1] !== 0)
    return {
      async rank(depth) {
        const first = ids.slice(0, depth)
        return [{ query: null, ids: first, scores: first.map(() => null) }]
      }
    }
  }
}

function allIds({ dataset }: RankingContext): number[] {
  return Array.from({ length: dataset.count }, (_, at) => at + 1)
}

/** Tasks take turns, each in a random order of its own, and in a random order among themselves. */
function balancedOrder(context: RankingContext): number[] {
  const { tasks, taskOf } = context.dataset.labels()
  const byTask = new Map<number, number[]>()
  for (const id of allIds(context)) {
    const ids = byTask.get(taskOf[id]!)
    if (ids) ids.push(id)
    else byTask.set(taskOf[id]!, [id])
  }
  const seeded = new Random(context.seed)
  const order = seeded.fork('tasks').shuffle([...byTask.keys()].sort((a, b) => a - b))
  // What is left out is left out of a task's own list, before the turns are taken.
  const lists = order.map((task) =>
    seeded
      .fork(tasks[task]!)
      .shuffle(byTask.get(task)!)
      .filter((id) => context.allowed?.[id - 1] !== 0)
  )
  const longest = Math.max(0, ...lists.map((list) => list.length))
  const result: number[] = []
  for (let turn = 0; turn < longest; turn++) for (const list of lists) if (turn < list.length) result.push(list[turn]!)
  return result
}
