import { describe, expect, test } from 'vitest'
import type { MetricName } from '../../src/main/contract/data.ts'
import { compare } from '../../src/main/evaluation/comparison.ts'
import type { RunAnswers } from '../../src/main/evaluation/comparison-input.ts'

const size = 60
const truth = Array.from({ length: size }, (_, row) => (row % 3 === 0 ? 'no' : 'yes'))
const says = (share: number, wrong = 'perhaps') =>
  truth.map((answer, row) => ((row * 7) % 20 < share * 20 ? answer : wrong))

/** A comparison of zero-shot, random and semantic with what they answer in each of `rounds`. */
function kinds(
  answers: { untuned: string[]; random: string[]; semantic: string[]; bad?: string[] },
  changes: Partial<RunAnswers> = {},
  metric: MetricName = 'em'
) {
  const run = (strategy: RunAnswers['strategy'], round: number, outputs: string[], rest = {}): RunAnswers => ({
    ...{ runId: `${strategy}${round}`, strategy, ablatedGroup: null, round, seconds: 1, loss: null },
    retrieved: strategy === 'zero-shot' ? [] : [round, strategy.length],
    outputs: new Map([['t', outputs]]),
    ...rest
  })
  const rounds = [0, 1, 2, 3]
  const { diagnoses } = compare({
    ...{ subject: { experimentId: 'e' }, name: 'E', metric, metrics: [metric] },
    targets: [{ id: 't', name: 'RTE', references: truth.map((one) => [one]), sourceItems: truth.map((_, row) => row) }],
    runs: [
      run('zero-shot', 0, answers.untuned),
      ...rounds.map((round) =>
        run('random', round, round === 3 ? (answers.bad ?? answers.random) : answers.random, changes)
      ),
      ...rounds.map((round) => run('semantic', round, answers.semantic))
    ]
  })
  return diagnoses
}

const usual = { untuned: says(0.75), random: says(0.8), semantic: says(0.85) }
const kindsOf = (...given: Parameters<typeof kinds>) => kinds(...given).map(({ kind }) => kind)

describe('diagnoses', () => {
  test('of a usual result are none', () => {
    expect(kinds(usual)).toEqual([])
  })
  test('floor: nearly nothing right', () => {
    const [first] = kinds({ untuned: says(0), random: says(0.05, 'x'), semantic: says(0, 'y') })
    expect(first).toMatchObject({ kind: 'floor', targetId: 't', action: 'examples' })
    expect(first!.sentence).toMatch(/^On RTE nearly nothing is right: at most \d\.\d points? of 100\./)
  })
  test('ceiling: nearly everything right', () => {
    expect(kindsOf({ untuned: says(1), random: says(1), semantic: says(1) })).toContain('ceiling')
  })
  test('the common answer beats the model', () => {
    const [first] = kinds({ untuned: says(0.3), random: says(0.35), semantic: says(0.4) })
    expect(first).toMatchObject({ kind: 'common-answer' })
    expect(first!.sentence).toMatch(
      /^On RTE the answer "yes" to every question would score 66\.7, more than any strategy/
    )
  })
  test('queries that are test rows, however they are spaced; others are none', () => {
    const questions = truth.map((_, row) => `Question ${row}?`)
    const asked = (queries: string[]) =>
      compare({
        ...{ subject: { experimentId: 'e' }, name: 'E', metric: 'em', metrics: ['em'] },
        targets: [
          {
            ...{ id: 't', name: 'RTE', inputs: questions, references: truth.map((one) => [one]) },
            sourceItems: truth.map((_, row) => row)
          }
        ],
        runs: [
          {
            ...{ runId: 'r', strategy: 'semantic', ablatedGroup: null, round: 0, seconds: 1, loss: null },
            ...{ retrieved: [1], queries, outputs: new Map([['t', usual.semantic]]) }
          }
        ]
      }).diagnoses.filter(({ kind }) => kind === 'queries-in-test')
    const [found] = asked(['Question 3? ', 'Question 4?', 'Another?'])
    expect(found).toMatchObject({ targetId: 't', action: 'query-sets' })
    expect(found!.sentence).toMatch(/^On RTE 2 of the 3 queries of a round are test rows too\./)
    expect(asked(['Another?'])).toEqual([])
  })
  test('another form than the references: how many would be right', () => {
    const wordy = truth.map((answer) => `The answer is ${answer}!`)
    const format = kinds({ ...usual, random: wordy }).find(({ kind }) => kind === 'format')!
    expect(format.sentence).toBe(
      'On RTE 60 of 60 answers of random hold the right one in another form than the reference: 60 would be right if the form were, not 0.'
    )
    const both = truth.map(() => 'yes or no')
    expect(kindsOf({ ...usual, random: both })).not.toContain('format')
  })
  test('the same answers, the same examples', () => {
    expect(kindsOf({ ...usual, random: usual.semantic })).toContain('same-answers')
    const same = compareRetrieved([1, 2, 3], [3, 2, 1])
    expect(same?.sentence).toBe(
      'random and semantic retrieved the same 3 examples in every round, so they are the same thing here.'
    )
    expect(compareRetrieved([1, 2, 3], [3, 2, 4])).toBeUndefined()
  })
  test('all the gain is on one label', () => {
    const onlyYes = truth.map((answer, row) => (answer === 'yes' ? 'yes' : usual.untuned[row]!))
    const label = kinds({ ...usual, random: onlyYes }).find(({ kind }) => kind === 'one-label')!
    expect(label.sentence).toMatch(
      /^On RTE nearly all that random gains against zero-shot \(\d+\.\d points of \d+\.\d\) is on questions whose answer is "yes"\.$/
    )
  })
  test('a round far from the others', () => {
    const outlier = kinds({ ...usual, bad: says(0.3) }).find(({ kind }) => kind === 'outlier')!
    expect(outlier.sentence).toMatch(/^On RTE round 4 of random scores 30\.0, the others around 80\.0\.$/)
  })
  test.each([
    [{ start: 2.5, least: 2.45, end: 2.48 }, 'loss-flat'],
    [{ start: 2.5, least: 1, end: 2 }, 'loss-rose'],
    [{ start: 2.5, least: 1, end: 1.05 }, undefined]
  ])('the loss: %o is %s', (loss, kind) => {
    expect(kindsOf(usual, { loss })[0]).toBe(kind)
  })
})

function compareRetrieved(random: number[], semantic: number[]) {
  const outputs = (share: number) => new Map([['t', says(share)]])
  const run = (strategy: RunAnswers['strategy'], retrieved: number[], share: number): RunAnswers => ({
    ...{ runId: strategy, strategy, ablatedGroup: null, round: 0, seconds: 1, loss: null },
    ...{ retrieved, outputs: outputs(share) }
  })
  return compare({
    ...{ subject: { experimentId: 'e' }, name: 'E', metric: 'em', metrics: ['em'] },
    targets: [{ id: 't', name: 'RTE', references: truth.map((one) => [one]), sourceItems: truth.map((_, row) => row) }],
    runs: [run('random', random, 0.8), run('semantic', semantic, 0.85)]
  }).diagnoses.find(({ kind }) => kind === 'same-retrieved')
}
