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

test('kept runs come back row by row, over the borders of their pieces too', () => {
  const kept = new KeptRuns()
  const random = new Random(8)
  const lengths = [0, 3, 700_000, 1, 0, 900_000, 2, ...Array.from({ length: 1500 }, () => random.below(5))]
  let next = 0
  lengths.forEach((length, row) => {
    kept.begin({ id: row + 1, task: row % 7 })
    for (let at = 0; at < length; at++) kept.add(next++)
  })
  let expected = 0
  let rows = 0
  for (const { row, runs } of kept) {
    expect(row).toEqual({ id: rows + 1, task: rows % 7 })
    expect(runs.length).toBe(lengths[rows++])
    if (runs.length > 0) expect([runs[0], runs.at(-1)]).toEqual([expected, expected + runs.length - 1])
    expected += runs.length
  }
  expect(rows).toBe(lengths.length)
})
