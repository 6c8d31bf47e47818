/** Runs of words by their hashes: against the plain rule, written once more the slow way, on texts of every kind. */
import { expect, test } from 'vitest'
import { Shingler } from '../../src/main/data/shingles.ts'
import { KeptRuns } from '../../src/main/data/kept-runs.ts'
import { Random } from '../../src/main/random/random.ts'

const ranges = [
  [32, 127],
  [32, 127],
  [0xa0, 0x250],
  [0x3040, 0x30ff],
  [0x4e00, 0x4f00],
  [0x2000, 0x2070],
  [0, 32]
] as const

function randomText(random: Random, length: number): string {
  return Array.from({ length }, () => {
    const [from, to] = ranges[random.below(ranges.length)]!
    return random.uniform() < 0.2 ? ' ' : String.fromCharCode(random.between(from, to - 1))
  }).join('')
}

/** The words as the rule says: letters and digits, beyond ASCII all but general punctuation, each East Asian character alone. */
const wordsOf = (text: string): string[] =>
  text.toLowerCase().match(/[a-z0-9\u00c0-\u1fff\u2070-\u2e7f]+|[\u2e80-\uffff]/g) ?? []

test('a text has as many runs as its words make, and equal runs have equal hashes wherever they stand', () => {
  const random = new Random(4)
  const shingler = new Shingler()
  const byRun = new Map<string, number>()
  for (let round = 0; round < 3000; round++) {
    const text = randomText(random, round % 100 === 0 ? 4000 : random.between(0, 80))
    const words = wordsOf(text)
    const hashes = shingler.hash(text, 3)
    expect(hashes.length, JSON.stringify(text)).toBe(words.length === 0 ? 0 : Math.max(1, words.length - 2))
    if (words.length < 3) continue
    hashes.forEach((hash, at) => {
      const run = words.slice(at, at + 3).join(' ')
      expect(byRun.get(run) ?? hash).toBe(hash)
      byRun.set(run, hash)
    })
  }
  expect(new Set(byRun.values()).size).toBeGreaterThan(byRun.size * 0.999)
  expect([...shingler.hash('One two, THREE four')]).toEqual([...shingler.hash('one  two three ... four')])
})

test('kept runs come back row by row, and narrowed ones too, over the borders of their pieces', () => {
  const random = new Random(8)
  const lengths = [0, 3, 700_000, 1, 0, 900_000, 2, ...Array.from({ length: 1500 }, () => random.below(5)), 0, 0]
  const kept = new KeptRuns(lengths.length)
  let next = 0
  const rows = lengths.map((length, row) => {
    // A row that has none need not be begun.
    if (length > 0 || row % 2 === 0) kept.begin(row)
    const first = next
    for (let at = 0; at < length; at++) kept.add(next++)
    return { first, length }
  })
  const chosen: number[][] = []
  const seen = [
    ...kept.narrow((row, runs) => {
      const { first, length } = rows[row]!
      expect(runs.length).toBe(length)
      expect([runs[0], runs.at(-1)]).toEqual([first, first + length - 1])
      const some = runs.filter((_, at) => at % 3 === row % 3).slice(0, 400_000)
      chosen[row] = [some.length, some[0] ?? -1, some.at(-1) ?? -1]
      return some
    })
  ]
  expect(seen).toEqual(lengths.map((_, row) => row))
  const buffer = new Uint32Array(500_000)
  lengths.forEach((_, row) => {
    const length = kept.copy(row, buffer)
    expect([length, ...(length > 0 ? [buffer[0], buffer[length - 1]] : [-1, -1])]).toEqual(chosen[row] ?? [0, -1, -1])
  })
})
