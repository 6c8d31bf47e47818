import { Random } from '../../contract/random.ts'
import { allowedIds } from '../filter.ts'
import type { CandidateSource, RankingContext, Ranker } from './candidates.ts'

/** A seeded random order of what is allowed; `balanced` gives every task the same share. Independent of the queries. */
export const random: CandidateSource = {
  async prepare(context): Promise<Ranker> {
    const ids = context.balanced ? balancedOrder(context) : new Random(context.seed).shuffle(allowedIds(context))
    return {
      async rank(depth) {
        const first = ids.slice(0, depth)
        return [{ query: null, ids: first, scores: first.map(() => null) }]
      }
    }
  }
}

/** Tasks take turns, each in a random order of its own, and in a random order among themselves. */
function balancedOrder(context: RankingContext): number[] {
  const { tasks, taskOf } = context.dataset.labels()
  const byTask = new Map<number, number[]>()
  for (const id of allowedIds(context)) {
    const ids = byTask.get(taskOf[id]!)
    if (ids) ids.push(id)
    else byTask.set(taskOf[id]!, [id])
  }
  const seeded = new Random(context.seed)
  const order = seeded.fork('tasks').shuffle([...byTask.keys()].sort((a, b) => a - b))
  const lists = order.map((task) => seeded.fork(tasks[task]!).shuffle(byTask.get(task)!))
  const longest = Math.max(0, ...lists.map((list) => list.length))
  const result: number[] = []
  for (let turn = 0; turn < longest; turn++) for (const list of lists) if (turn < list.length) result.push(list[turn]!)
  return result
}
