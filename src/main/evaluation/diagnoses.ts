import type { Cell, Column, Diagnosis } from '../contract/comparison.ts'
import { columnOf } from './columns.ts'
import type { ComparisonInput, RunAnswers, TargetRows } from './comparison-input.ts'
import { isLabelled, metrics, scoreRows } from './metrics/metrics.ts'
import { normaliseAnswer } from './metrics/normalise.ts'
import { answersOf, roundScores, type Scores } from './round-scores.ts'
import { count, decimal, points } from './wording.ts'

/**
 * What stands beside the verdicts: why a result may be as it is, and what to do next. Each is a fact about the answers, the
 * losses or what was retrieved, never a guess from a score alone.
 */
export function diagnose(
  input: ComparisonInput,
  columns: readonly Column[],
  cells: readonly Cell[],
  scores: Scores
): Diagnosis[] {
  const ofTargets = input.targets.flatMap((target) => {
    const level = levelOf(input, target, columns, cells)
    return [
      ...queriesInTest(input, target),
      ...level,
      ...commonAnswer(input, target, cells),
      ...otherFormat(input, target),
      ...sameAnswers(input, target, columns),
      ...oneLabel(input, target, columns),
      ...outliers(input, target, columns, scores)
    ]
  })
  return [...losses(input, columns), ...sameRetrieved(input, columns), ...ofTargets]
}

const floor = 5
const ceiling = 95
/** Scores of these run from 0 for nothing right to 100. */
const isShare = (input: ComparisonInput): boolean => metrics[input.metric].isMean

/** Nearly nothing right, or nearly everything: then no strategy can show what it is worth. */
function levelOf(
  input: ComparisonInput,
  target: TargetRows,
  columns: readonly Column[],
  cells: readonly Cell[]
): Diagnosis[] {
  const means = meansOn(target, cells)
  if (!isShare(input) || means.length < columns.length || means.length === 0) return []
  if (Math.max(...means) <= floor)
    return [
      about('floor', target, {
        sentence: `On ${target.name} nearly nothing is right: at most ${points(Math.max(...means))} of 100. Differences cannot show there.`,
        next: 'This model cannot do the task as it is asked. Take a larger base model, or look at the answers: perhaps only their form is wrong.',
        action: 'examples'
      })
    ]
  if (Math.min(...means) >= ceiling)
    return [
      about('ceiling', target, {
        sentence: `On ${target.name} nearly everything is right: at least ${points(Math.min(...means))} of 100. Differences cannot show there.`,
        next: 'The task is too easy for this model. Take a harder target, or a smaller base model.',
        action: 'new-experiment'
      })
    ]
  return []
}

/** Always giving the most common answer would have scored more than any strategy. */
function commonAnswer(input: ComparisonInput, target: TargetRows, cells: readonly Cell[]): Diagnosis[] {
  const means = meansOn(target, cells)
  if (means.length === 0 || target.references.length < 10) return []
  const counts = new Map<string, number>()
  for (const [first = ''] of target.references) counts.set(first, (counts.get(first) ?? 0) + 1)
  const [answer, times] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a))
  if (times < 0.2 * target.references.length) return []
  const constant = target.references.map((references) => ({ output: answer, references }))
  const score = scoreRows(input.metric, constant)
  if (score === null || score <= Math.max(...means)) return []
  return [
    about('common-answer', target, {
      sentence: `On ${target.name} the answer "${shorten(answer)}" to every question would score ${decimal(score)}, more than any strategy (${decimal(Math.max(...means))}).`,
      next: 'No strategy has learnt the task yet. Look at the answers, and consider a larger base model or a larger learning rate.',
      action: 'examples'
    })
  ]
}

/** Queries that are test rows: what is near them is near the very questions that are scored. */
function queriesInTest(input: ComparisonInput, target: TargetRows): Diagnosis[] {
  // Where nothing is scored, nothing is flattered.
  if (!isLabelled(target.references)) return []
  const plain = (text: string): string => text.trim()
  const questions = new Set((target.inputs ?? []).map(plain))
  const sizes = input.runs.flatMap(({ queries = [], outputs }) => {
    const asked = outputs.has(target.id) ? new Set(queries.map(plain)) : new Set<string>()
    return asked.size === 0 ? [] : [{ all: asked.size, inTest: [...asked].filter((one) => questions.has(one)).length }]
  })
  const worst = sizes.sort((a, b) => b.inTest - a.inTest)[0]
  if (!worst || worst.inTest === 0) return []
  return [
    about('queries-in-test', target, {
      sentence: `On ${target.name} ${count(worst.inTest)} of the ${count(worst.all)} queries of a round are test rows too. That flatters every strategy that retrieves by queries, against zero-shot and random as well.`,
      next: 'Draw query sets from rows that are left out of the test, and run again.',
      action: 'query-sets'
    })
  ]
}

/** Answers that hold the right one, but not in the form that the metric counts. */
function otherFormat(input: ComparisonInput, target: TargetRows): Diagnosis[] {
  const { ofRow, isMean } = metrics[input.metric]
  if (!isMean || ofRow === null) return []
  const labels = labelsOf(target)
  const worst = input.runs
    .flatMap((run) => {
      const outputs = run.outputs.get(target.id)
      if (!outputs) return []
      const rows = answersOf(target, outputs)
      const right = rows.filter((row) => ofRow(row) >= 50).length
      const rescued = rows.filter((row) => ofRow(row) < 50 && holdsAnswer(row.output, row.references, labels)).length
      return [{ run, right, rescued, rows: rows.length }]
    })
    .sort((a, b) => b.rescued - a.rescued)[0]
  if (!worst || worst.rescued < 0.1 * worst.rows) return []
  const label = columnOf(worst.run).label
  return [
    about('format', target, {
      sentence: `On ${target.name} ${count(worst.rescued)} of ${count(worst.rows)} answers of ${label} hold the right one in another form than the reference: ${count(worst.right + worst.rescued)} would be right if the form were, not ${count(worst.right)}.`,
      next: 'Look at the answers. Choose a metric that forgives the form (SoftEM), answer by choices, or bring the references into the form that the model answers in.',
      action: 'examples'
    })
  ]
}

/** The reference stands in the answer as words of its own, and no other label does. */
function holdsAnswer(output: string, references: readonly string[], labels: readonly string[]): boolean {
  const text = ` ${normaliseAnswer(output)} `
  const has = (words: string): boolean => words !== '' && text.includes(` ${words} `)
  const right = references.map(normaliseAnswer)
  return right.some(has) && !labels.some((label) => !right.includes(label) && has(label))
}

/** Two tuned columns gave the same answers in every round that both have. */
function sameAnswers(input: ComparisonInput, target: TargetRows, columns: readonly Column[]): Diagnosis[] {
  return pairsOf(columns).flatMap(([a, b]) => {
    const both = roundsOf(input, a, b, (run) => run.outputs.get(target.id))
    const same = both.length > 0 && both.every(([ours, theirs]) => ours.every((text, row) => text === theirs[row]))
    if (!same) return []
    return [
      about('same-answers', target, {
        sentence: `On ${target.name} ${a.label} and ${b.label} gave the same answer to every question.`,
        next: 'Tuning changed nothing that shows. Compare what they retrieved, and consider a larger learning rate or more epochs.',
        action: 'retrieved'
      })
    ]
  })
}

/** What two columns retrieved is the same in every round: then they are one strategy under two names. */
function sameRetrieved(input: ComparisonInput, columns: readonly Column[]): Diagnosis[] {
  return pairsOf(columns).flatMap(([a, b]) => {
    const both = roundsOf(input, a, b, (run) => (run.retrieved.length > 0 ? run.retrieved : undefined))
    const same = both.length > 0 && both.every(([ours, theirs]) => sameSet(ours, theirs))
    if (!same) return []
    return [
      {
        kind: 'same-retrieved' as const,
        targetId: null,
        sentence: `${a.label} and ${b.label} retrieved the same ${count(both[0]![0].length)} examples in every round, so they are the same thing here.`,
        next: 'Retrieve fewer examples, or take upstream data with more rows than are retrieved.',
        action: 'retrieved' as const
      }
    ]
  })
}

/** All that a column gains or loses against its untuned model is on questions with one of the labels. */
function oneLabel(input: ComparisonInput, target: TargetRows, columns: readonly Column[]): Diagnosis[] {
  const { ofRow } = metrics[input.metric]
  const labels = labelsOf(target)
  if (ofRow === null || labels.length < 2) return []
  return columns.flatMap((column) => {
    const untuned = columns.find(({ key }) => key === column.baseline)
    if (!untuned) return []
    const net = new Map<string, number>()
    const ours = runsOf(input, column)
    const base = runsOf(input, untuned)[0]?.outputs.get(target.id)
    if (!base || ours.length === 0) return []
    for (const run of ours) {
      run.outputs.get(target.id)?.forEach((output, row) => {
        const references = target.references[row]!
        const change = (ofRow({ output, references }) - ofRow({ output: base[row] ?? '', references })) / ours.length
        const label = normaliseAnswer(references[0] ?? '')
        net.set(label, (net.get(label) ?? 0) + change / target.references.length)
      })
    }
    const sizes = [...net].sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]))
    const all = sizes.reduce((sum, [, size]) => sum + Math.abs(size), 0)
    const [label, size] = sizes[0] ?? ['', 0]
    if (all < 3 || Math.abs(size) < 0.9 * all) return []
    return [
      about('one-label', target, {
        sentence: `On ${target.name} nearly all that ${column.label} ${size > 0 ? 'gains' : 'loses'} against zero-shot (${points(Math.abs(size))} of ${decimal(all)}) is on questions whose answer is "${shorten(label)}".`,
        next: 'It may only say that answer more or less often. Look at macro-F1 as well, and at the answers.',
        action: 'examples'
      })
    ]
  })
}

/** A round far from the others of its column. */
function outliers(input: ComparisonInput, target: TargetRows, columns: readonly Column[], scores: Scores): Diagnosis[] {
  return columns.flatMap((column) => {
    const byRound = [...roundScores(input, column.key, target.id, scores)]
    if (byRound.length < 4) return []
    return byRound.flatMap(([round, score]) => {
      const others = byRound.filter(([other]) => other !== round).map(([, value]) => value)
      const middle = median(others)
      const spread = median(others.map((value) => Math.abs(value - middle))) * 1.4826
      if (Math.abs(score - middle) < Math.max(8, 6 * spread)) return []
      return [
        about('outlier', target, {
          sentence: `On ${target.name} round ${round + 1} of ${column.label} scores ${decimal(score)}, the others around ${decimal(middle)}.`,
          next: 'Look at what that round retrieved and at its loss. It counts in every mean; more rounds make it count less.',
          action: 'retrieved'
        })
      ]
    })
  })
}

/** The loss of tuning hardly fell, or fell and rose again. */
function losses(input: ComparisonInput, columns: readonly Column[]): Diagnosis[] {
  return columns.flatMap((column): Diagnosis[] => {
    const known = runsOf(input, column).flatMap(({ loss }) => (loss ? [loss] : []))
    if (known.length === 0) return []
    const flat = known.filter(({ start, end }) => end > 0.95 * start)
    const risen = known.filter(({ start, least, end }) => least < 0.9 * start && end > 1.25 * least)
    const sizes = (shown: typeof known) =>
      `${decimal(mean(shown.map(({ start }) => start)), 2)} to ${decimal(mean(shown.map(({ end }) => end)), 2)}`
    const share = (shown: typeof known) => `${shown.length} of ${known.length} ${known.length === 1 ? 'run' : 'runs'}`
    if (flat.length > known.length / 2)
      return [
        {
          kind: 'loss-flat' as const,
          targetId: null,
          sentence: `In ${share(flat)} of ${column.label} the loss hardly fell (${sizes(flat)}): the model has learnt next to nothing.`,
          next: 'Raise the learning rate tenfold, or tune for more epochs.',
          action: 'new-experiment' as const
        }
      ]
    if (risen.length > known.length / 2)
      return [
        {
          kind: 'loss-rose' as const,
          targetId: null,
          sentence: `In ${share(risen)} of ${column.label} the loss fell and rose again (it ended ${sizes(risen)}).`,
          next: 'Lower the learning rate, or stop early on held-out examples.',
          action: 'new-experiment' as const
        }
      ]
    return []
  })
}

function about(
  kind: Diagnosis['kind'],
  target: TargetRows,
  rest: Pick<Diagnosis, 'sentence' | 'next' | 'action'>
): Diagnosis {
  return { kind, targetId: target.id, ...rest }
}

function meansOn(target: TargetRows, cells: readonly Cell[]): number[] {
  return cells.flatMap((cell) => (cell.targetId === target.id && cell.summary ? [cell.summary.mean] : []))
}

/** The answers of a target that is a choice among few; none where they are free. */
function labelsOf(target: TargetRows): string[] {
  const labels = new Set(target.references.map(([first = '']) => normaliseAnswer(first)))
  return labels.size <= 10 && labels.size < target.references.length / 2 ? [...labels] : []
}

function runsOf(input: ComparisonInput, column: Column): RunAnswers[] {
  return input.runs.filter((run) => columnOf(run).key === column.key)
}

/** Pairs of columns that have an untuned one beside them, so that both are tuned. */
function pairsOf(columns: readonly Column[]): [Column, Column][] {
  const tuned = columns.filter((column) => column.strategy !== 'zero-shot')
  return tuned.flatMap((a, at) => tuned.slice(at + 1).map((b): [Column, Column] => [a, b]))
}

/** What two columns have in every round that both have. */
function roundsOf<T>(input: ComparisonInput, a: Column, b: Column, pick: (run: RunAnswers) => T | undefined): [T, T][] {
  const theirs = runsOf(input, b)
  return runsOf(input, a).flatMap((run): [T, T][] => {
    const other = theirs.find(
      (one) => one.round === run.round && [...one.outputs.keys()].some((target) => run.outputs.has(target))
    )
    const ours = pick(run)
    const rest = other && pick(other)
    return ours === undefined || rest === undefined ? [] : [[ours, rest]]
  })
}

function sameSet(a: readonly number[], b: readonly number[]): boolean {
  const set = new Set(a)
  return set.size === new Set(b).size && b.every((id) => set.has(id))
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}
