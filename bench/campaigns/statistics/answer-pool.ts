import { Random } from '../../../src/main/random/random.ts'
import type { MetricName } from '../../../src/main/contract/data.ts'
import { metrics, type AnsweredRow } from '../../../src/main/evaluation/metrics/metrics.ts'

/** Questions with their right answer and some wrong ones, as the metric's own row statistics: counting words takes its time. */
export interface AnswerPool {
  questions: number
  /** Wrong answers of each question; they follow the right one. */
  wrong: number
  width: number
  /** `[questions, 1 + wrong, width]`. */
  statistics: Float64Array
}

const questions = 1500
const wrong = 4
const pools = new Map<MetricName, AnswerPool>()

export function answerPool(metric: MetricName): AnswerPool {
  const known = pools.get(metric)
  if (known) return known
  const random = new Random(`answers of ${metric}`)
  const rows = Array.from({ length: questions }, (): AnsweredRow[] => {
    const reference = drawReference(metric, random)
    const answers = [reference, ...Array.from({ length: wrong }, () => drawWrong(metric, reference, random))]
    return answers.map((output) => ({ output, references: [reference] }))
  }).flat()
  const { width, values } = metrics[metric].statistics(rows)
  const pool = { questions, wrong, width, statistics: values }
  pools.set(metric, pool)
  return pool
}

const labels = ['yes', 'no', 'maybe'] as const
const words = ['the', 'old', 'house', 'by', 'a', 'wide', 'river', 'stood', 'empty', 'for', 'many', 'years']

function drawReference(metric: MetricName, random: Random): string {
  if (metric === 'pearson') return String(random.normal())
  if (metric === 'bleu' || metric === 'rouge-l') return random.sample(words, 8).join(' ')
  // Unequal labels: the rare one counts as much in macro-F1.
  const drawn = random.uniform()
  return drawn < 0.5 ? labels[0] : drawn < 0.85 ? labels[1] : labels[2]
}

/** A wrong answer is another label, a text of which half is right, or a number that has nothing to do with the true one. */
function drawWrong(metric: MetricName, reference: string, random: Random): string {
  if (metric === 'pearson') return String(random.normal())
  if (metric === 'bleu' || metric === 'rouge-l')
    return reference
      .split(' ')
      .map((word) => (random.chance(0.5) ? word : random.pick(words)))
      .join(' ')
  return random.pick(labels.filter((label) => label !== reference))
}
