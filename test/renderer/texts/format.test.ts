import { expect, test } from 'vitest'
import * as format from '../../../src/renderer/src/texts/format.ts'

test.each([
  [0.2, 'under a second'],
  [40, '40 s'],
  [89.6, '90 s'],
  [720, '12 min'],
  [12_000, '3 h 20 min'],
  [7200, '2 h'],
  [200_000, '2 days']
])('%s seconds are %s', (seconds, words) => expect(format.duration(seconds)).toBe(words))

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1500, '1.5 KB'],
  [142_000_000, '142 MB'],
  [1_625_000_000, '1.6 GB']
])('%s bytes are %s', (bytes, words) => expect(format.bytes(bytes)).toBe(words))

test.each([
  [3.21, '+3.2'],
  [-3.21, '−3.2'],
  [0.04, '±0.0'],
  [-0.04, '±0.0'],
  [1644.2, '+1,644.2']
])('a difference of %s is %s', (value, words) => expect(format.signed(value)).toBe(words))

test.each([
  [0, '0 %'],
  [0.004, '<1 %'],
  [0.37, '37 %'],
  [1, '100 %']
])('a share of %s is %s', (share, words) => expect(format.percent(share)).toBe(words))

test.each([
  [1.28412, '1.284'],
  [6e-6, '6.0e−6'],
  [0, '0']
])('the figure %s is %s', (value, words) => expect(format.figure(value)).toBe(words))

test.each([
  [0.34, 'steps', '20.4 steps/min'],
  [153, 'examples', '153 examples/s'],
  [2769, 'examples', '2,769 examples/s']
])('a rate of %s', (rate, unit, words) => expect(format.rate(rate, unit)).toBe(words))

test('a long text is cut on one line', () => {
  expect(format.excerpt('one\n two   three', 100)).toBe('one two three')
  expect(format.excerpt('abcdefghij', 5)).toBe('abcd…')
})
