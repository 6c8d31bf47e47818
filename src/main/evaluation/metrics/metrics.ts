import type { MetricName } from '../../contract/data.ts'
import { bleuScore, bleuStatistics, bleuWidth } from './bleu.ts'
import { labelStatistics, macroF1, matthews } from './labels.ts'
import { accuracy, exactMatch, questionAnsweringF1, softExactMatch } from './matching.ts'
import { stripSpace } from './normalise.ts'
import { pearson, pearsonStatistics, pearsonWidth } from './pearson.ts'
import { rougeL } from './rouge.ts'

/** An answer and what would have been right; the first reference is the label. */
export interface AnsweredRow {
  output: string
  references: readonly string[]
}

/** Numbers per row, `[rows, width]`, that can be added up: a metric's score of any set of rows follows from their sum. */
export interface RowStatistics {
  width: number
  values: Float64Array
}

/**
 * A metric. All of them are functions of summed row statistics; that is what lets one resampling test serve a mean of
 * rows (EM) and a figure that exists only for a whole set (macro-F1) alike.
 */
export interface Metric {
  title: string
  /** What it measures, in a sentence for people. */
  summary: string
  /** True where the score of a set is the mean of its rows' scores. */
  isMean: boolean
  /** Score of one row, 0…100; null where it takes a whole set. */
  ofRow: ((row: AnsweredRow) => number) | null
  statistics(rows: readonly AnsweredRow[]): RowStatistics
  /** 0…100 (correlations: −100…100) from summed statistics; null where it is undefined for these rows. */
  score(sums: Float64Array): number | null
}

export const metrics: Readonly<Record<MetricName, Metric>> = {
  em: meanMetric(
    'EM',
    'Share of answers that equal a right answer, but for case, punctuation and articles.',
    exactMatch
  ),
  'soft-em': meanMetric(
    'SoftEM',
    'Share of answers that contain a right answer or are part of one, but for case, punctuation and articles.',
    softExactMatch
  ),
  accuracy: meanMetric(
    'Accuracy',
    'Share of answers that equal a right answer, but for upper and lower case.',
    accuracy
  ),
  'qa-f1': meanMetric(
    'QA-F1',
    'Overlap in words with the nearest right answer, as SQuAD counts it.',
    questionAnsweringF1
  ),
  'rouge-l': meanMetric(
    'ROUGE-L',
    'Longest common run of words, in order, with the nearest right answer. Only the letters a to z and digits count: words in other scripts score 0.',
    rougeL
  ),
  bleu: {
    title: 'BLEU',
    summary: 'Shared runs of one to four words with the right answers over the whole set, as sacreBLEU counts them.',
    isMean: false,
    ofRow: (row) => 100 * bleuScore(bleuStatistics(row.output, row.references), true),
    statistics: (rows) => {
      const values = new Float64Array(bleuWidth * rows.length)
      rows.forEach((row, at) => values.set(bleuStatistics(row.output, row.references), at * bleuWidth))
      return { width: bleuWidth, values }
    },
    score: (sums) => 100 * bleuScore(sums)
  },
  'macro-f1': {
    title: 'Macro-F1',
    summary: 'F1 of each label, averaged with equal weight: rare labels count as much as common ones.',
    isMean: false,
    ofRow: null,
    statistics: (rows) => labelStatistics(outputs(rows), labels(rows)),
    score: (sums) => 100 * macroF1(sums)
  },
  matthews: {
    title: 'Matthews correlation',
    summary: 'Agreement of predicted and true labels beyond chance: 0 is guessing, 100 is perfect.',
    isMean: false,
    ofRow: null,
    statistics: matthewsStatistics,
    score: (sums) => 100 * matthews(sums)
  },
  pearson: {
    title: 'Pearson correlation',
    summary: 'How well predicted numbers follow the true ones on a line.',
    isMean: false,
    ofRow: null,
    statistics: (rows) => ({ width: pearsonWidth, values: pearsonStatistics(outputs(rows), labels(rows)) }),
    score: (sums) => {
      const value = pearson(sums)
      return value === null ? null : 100 * value
    }
  }
}

/** Score of a set of rows, 0…100 (correlations: −100…100); null where it is undefined, also for no rows. */
export function scoreRows(name: MetricName, rows: readonly AnsweredRow[]): number | null {
  if (!isLabelled(rows.map(({ references }) => references))) return null
  const metric = metrics[name]
  const { width, values } = metric.statistics(rows)
  const sums = new Float64Array(width)
  for (let at = 0; at < values.length; at++) sums[at % width]! += values[at]!
  return metric.score(sums)
}

/** Whether any row has a right answer; without one nothing can be scored. */
export function isLabelled(references: readonly (readonly string[])[]): boolean {
  return references.some((answers) => answers.length > 0)
}

/** Scores of one row, 0…100, by every metric of the list that one row has. */
export function scoreRow(names: readonly MetricName[], row: AnsweredRow): Record<string, number> {
  const scores: Record<string, number> = {}
  for (const name of names) {
    const ofRow = metrics[name].ofRow
    if (ofRow) scores[name] = ofRow(row)
  }
  return scores
}

function meanMetric(
  title: string,
  summary: string,
  score: (output: string, references: readonly string[]) => number
): Metric {
  return {
    title,
    summary,
    isMean: true,
    ofRow: (row) => 100 * score(row.output, row.references),
    statistics: (rows) => {
      const values = new Float64Array(2 * rows.length)
      rows.forEach((row, at) => values.set([score(row.output, row.references), 1], 2 * at))
      return { width: 2, values }
    },
    score: (sums) => (sums[1] === 0 ? null : (100 * sums[0]!) / sums[1]!)
  }
}

/**
 * CoLA's rule of the original: an answer is "acceptable" or it is not, whatever else it says. Other label sets are
 * compared label by label.
 */
function matthewsStatistics(rows: readonly AnsweredRow[]): RowStatistics {
  const truth = labels(rows)
  const answers = outputs(rows).map(stripSpace)
  if (!truth.includes('acceptable')) return labelStatistics(answers, truth)
  const reduce = (label: string): string => (label === 'acceptable' ? label : 'other')
  return labelStatistics(answers.map(reduce), truth.map(reduce))
}

function outputs(rows: readonly AnsweredRow[]): string[] {
  return rows.map((row) => row.output)
}

function labels(rows: readonly AnsweredRow[]): string[] {
  return rows.map((row) => row.references[0] ?? '')
}
