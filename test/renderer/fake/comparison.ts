import type { Comparison, ComparisonTest } from '../../../src/main/contract/comparison.ts'
import type { ExampleRow } from '../../../src/main/contract/answers.ts'
import type { StrategyName } from '../../../src/main/contract/strategies.ts'
import { texts } from '../../../src/renderer/src/texts/texts.ts'
import { chance, normal } from './chance.ts'
import { groups, rounds, strategies, targets, tasks, runs } from './records.ts'

/** Scores by strategy for the three targets, from the paper's table where it has them. */
const means: Partial<Record<StrategyName, number[]>> = {
  'zero-shot': [39.6, 46.7, 35.7],
  random: [47.1, 41.0, 33.3],
  lexical: [45.2, 47.4, 36.0],
  semantic: [48.0, 46.8, 37.9],
  dense: [44.5, 49.9, 37.8],
  trained: [44.7, 50.1, 38.0],
  recross: [44.8, 50.6, 38.4]
}

const random = chance(7)
const values = strategies.map((strategy) =>
  targets.map((_, t) =>
    Array.from(
      { length: rounds },
      () => (means[strategy]?.[t] ?? 40) + (strategy === 'zero-shot' ? 0 : normal(random) * 1.4)
    )
  )
)

function summary(list: number[]) {
  const sorted = [...list].sort((a, b) => a - b)
  const mean = list.reduce((a, b) => a + b, 0) / list.length
  const sd = Math.sqrt(list.reduce((sum, x) => sum + (x - mean) ** 2, 0) / Math.max(1, list.length - 1))
  return {
    mean,
    sd,
    median: sorted[Math.floor(sorted.length / 2)] ?? mean,
    min: sorted[0] ?? mean,
    max: sorted.at(-1) ?? mean,
    rounds: list.length
  }
}

export function comparison(experimentId: string, name: string): Comparison {
  const overall = values.map((byTarget) =>
    Array.from({ length: rounds }, (_, r) => byTarget.reduce((sum, list) => sum + (list[r] ?? 0), 0) / targets.length)
  )
  const zero = summary(overall[0] ?? []).mean
  const cells: Comparison['cells'] = strategies.flatMap((strategy, s) => [
    ...targets.map((target, t) => {
      const cell = summary(values[s]?.[t] ?? [])
      const delta = cell.mean - (means['zero-shot']?.[t] ?? 0)
      return {
        targetId: target.id,
        column: strategy,
        summary: cell,
        deltaToZeroShot: s === 0 ? null : delta,
        tuningHurt: s > 0 && delta < -2,
        best: false
      }
    }),
    {
      targetId: null,
      column: strategy,
      summary: summary(overall[s] ?? []),
      deltaToZeroShot: s === 0 ? null : summary(overall[s] ?? []).mean - zero,
      tuningHurt: s > 0 && summary(overall[s] ?? []).mean < zero - 1,
      best: strategy === 'semantic'
    }
  ])
  const tests: ComparisonTest[] = cells
    .filter((cell) => cell.column !== 'zero-shot')
    .map((cell) => {
      const target = targets.find((entry) => entry.id === cell.targetId)
      const items = target?.sourceItems ?? 444
      // Averages over the targets vary less than one target does.
      const half = (target ? 100 : 60) / Math.sqrt(items)
      const difference = cell.deltaToZeroShot ?? 0
      const verdict = difference > half ? 'better' : difference < -half ? 'worse' : 'no-evidence'
      const label = texts.strategies[cell.column as StrategyName]
      const where = target ? `on ${target.name}` : 'over all targets'
      return {
        targetId: cell.targetId,
        column: cell.column,
        against: 'zero-shot',
        difference,
        interval: [difference - half, difference + half],
        p: Math.min(1, Math.exp((-difference * difference) / (half * half))),
        pCorrected: Math.min(1, 2 * Math.exp((-difference * difference) / (half * half))),
        planned: false,
        scope: 'any-query-sets' as const,
        comparisons: 16,
        detectable: 2.4 * half,
        rounds,
        rows: target?.testExamples ?? 2280,
        sourceItems: items,
        verdict,
        sentence:
          verdict === 'better'
            ? `${label} is better than zero-shot ${where} by ${difference.toFixed(1)} points.`
            : verdict === 'worse'
              ? `${label} is worse than zero-shot ${where} by ${Math.abs(difference).toFixed(1)} points.`
              : `No evidence that ${label.toLowerCase()} differs from zero-shot ${where}.`
      }
    })
  return {
    subject: { experimentId },
    name,
    metric: 'soft-em',
    metrics: ['soft-em', 'em'],
    columns: strategies.map((strategy) => ({
      key: strategy,
      label: texts.strategies[strategy],
      strategy,
      ...{ ablatedGroup: null, variant: [] },
      source: null,
      baseline: strategy === 'zero-shot' ? null : 'zero-shot'
    })),
    targets: targets.map((target) => ({
      id: target.id,
      name: target.name,
      rows: target.testExamples,
      sourceItems: target.sourceItems
    })),
    cells,
    tests,
    otherTargets: [],
    diagnoses: [
      {
        kind: 'common-answer',
        targetId: 't-cb',
        sentence: 'On CommitmentBank, a model that always answered “no” would score 46.1, more than Random does.',
        next: 'Look at the answers: the model may have learned which answer is frequent, and nothing else.',
        action: 'examples'
      },
      {
        kind: 'same-retrieved',
        targetId: 't-wic',
        sentence: 'On Word in context, 9 of 10 examples that Semantic and Dense retrieved are the same.',
        next: 'Where two strategies retrieve the same, their scores cannot differ by much.',
        action: 'retrieved'
      },
      {
        kind: 'loss-flat',
        targetId: null,
        sentence: 'The loss hardly fell in 4 of 50 tuned runs.',
        next: 'Try a larger learning rate, or more epochs.',
        action: 'new-experiment'
      }
    ],
    headline: {
      kind: 'better',
      column: 'semantic',
      sentence: 'Semantic is better than zero-shot on average over these 3 targets by 3.6 points.'
    },
    warnings: ['Two queries of round 4 of CommitmentBank are also among its test examples.'],
    rounds,
    points: strategies.flatMap((strategy, s) =>
      targets.flatMap((target, t) =>
        (values[s]?.[t] ?? []).map((score, round) => ({
          runId: `${experimentId}-${strategy}-${round}`,
          column: strategy,
          round,
          targetId: target.id,
          score,
          seconds: s === 0 ? 260 : 640 + s * 60 + round * 20
        }))
      )
    )
  }
}

/** The same figures for the picked strategies of several experiments, each beside its untuned model. */
export function pickedComparison(picks: readonly { id: string; name: string; runIds: string[] }[]): Comparison {
  const parts = picks.map(({ id, name, runIds }) => {
    const shown = new Set(runs.filter((run) => runIds.includes(run.id)).map((run): string => run.strategy))
    shown.add('zero-shot')
    const one = comparison(id, name)
    const of = <T extends { column: string }>(entries: T[]): T[] => entries.filter(({ column }) => shown.has(column))
    const columns = one.columns.filter(({ key }) => shown.has(key))
    return {
      id,
      source: { id, name, modelId: 'm' },
      one: { ...one, columns, cells: of(one.cells), tests: of(one.tests), points: of(one.points) }
    }
  })
  return {
    ...parts[0]!.one,
    subject: { picks: picks.map(({ id, runIds }) => ({ experimentId: id, runIds })) },
    name: `Runs of ${picks.map(({ name }) => name).join(' and ')}`,
    columns: parts.flatMap(({ id, source, one }) =>
      one.columns.map((column) => ({
        ...column,
        key: `${column.key} @${id}`,
        source,
        baseline: column.baseline && `${column.baseline} @${id}`
      }))
    ),
    cells: parts.flatMap(({ id, one }) => one.cells.map((cell) => ({ ...cell, column: `${cell.column} @${id}` }))),
    tests: parts.flatMap(({ id, one }) =>
      one.tests.map((test) => ({ ...test, column: `${test.column} @${id}`, against: `${test.against} @${id}` }))
    ),
    points: parts.flatMap(({ id, one }) => one.points.map((point) => ({ ...point, column: `${point.column} @${id}` })))
  }
}

const subjects = ['the committee', 'the museum', 'a neighbour', 'the ship’s cook', 'the new teacher', 'her brother']
const verbs = ['had agreed to stay', 'never sold the house', 'might have seen it', 'lost the key', 'won the vote']

export function exampleRows(total: number): ExampleRow[] {
  const draw = chance(99)
  return Array.from({ length: total }, (_, n) => {
    const reference = ['yes', 'no', 'maybe'][Math.floor(draw() * 3)] ?? 'yes'
    const answers: ExampleRow['answers'] = {}
    for (const strategy of strategies) {
      const right = draw() < (means[strategy]?.[0] ?? 40) / 100
      const wrong = reference === 'yes' ? 'maybe' : 'yes'
      answers[strategy] = { output: right ? reference : wrong, score: right ? 100 : 0, runId: `e-paper-${strategy}-0` }
    }
    return {
      exampleId: n + 1,
      input: `Premise: They say that ${subjects[n % 6]} ${verbs[n % 5]} before the winter came, though nobody wrote it down at the time. Hypothesis: ${subjects[n % 6]} ${verbs[(n + 2) % 5]}. Yes, no, or maybe?`,
      references: [reference],
      sourceItem: Math.floor(n / 5),
      answers
    }
  })
}

/** Which groups each strategy draws from, as shares; random draws evenly. */
const leanings: Partial<Record<StrategyName, number[]>> = {
  'zero-shot': [],
  random: [1, 1, 1, 1, 1, 1, 1, 1],
  lexical: [1, 1, 1, 3, 2, 2, 2, 0.4],
  semantic: [0.5, 0.5, 1, 5, 3, 1, 1, 0.2],
  dense: [0.3, 0.2, 0.4, 3, 6, 2, 1.5, 0.1],
  trained: [0.2, 0.2, 0.4, 3, 6, 2, 1.2, 0.1],
  recross: [0.2, 0.2, 0.4, 2, 7, 2, 1, 0.1]
}

export function taskMix(strategy: StrategyName): { task: string; group: string; count: number }[] {
  const weights = tasks.map((task) => leanings[strategy]?.[groups.indexOf(task.group)] ?? 1)
  const total = weights.reduce((a, b) => a + b, 0)
  return tasks
    .map((task, n) => ({ task: task.task, group: task.group, count: Math.round((512 * (weights[n] ?? 0)) / total) }))
    .filter((entry) => entry.count > 0)
}

export function heatShare(strategy: StrategyName): number[][] {
  const draw = chance(strategy.length)
  return groups.map((_, g) =>
    targets.map((_, t) => {
      const all = (leanings[strategy] ?? groups.map(() => 1)).map(
        (x, i) => x * (0.6 + 0.8 * Math.abs(Math.sin(i * 3 + t * 2)))
      )
      const total = all.reduce((a, b) => a + b, 0)
      return total ? (all[g] ?? 0) / total + draw() * 0.001 : 0
    })
  )
}

export function retrieved(strategy: StrategyName, count: number) {
  const draw = chance(3 + strategy.length)
  return Array.from({ length: count }, (_, n) => {
    const task = tasks[Math.floor(draw() * tasks.length)] ?? { task: 'imdb', group: 'Sentiment' }
    return {
      exampleId: 100 + n * 37,
      score: strategy === 'random' ? null : 0.93 - n * 0.011,
      query: strategy === 'random' ? null : n % 16,
      rank: Math.floor(n / 16) + 1,
      task: task.task,
      group: task.group,
      input: `Given that ${subjects[n % 6]} ${verbs[n % 5]}, does it follow that ${subjects[(n + 1) % 6]} ${verbs[(n + 1) % 5]}? Options: yes, no, it is impossible to say.`,
      outputs: [['yes', 'no', 'it is impossible to say'][n % 3] ?? 'yes'],
      queryText:
        strategy === 'random'
          ? null
          : `Suppose “${subjects[n % 6]} ${verbs[(n + 3) % 5]}”. Can we infer it? Yes, no, or maybe?`
    }
  })
}
