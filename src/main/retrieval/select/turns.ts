import { chosenAt, type CandidateList, type Chosen, type Selector } from './selector.ts'

/**
 * Lists take turns, each giving its nearest that is still wanted, until the budget is spent or all have given their share.
 * What a list that has come to its end cannot give, the others give.
 */
function takeTurns(lists: readonly CandidateList[], budget: number, share: number, deduplicate: boolean): Chosen[][] {
  const given: Chosen[][] = lists.map(() => [])
  const next = lists.map(() => 0)
  const taken = new Set<number>()
  let left = budget
  const ended = (which: number): boolean => next[which]! >= lists[which]!.ids.length
  const give = (which: number): boolean => {
    const list = lists[which]!
    if (deduplicate) while (!ended(which) && taken.has(list.ids[next[which]!]!)) next[which]!++
    if (ended(which)) return false
    const chosen = chosenAt(list, next[which]!++)
    taken.add(chosen.id)
    given[which]!.push(chosen)
    left--
    return true
  }
  for (let wanted = share; left > 0; wanted++) {
    for (let moved = true; moved && left > 0;) {
      moved = false
      for (let which = 0; which < lists.length && left > 0; which++) {
        if (given[which]!.length < wanted && give(which)) moved = true
      }
    }
    const short = lists.filter((list, which) => given[which]!.length < wanted && !list.complete)
    // A list that could be deeper is asked for first; with none left that has more, there is no more.
    if (short.length > 0 || lists.every((_, which) => ended(which))) break
  }
  return given
}

/**
 * Each query brings its own ceil(budget / queries) nearest, query after query (the paper's code: `aggregate_choices`, which
 * keeps repetitions). With `deduplicate`, a query whose neighbour was brought by another one brings its next.
 */
export const aggregateChoices: Selector = {
  depth: (budget, lists) => Math.ceil(budget / lists),
  deepens: true,
  select: (lists, budget, deduplicate) => takeTurns(lists, budget, Math.ceil(budget / lists.length), deduplicate).flat()
}

/** Queries take turns until the budget is spent: a query without further neighbours leaves its share to the others. */
export const roundRobin: Selector = {
  depth: (budget, lists) => Math.ceil(budget / lists),
  deepens: true,
  select(lists, budget, deduplicate) {
    const given = takeTurns(lists, budget, Infinity, deduplicate)
    const longest = Math.max(0, ...given.map((list) => list.length))
    return Array.from({ length: longest }, (_, turn) => given.flatMap((list) => list[turn] ?? [])).flat()
  }
}
