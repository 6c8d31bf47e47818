import { describe, expect, test } from 'vitest'
import { Random } from '../../../src/main/random/random.ts'
import { Seats } from '../../../src/main/engine/inference/seats.ts'

describe('seats', () => {
  test('every input gets one, whatever the order in which the others end, and the room is kept', () => {
    const random = new Random(8)
    for (let round = 0; round < 50; round++) {
      const lengths = Array.from({ length: random.between(1, 40) }, () => random.between(1, 60))
      const limits = { tokens: random.between(1, 300), rows: random.between(1, 12) }
      const seats = new Seats(lengths, limits)
      let open: number[] = []
      const begun: number[] = []
      for (let step = 0; begun.length < lengths.length || open.length > 0; step++) {
        const next = seats.take(open)
        if (open.length === 0) expect(next.length).toBeGreaterThan(0)
        open.push(...next)
        begun.push(...next)
        expect(open.length).toBeLessThanOrEqual(limits.rows)
        const longest = Math.max(...open.map((index) => lengths[index]!))
        if (open.length > 1) expect(open.length * longest).toBeLessThanOrEqual(limits.tokens)
        open = open.filter(() => random.uniform() > 0.3)
        expect(step).toBeLessThan(10_000)
      }
      expect([...begun].sort((a, b) => a - b)).toEqual(lengths.map((_, index) => index))
      expect(begun.map((index) => lengths[index]!)).toEqual([...lengths].sort((a, b) => b - a))
    }
  })

  test('others come in when half of the seats stay free, and not while most are taken or all end soon', () => {
    const seats = new Seats(
      [...new Array<number>(30).keys()].map(() => 10),
      { tokens: 100, rows: 50 }
    )
    const first = seats.take([])
    expect(first).toHaveLength(10)
    const most = first.slice(0, 6)
    for (let step = 0; step < 20; step++) expect(seats.take(most)).toEqual([])
    const few = first.slice(0, 2)
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(() => seats.take(few).length)).toEqual([0, 0, 0, 0, 0, 0, 0, 8])
    expect(seats.take([])).toHaveLength(10)
  })
})
