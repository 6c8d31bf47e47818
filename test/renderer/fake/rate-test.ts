import type { Job } from '../../../src/main/contract/jobs.ts'
import { rateLadder, readRates, type RateTest } from '../../../src/main/contract/rate-test.ts'

/** The losses that a small model has shown, group by group. */
const losses = [4.31, 4.28, 4.2, 4.01, 3.62, 2.98, 2.41, 2.4, 3.1, 6.2, null]

const about = { steps: 16, judgedBy: 'queries' as const, of: ['CB', 'WiC'], rows: 256, heldOutRows: 64 }

/** What a job that tries rates has found, as far as it has come. */
export function rateTest({ status, progress }: Job): RateTest {
  const over = status === 'finished'
  const done = over ? losses.length : Math.round((progress?.fraction ?? 0.5) * losses.length)
  const spread = (loss: number) => [-0.06, 0.02, 0.05, -0.01].map((by, at) => loss * (1 + by) + 0.01 * (at % 2))
  const tried = rateLadder.slice(0, done).map((rate, at) => {
    const loss = losses[at] ?? null
    return { rate, losses: loss === null ? null : spread(loss) }
  })
  const found = readRates({ before: spread(4.32), tried })
  const suggested = over ? found.suggested : null
  return { ...found, suggested, method: 'full', ...about, over }
}
