import { expect, test } from 'vitest'
import { precisionWarnings } from '../../../src/main/features/experiments/plan-warnings.ts'
import { specOf } from './spec.ts'

const of = (tuned: 'fp32' | 'fast' | 'half', answered: 'fp32' | 'fast'): string[] => {
  const { tune, evaluation } = specOf()
  return precisionWarnings({
    tune: { ...tune, precision: tuned },
    evaluation: { ...evaluation, precision: answered }
  })
}

test('a plan says what rounded products may change, and that half precision has not been tested', () => {
  expect(of('fp32', 'fp32')).toEqual([])
  expect(of('fast', 'fp32')).toEqual([expect.stringMatching(/8 bits.*compare runs of the same precision\.$/)])
  expect(of('half', 'fp32')).toEqual([
    expect.stringMatching(/16 bits.*has not been tested: compare runs of the same precision\.$/)
  ])
  expect(of('half', 'fast')).toHaveLength(2)
})
