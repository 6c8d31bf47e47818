import { splitOnSpace, stripTrailingSpace } from './normalise.ts'

const order = 4

/** Width of BLEU's additive statistics: matches and totals of 1- to 4-grams, length of the answer, of the reference. */
export const bleuWidth = 2 * order + 2

/**
 * Additive statistics of one row: the BLEU of any set of rows follows from their sum.
 * Tokens as in mteval 13a, the reference length closest to the answer's, as sacreBLEU does.
 */
export function bleuStatistics(prediction: string, references: readonly string[]): Float64Array {
  const statistics = new Float64Array(bleuWidth)
  const answer = tokenise13a(prediction)
  const truths = references.map(tokenise13a)
  const answerCounts = countNgrams(answer)
  const allowed = new Map<string, number>()
  for (const truth of truths) {
    for (const [ngram, { count }] of countNgrams(truth)) allowed.set(ngram, Math.max(allowed.get(ngram) ?? 0, count))
  }
  for (const [ngram, { count, length }] of answerCounts) {
    statistics[length - 1]! += Math.min(count, allowed.get(ngram) ?? 0)
  }
  for (let n = 1; n <= order; n++) statistics[order + n - 1] = Math.max(0, answer.length - n + 1)
  statistics[2 * order] = answer.length
  statistics[2 * order + 1] = closestLength(answer.length, truths)
  return statistics
}

/**
 * BLEU in 0..1 from summed statistics, with exponential smoothing (sacreBLEU's default).
 * `effectiveOrder` counts only the orders that the answer has; that is how sacreBLEU scores a single sentence.
 */
export function bleuScore(sums: Float64Array, effectiveOrder = false): number {
  let smoothing = 1
  let counted = order
  let logarithms = 0
  let matched = false
  for (let n = 0; n < order; n++) {
    const total = sums[order + n]!
    if (total === 0) {
      if (!effectiveOrder) return 0
      counted = n
      break
    }
    const matches = sums[n]!
    if (matches > 0) matched = true
    else smoothing *= 2
    logarithms += Math.log(matches > 0 ? matches / total : 1 / (smoothing * total))
  }
  if (!matched || counted === 0) return 0
  const answerLength = sums[2 * order]!
  const referenceLength = sums[2 * order + 1]!
  const brevity = answerLength < referenceLength ? Math.exp(1 - referenceLength / answerLength) : 1
  return brevity * Math.exp(logarithms / counted)
}

/** The tokeniser of mteval-v13a, as sacreBLEU has it. */
function tokenise13a(text: string): string[] {
  const plain = stripTrailingSpace(text)
    .replaceAll('<skipped>', '')
    .replaceAll('-\n', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
  const spaced = ` ${plain} `
    .replace(/([{-~[-` -&(-+:-@/])/gu, ' $1 ')
    .replace(/([^0-9])([.,])/gu, '$1 $2 ')
    .replace(/([.,])([^0-9])/gu, ' $1 $2')
    .replace(/([0-9])(-)/gu, '$1 $2 ')
  return splitOnSpace(spaced)
}

function countNgrams(tokens: readonly string[]): Map<string, { count: number; length: number }> {
  const counts = new Map<string, { count: number; length: number }>()
  for (let length = 1; length <= order; length++) {
    for (let start = 0; start + length <= tokens.length; start++) {
      const ngram = tokens.slice(start, start + length).join(' ')
      const entry = counts.get(ngram)
      if (entry) entry.count++
      else counts.set(ngram, { count: 1, length })
    }
  }
  return counts
}

function closestLength(length: number, truths: readonly (readonly string[])[]): number {
  let closest = 0
  let distance = Infinity
  for (const truth of truths) {
    const away = Math.abs(truth.length - length)
    if (away < distance || (away === distance && truth.length < closest)) {
      closest = truth.length
      distance = away
    }
  }
  return closest
}
