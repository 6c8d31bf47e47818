import { z } from 'zod'

/**
 * A learning rate range test: short trainings from the same weights on the same rows, each with a larger rate than the one before,
 * judged by the loss on rows that none of them learns from.
 */

const loss = z.number().nullable()
const method = z.enum(['full', 'last-blocks', 'lora'])

/** A rate that was found for a model, and for which way of tuning. */
export const foundRateSchema = z.object({
  /** The learning rate, without a unit. Above 0, at most 1. */
  rate: z.number().positive().max(1),
  /** What is tuned with it. */
  method,
  /** Names of the targets whose labelled queries chose it; none: other rows of the upstream data did. */
  labelsOf: z.array(z.string()).default([])
})

/** What it is judged by: labelled queries of targets, or where there are none other rows of the tasks that are learnt from. */
const judgedBySchema = z.enum(['queries', 'tasks'])

const circumstances = {
  /** Steps of the optimizer with each rate. */
  steps: z.int(),
  /** Whose loss counts. */
  judgedBy: judgedBySchema,
  /** Names of the targets or tasks. */
  of: z.array(z.string()),
  /** Rows that are learnt from and rows that judge, over all of these. */
  rows: z.int(),
  /** Rows that judge. */
  heldOutRows: z.int()
}

/** rates.json of a job's folder: what has been tried so far. Losses are nats per label token, one for each group of judging rows. */
export const triedRatesSchema = z.object({
  ...circumstances,
  /** Before any step. */
  before: z.array(z.number()),
  /** By growing rate; null: the training went out of bounds. */
  tried: z.array(
    z.object({
      /** The learning rate, without a unit. */
      rate: z.number(),
      /** By group, as `before`. */
      losses: z.array(loss).nullable()
    })
  )
})
export type TriedRates = z.infer<typeof triedRatesSchema>
type Losses = Pick<TriedRates, 'before' | 'tried'>

const ratePointSchema = z.object({
  /** The learning rate, without a unit. */
  rate: z.number(),
  /** Mean over the groups, in nats per token; null: it went out of bounds. */
  loss,
  /** Standard error of its change against no training at all, over the groups, in nats. */
  error: loss
})
type RatePoint = z.infer<typeof ratePointSchema>

/** What a range test has found, while it goes on too. */
export const rateTestSchema = z.object({
  /** What was tuned. */
  method,
  ...circumstances,
  /** Mean loss before any step, in nats per token; null: not known yet. */
  before: loss,
  /** By growing rate. */
  points: z.array(ratePointSchema),
  /** The rate to take, a number without a unit; null: no rate brings the loss down by more than chance does, or it is not over. */
  suggested: loss,
  /** The rate with the lowest loss, a number without a unit. */
  lowest: loss,
  /** The largest rate, a number without a unit, up to which the loss has not risen by more than chance does. */
  harmless: loss,
  /** All rates that can help were tried. */
  over: z.boolean()
})
export type RateTest = z.infer<typeof rateTestSchema>

/** Rates that are tried, from the smallest up: two in every power of ten. */
export const rateLadder: readonly number[] = [1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1]

/** How many standard errors a fall must have before it counts. */
const certain = 2

/**
 * Nothing larger can help once a rate has gone out of bounds, or has left the model worse than it was where a smaller one had made it
 * better; where none had, two in a row must have done so.
 */
export function isEnough({ before, tried }: Losses): boolean {
  const last = tried.slice(-2)
  if (last.at(-1)?.losses === null) return true
  if (last.length < 2 || !rises(last[1]!.losses, before)) return false
  return rises(last[0]!.losses, before) || readRates({ before, tried }).suggested !== null
}

/**
 * The smallest rate whose loss is not above the lowest by more than one standard error of their difference over the groups: what a
 * short training cannot tell apart is settled for the gentler one, as a long training wants smaller rates than a short one.
 */
export function readRates({
  before,
  tried
}: Losses): Pick<RateTest, 'points' | 'suggested' | 'lowest' | 'harmless' | 'before'> {
  const points = tried.map(({ rate, losses }): RatePoint => {
    const change = differences(losses, before)
    return { rate, loss: finite(meanOf(losses)), error: losses === null ? null : finite(errorOf(change)) }
  })
  const usable = tried.filter(({ losses }) => finite(meanOf(losses)) !== null)
  const best = usable.toSorted((a, b) => meanOf(a.losses) - meanOf(b.losses))[0]
  const firstHarm = tried.findIndex(({ losses }) => rises(losses, before))
  const found = {
    ...{ points, before: before.length === 0 ? null : mean(before), lowest: best?.rate ?? null },
    harmless: tried[(firstHarm < 0 ? tried.length : firstHarm) - 1]?.rate ?? null
  }
  if (best === undefined) return { ...found, suggested: null }
  const fall = differences(best.losses, before)
  if (!(mean(fall) < -certain * errorOf(fall))) return { ...found, suggested: null }
  const asGood = usable.find(({ rate, losses }) => {
    const above = differences(losses, best.losses!)
    return rate <= best.rate && mean(above) <= errorOf(above)
  })
  return { ...found, suggested: (asGood ?? best).rate }
}

type GroupLosses = readonly (number | null)[] | null

function rises(losses: GroupLosses, before: readonly number[]): boolean {
  const change = differences(losses, before)
  return !(mean(change) <= errorOf(change))
}

function meanOf(losses: GroupLosses): number {
  return losses === null ? Infinity : mean(losses.map((one) => one ?? Infinity))
}

function differences(of: GroupLosses, from: readonly (number | null)[]): number[] {
  return of === null ? [Infinity] : of.map((one, at) => (one ?? Infinity) - (from[at] ?? 0))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Of the mean; 0 where there is one value alone. */
function errorOf(values: readonly number[]): number {
  if (values.length < 2) return 0
  const middle = mean(values)
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1) / values.length)
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
