/**
 * Dynamic loss scaling (Micikevicius et al., "Mixed Precision Training", 2018): the loss's gradient is multiplied by a power of two, so that
 * small gradients are not lost in half precision, and the weights' gradients are divided by it again, which is exact. Where one overflows,
 * the scale is halved and the same step computed again; after many steps that did not, it is doubled.
 */
import { z } from 'zod'

export const lossScaleSchema = z.object({
  /** What the loss is multiplied by: a power of two, 1 to 2^24. */
  scale: z.number().min(1),
  /** Steps since the scale was changed. */
  steps: z.number().int().min(0)
})

export type LossScale = z.infer<typeof lossScaleSchema>

/** PyTorch's beginning. */
export const firstLossScale: LossScale = { scale: 2 ** 16, steps: 0 }
/** Steps without an overflow after which the scale is doubled. */
const stepsToGrow = 2000
/** Beyond it nothing is gained: the smallest gradients are in reach long before. */
const largest = 2 ** 24

/** After a step whose gradients were finite. */
export function afterGoodStep({ scale, steps }: LossScale): LossScale {
  if (steps + 1 < stepsToGrow) return { scale, steps: steps + 1 }
  return { scale: Math.min(2 * scale, largest), steps: 0 }
}

/** After one whose gradients were not; null where a smaller scale cannot help. */
export function afterOverflow({ scale }: LossScale): LossScale | null {
  return scale > 1 ? { scale: scale / 2, steps: 0 } : null
}
