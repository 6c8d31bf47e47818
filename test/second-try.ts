import type { Counted } from './vitest-reporter.ts'

/** A result that can be tried once more: by whom, and by what work. */
export interface Tried extends Counted {
  /** Runs the test again with nothing beside it; results that share one function are tried by one call of it. */
  again?: () => Promise<Counted[]>
}

/**
 * What failed while other steps ran beside it is run once more, alone. What passes then counts as passed and is marked as unsteady, so that
 * the summary names it: a defect, in the test or in the product, but none of the change at hand. What fails twice has failed.
 */
export async function secondTry(all: readonly Tried[]): Promise<(Counted & { unsteady?: true })[]> {
  const works = new Set(all.flatMap(({ state, again }) => (state === 'failed' && again !== undefined ? [again] : [])))
  const second = new Map<Tried['again'], Counted[]>()
  for (const work of works) second.set(work, await work())
  return all.map(({ again, ...first }) => {
    const found = second.get(again)
    if (first.state !== 'failed' || found === undefined) return first
    const own = found.filter(({ name }) => name === first.name)
    // An error outside any test has no name to come back under: nothing at all may fail then.
    const passed = own.length > 0 ? own.every(({ state }) => state === 'passed') : passes(found)
    return passed ? { ...first, state: 'passed', unsteady: true } : first
  })
}

function passes(found: readonly Counted[]): boolean {
  return found.some(({ state }) => state === 'passed') && found.every(({ state }) => state !== 'failed')
}
