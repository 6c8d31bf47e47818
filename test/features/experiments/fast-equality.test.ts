import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  fastTuning,
  isEqual,
  sentenceOf,
  whatFastTuningKeeps,
  type FastComparison,
  type TuningMethod
} from '../../../src/main/features/experiments/fast-equality.ts'

const one = (change: Partial<FastComparison>): FastComparison => ({
  ...{ data: 'demo', rounds: 10, targets: 4, difference: 0, interval: [-0.5, 0.5], otherwise: null },
  ...change
})

test('equal means the whole interval within one point; what is not certain or not tested is said', () => {
  expect(isEqual(one({ interval: [-1, 1] }))).toBe(true)
  for (const interval of [
    [-1.01, 0],
    [0, 1.01],
    [NaN, 1]
  ] as const)
    expect(isEqual(one({ interval }))).toBe(false)
  expect(sentenceOf('full', [])).toBe('That scores of models tuned so with all weights are equal is not shown')
  expect(sentenceOf('lora', [one({})])).toBe(
    'Tuned so with LoRA, scores on the demo were equal within one point on average over the tasks, by the lab’s own test; for other models and data that is not shown'
  )
  expect(sentenceOf('last-blocks', [one({}), one({ data: 'real rows', interval: [-1.4, 0.25] })])).toBe(
    'Tuned so in the last blocks, scores on the demo were equal within one point on average over the tasks, by the lab’s own test; on real rows that was not certain (−1.40 to +0.25 points); for other models and data that is not shown'
  )
  expect(sentenceOf('full', [one({ data: 'real rows', interval: [-1.4, 0.2] })])).toBe(
    'That scores of models tuned so with all weights are equal is not shown; on real rows that was not certain (−1.40 to +0.20 points)'
  )
  expect(sentenceOf('lora', [one({ otherwise: 'when it was raining' })])).toContain(
    'the demo (when it was raining) were'
  )
})

test('docs/performance.md has the comparisons that the plan’s sentences are made of', () => {
  const documents = readFileSync(join(import.meta.dirname, '../../../docs/performance.md'), 'utf8')
  const table = /\| tuned fast.*?\n\n/s.exec(documents)?.[0].trim().split('\n').slice(2) ?? []
  const titles: Record<TuningMethod, string> = { lora: 'LoRA', full: 'all weights', 'last-blocks': 'last blocks' }
  const rows = (Object.keys(titles) as TuningMethod[]).flatMap((method) =>
    fastTuning[method].map((found) => {
      const { data, rounds, targets, difference, interval, otherwise } = found
      const points = [difference, ...interval].map((value) => value.toFixed(2).replace('-', '−'))
      const equal = `${isEqual(found) ? 'yes' : 'not certain'}${otherwise === null ? '' : `, ${otherwise}`}`
      return `| ${titles[method]} | ${data} | ${rounds} × ${targets} | ${points[0]} | ${points[1]} to ${points[2]} | ${equal} |`
    })
  )
  expect(table).toEqual(rows)
  expect(rows.length).toBeGreaterThan(0)
  for (const method of Object.keys(titles) as TuningMethod[])
    if (fastTuning[method].length === 0) expect(whatFastTuningKeeps(method)).toContain('is not shown')
})
