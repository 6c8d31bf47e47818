import { isTuned } from '../../contract/strategies.ts'
import type { Covered } from './cover.ts'

/** A covered run with the run, finished or still to come, whose weights it takes over. */
export type WithTuner = Covered & {
  /** Its id; of one that is still to come the plan's key. */
  tuner: string | null
}

/** Of several runs of one plan that hang on the same tuning the first one tunes, and the others take its weights over. */
export function whoTunes(covered: readonly Covered[]): WithTuner[] {
  const first = new Map<string, string>()
  return covered.map((one) => {
    const { run, answeredBy, tunedBy } = one
    if (answeredBy !== null || !isTuned(run.planned.strategy)) return { ...one, tuner: null }
    const tuner = tunedBy?.id ?? first.get(run.tuning) ?? null
    if (tuner === null) first.set(run.tuning, run.planned.key)
    return { ...one, tuner }
  })
}

/** How much of a plan is there already, in words. */
export function takenOver(covered: readonly WithTuner[]): string[] {
  const saved = covered.filter(({ tuner }) => tuner !== null).length
  if (saved === 0) return []
  return [
    `${saved === 1 ? 'One run takes' : `${saved} runs take`} over weights that are tuned once, and only ${saved === 1 ? 'answers' : 'answer'}.`
  ]
}

/** What was tuned before and must be tuned again, since its weights are not here. */
export function weightsLost(covered: readonly WithTuner[]): string[] {
  const lost = covered.filter(({ weightsLost, tuner }) => weightsLost && tuner === null).map(({ run }) => run.planned)
  if (lost.length === 0) return []
  const names = [...new Set(lost.map(({ strategy }) => strategy))].join(', ')
  return [
    `${lost.length === 1 ? 'One tuning' : `${lost.length} tunings`} (${names}) were done before, but the weights were not kept: ${lost.length === 1 ? 'it is' : 'they are'} done again.`
  ]
}
