/**
 * Linear warm-up from 0, then linear decay to 0, as Transformers' `get_linear_schedule_with_warmup`; with a constant schedule no decay,
 * as `get_constant_schedule_with_warmup`. Steps count from 0.
 */
export function learningRateAt(
  step: number,
  settings: { learningRate: number; warmupSteps: number; schedule?: 'linear' | 'constant' },
  totalSteps: number
): number {
  const { learningRate, warmupSteps } = settings
  if (step < warmupSteps) return (learningRate * step) / Math.max(1, warmupSteps)
  if (settings.schedule === 'constant') return learningRate
  return learningRate * Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmupSteps))
}
