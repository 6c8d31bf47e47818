import { describe, expect, test } from 'vitest'
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

describe('in German', () => {
  const german = format.formatOf('de')
  const narrow = '\u202f'

  test('decimals have a comma, thousands a narrow space, and no digit is lost', () => {
    const english = format.formatOf('en')
    expect(german.count(1_234_567)).toBe(`1${narrow}234${narrow}567`)
    expect(german.signed(1644.2)).toBe(`+1${narrow}644,2`)
    for (const value of [0, 0.04, 3.21, 9.96, 42.5, 1234.5, 87_654.3]) {
      for (const sign of [1, -1]) {
        const [de, en] = [german.signed(sign * value, 3), english.signed(sign * value, 3)]
        expect(de.replaceAll(narrow, '').replace(',', '.')).toBe(en.replaceAll(',', ''))
        expect(german.fixed(sign * value, 2)).toBe(english.fixed(sign * value, 2).replace('.', ','))
      }
    }
  })

  test.each([
    ['bytes', german.bytes(0), '0 Byte'],
    ['bytes', german.bytes(1500), '1,5 KB'],
    ['bytes', german.bytes(142_000_000), '142 MB'],
    ['a large number', german.short(139_420_416), '139 Mio.'],
    ['a large number', german.short(12_345), '12,3 Tsd.'],
    ['a large number', german.short(2.85e9), '2,9 Mrd.'],
    ['a duration', german.duration(0.2), 'unter 1 s'],
    ['a duration', german.duration(12_000), '3 h 20 min'],
    ['a duration', german.duration(200_000), '2 Tage'],
    ['a share', german.percent(0.004), '<1 %'],
    ['a score', german.score(54.26), '54,3'],
    ['a rate', german.rate(0.34, 'Schritte'), '20,4 Schritte/min'],
    ['a rate', german.rate(2769, 'Beispiele'), `2${narrow}769 Beispiele/s`],
    ['a figure', german.figure(1.28412), '1,284'],
    ['a figure', german.figure(6e-6), '6,0e−6'],
    ['a p value', german.pValue(0.0321), 'p = 0,032'],
    ['a p value', german.pValue(0.0001), 'p < 0,001'],
    ['a day', german.dateTime('2026-11-27T10:00:00'), '27. Nov., 10:00'],
    ['a time', german.timeOfDay('2026-11-27T10:00:05'), '10:00:05'],
    ['a heading in a line', german.inLine('Schranke'), 'Schranke']
  ])('%s', (_what, written, words) => expect(written).toBe(words))
})

test('English headings go on in small letters', () => expect(format.inLine('Gate')).toBe('gate'))

test('a long text is cut on one line', () => {
  expect(format.excerpt('one\n two   three', 100)).toBe('one two three')
  expect(format.excerpt('abcdefghij', 5)).toBe('abcd…')
})
