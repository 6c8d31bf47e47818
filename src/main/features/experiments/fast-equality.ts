import type { TuneSettings } from '../../contract/run-settings.ts'

/** Scores are called equal where the whole 95 % interval of their difference lies within so many points of zero. */
export const equalWithin = 1

export type TuningMethod = TuneSettings['method']

/** Fast minus exact tuning, in points, on average over the targets; each round has query sets and seeds of its own. */
export interface FastComparison {
  readonly data: 'demo' | 'real rows'
  readonly rounds: number
  readonly targets: number
  readonly difference: number
  readonly interval: readonly [number, number]
  /** What was computed otherwise then than it is now, in words; null where nothing was. */
  readonly otherwise: string | null
}

/** The comparisons on real rows are older than `engine/training/coarse-layers.ts`; the demo's model has none that it would keep exact. */
const allRounded = 'layers with outlier channels still rounded'

/**
 * What `npm run campaign -- precision` has found, by the lab's own test on paired scores (SoftEM), exact answers on either side.
 * docs/performance.md has the same table (test/features/experiments/fast-equality.test.ts).
 */
export const fastTuning: Readonly<Record<TuningMethod, readonly FastComparison[]>> = {
  lora: [
    { data: 'demo', rounds: 10, targets: 4, difference: -0.13, interval: [-0.3, 0.05], otherwise: null },
    { data: 'real rows', rounds: 10, targets: 4, difference: 0.71, interval: [-0.53, 1.95], otherwise: allRounded }
  ],
  full: [
    { data: 'demo', rounds: 24, targets: 4, difference: 0.05, interval: [-0.87, 0.97], otherwise: null },
    { data: 'real rows', rounds: 10, targets: 4, difference: -0.06, interval: [-0.54, 0.42], otherwise: allRounded }
  ],
  'last-blocks': [
    { data: 'demo', rounds: 10, targets: 4, difference: 0.01, interval: [-0.2, 0.22], otherwise: null },
    { data: 'real rows', rounds: 10, targets: 4, difference: 0.02, interval: [-0.03, 0.08], otherwise: allRounded }
  ]
}

const titles: Readonly<Record<TuningMethod, string>> = {
  lora: 'with LoRA',
  full: 'with all weights',
  'last-blocks': 'in the last blocks'
}

const places: Readonly<Record<FastComparison['data'], string>> = { demo: 'the demo', 'real rows': 'real rows' }

export function isEqual({ interval: [low, high] }: FastComparison): boolean {
  return low >= -equalWithin && high <= equalWithin
}

/** In a sentence, without its full stop: where scores of models tuned so are known to be equal, and where they are not. */
export function whatFastTuningKeeps(method: TuningMethod): string {
  return sentenceOf(method, fastTuning[method])
}

/** The same of any comparisons. */
export function sentenceOf(method: TuningMethod, known: readonly FastComparison[]): string {
  const equal = known.filter(isEqual)
  const open = known.filter((one) => !isEqual(one))
  const where = (list: readonly FastComparison[]) =>
    list.map(({ data, otherwise }) => places[data] + (otherwise === null ? '' : ` (${otherwise})`)).join(' and ')
  const shown =
    equal.length === 0
      ? `That scores of models tuned so ${titles[method]} are equal is not shown`
      : `Tuned so ${titles[method]}, scores on ${where(equal)} were equal within one point on average over the tasks, by the lab’s own test`
  const told =
    open.length === 0
      ? ''
      : `; on ${where(open)} that was not certain (${open.map(({ interval }) => interval.map(signed).join(' to ')).join(', ')} points)`
  return `${shown}${told}${equal.length === 0 ? '' : '; for other models and data that is not shown'}`
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`
