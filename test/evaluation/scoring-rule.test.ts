import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ScoringRule } from '../../src/main/contract/scoring-rule.ts'
import { breakDown, otherAnswer } from '../../src/main/evaluation/breakdown.ts'
import { judgeOf, noLabel } from '../../src/main/evaluation/scoring-rule.ts'

const isRight = (rule: ScoringRule, output: string, ...references: string[]): boolean => {
  const judged = judgeOf(rule)(output, references)
  return judged.references.includes(judged.output)
}
const number = (tolerance = 0, relative = false): ScoringRule => ({ kind: 'number', tolerance, relative })
const pattern = (text: string): ScoringRule => ({ kind: 'pattern', pattern: text, ignoreCase: true })
const contains = (wholeWords: boolean): ScoringRule => ({ kind: 'contains', wholeWords })
const labels: ScoringRule = { kind: 'labels', labels: { yes: ['true', 'correct'], no: ['false', 'not true'] } }

describe('a rule judges', () => {
  test.each<[string, ScoringRule, string, string[], boolean]>([
    ['a word in a sentence', contains(true), 'It is a Cat.', ['cat'], true],
    ['a part of a word', contains(true), 'category', ['cat'], false],
    ['a part of a word, where parts count', contains(false), 'category', ['cat'], true],
    ['words with signs', contains(true), 'in C++ (2020)', ['C++'], true],
    ['an empty right answer', contains(true), 'anything', [''], false],
    ['any of several', contains(true), 'a dog', ['cat', 'dog'], true],
    ['a group', pattern('answer is (\\w+)'), 'The answer is Paris, France', ['paris'], true],
    ['another group', pattern('answer is (\\w+)'), 'The answer is Rome', ['paris'], false],
    ['a group that finds nothing', pattern('answer is (\\w+)'), 'Paris', ['paris'], false],
    ['the right answer in a place', pattern('^{answer}\\b'), 'a.b rest', ['a.b'], true],
    ['the right answer as it stands', pattern('^{answer}\\b'), 'axb rest', ['a.b'], false],
    ['a form alone', pattern('^\\d+$'), '12', ['7'], true],
    ['the last number', number(), '3 + 4 = 7', ['7'], true],
    ['thousands', number(), 'about 1,234.5 in all', ['1234.5'], true],
    ['a range', number(), '3-4', ['4'], true],
    ['a point first', number(), 'x=.5', ['0.5'], true],
    ['a minus of print', number(), '−3', ['-3'], true],
    ['no number', number(1), 'none', ['3'], false],
    ['a tolerance', number(0.1), '0.3', ['0.2'], true],
    ['beyond it', number(0.1), '0.31', ['0.2'], false],
    ['a share', number(0.05, true), '105', ['100'], true],
    ['beyond that', number(0.05, true), '106', ['100'], false],
    ['a word for a label', labels, 'That is correct.', ['yes'], true],
    ['the longer of two words', labels, 'not true at all', ['no'], true],
    ['the first of two labels', labels, 'no, not yes', ['no'], true],
    ['no label', labels, 'maybe', ['yes'], false]
  ])('%s', (_name, rule, output, references, right) => {
    expect(isRight(rule, output, ...references)).toBe(right)
  })

  test('what has no label is named as such, and questions without right answers stay without', () => {
    expect(judgeOf(labels)('maybe', ['yes']).output).toBe(noLabel)
    for (const rule of [labels, number(), contains(true), pattern('x')])
      expect(judgeOf(rule)('x', []).references).toEqual([])
  })

  test('a broken expression is refused in words', () => {
    expect(() => judgeOf(pattern('(('))).toThrow(/no regular expression/)
  })

  test('every right answer contains itself, and is as near to itself as any tolerance', () => {
    fc.assert(
      fc.property(fc.string(), fc.double({ noNaN: true, min: -1e100, max: 1e100 }), (text, value) => {
        if (text.trim() !== '') expect(isRight(contains(false), text, text)).toBe(true)
        expect(isRight(number(), String(value), String(value))).toBe(true)
        const other = value * 1.01 + (value < 0 ? -1 : 1)
        expect(isRight(number(), `it is ${other}`, String(value))).toBe(false)
        expect(isRight(number(0.02, true), `it is ${value * 1.01}`, String(value))).toBe(true)
      })
    )
  })
})

describe('a breakdown', () => {
  const row = (truth: string, output: string, length = 10, template: string | null = null) => ({
    input: 'x'.repeat(length),
    template,
    references: [truth],
    output
  })

  test('counts confusions, and what scikit-learn says of every label', () => {
    const rows = [row('a', 'a'), row('a', 'A '), row('a', 'b'), row('b', 'b'), row('b', 'zebra'), row('a', 'a')]
    const { confusion, labels: names, perLabel } = breakDown(rows)
    expect(names).toEqual(['a', 'b', otherAnswer])
    expect(confusion).toEqual([
      [3, 1, 0],
      [0, 1, 1]
    ])
    // precision_recall_fscore_support(['a','a','a','b','b','a'], ['a','a','b','b','z','a'], labels=['a','b'])
    expect(perLabel[0]).toMatchObject({ label: 'a', rows: 4, precision: 100, recall: 75 })
    expect(perLabel[0]!.f1).toBeCloseTo(85.714, 3)
    expect(perLabel[1]).toEqual({ label: 'b', rows: 2, precision: 50, recall: 50, f1: 50 })
  })

  test('holds every row once, whatever the answers are', () => {
    const label = fc.constantFrom('a', 'b', 'c')
    const rows = fc.array(fc.record({ truth: label, output: fc.oneof(label, fc.string()), length: fc.nat(50) }), {
      minLength: 6
    })
    fc.assert(
      fc.property(rows, (drawn) => {
        const parts = breakDown(drawn.map(({ truth, output, length }) => row(truth, output, length)))
        expect(parts.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(drawn.length)
        expect(parts.lengths.reduce((sum, { rows: count }) => sum + count, 0)).toBe(drawn.length)
      })
    )
  })

  test('tells prompts apart, the best first', () => {
    const rows = [row('a', 'a', 5, 'p'), row('a', 'b', 5, 'q'), row('b', 'b', 5, 'q'), row('a', 'a', 5, 'p')]
    expect(breakDown(rows).templates).toEqual([
      { template: 'p', rows: 2, score: 100 },
      { template: 'q', rows: 2, score: 50 }
    ])
    expect(breakDown([row('a', 'a'), row('a', 'a')]).templates).toEqual([])
  })

  test('does not take free answers for labels', () => {
    expect(breakDown(['x', 'y', 'z'].map((text) => row(text, text))).labels).toBeNull()
  })
})
