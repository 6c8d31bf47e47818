import fc from 'fast-check'
import { expect, test } from 'vitest'
import { axisMarks, besideBar, textWidth } from '../../../src/renderer/src/parts/chart-labels.ts'

const place = fc.double({ min: 0, max: 1, noNaN: true })

test('a bar’s label lies inside the chart and beside its bar, or nowhere', () => {
  fc.assert(
    fc.property(
      place,
      place,
      fc.integer({ min: 60, max: 2000 }),
      fc.string({ maxLength: 40 }),
      (a, b, length, text) => {
        const room = { from: 190, to: 190 + length }
        const [from, to] = [Math.min(a, b), Math.max(a, b)].map((share) => room.from + share * length) as [
          number,
          number
        ]
        const width = textWidth(text, 12)
        const label = besideBar({ from, to }, width, room)
        if (label === null) {
          // Only where there is no room on either side.
          expect(to + 12 + width).toBeGreaterThan(room.to)
          expect(from - 12 - width).toBeLessThan(room.from)
          return
        }
        const [left, right] = label.anchor === 'start' ? [label.x, label.x + width] : [label.x - width, label.x]
        expect(left).toBeGreaterThanOrEqual(room.from)
        expect(right).toBeLessThanOrEqual(room.to)
        expect(right <= from || left >= to).toBe(true)
      }
    ),
    { numRuns: 500 }
  )
})

test('marks of an axis lie within it, evenly, with room for their words, and zero is one of them where it is inside', () => {
  const value = fc.double({ min: -1000, max: 1000, noNaN: true })
  const span = fc.double({ min: 1e-3, max: 2000, noNaN: true })
  fc.assert(
    fc.property(value, span, fc.integer({ min: 120, max: 2000 }), (low, wide, length) => {
      const high = low + wide
      const marks = axisMarks([low, high], length)
      const at = (mark: number): number => ((mark - low) / (high - low)) * length
      for (const mark of marks) {
        expect(at(mark)).toBeGreaterThanOrEqual(-0.01)
        expect(at(mark)).toBeLessThanOrEqual(length + 0.01)
      }
      for (const [n, mark] of marks.slice(1).entries()) expect(at(mark) - at(marks[n]!)).toBeGreaterThan(47)
      if (low <= 0 && high >= 0) expect(marks.some((mark) => mark === 0)).toBe(true)
      expect(marks.length).toBeLessThanOrEqual(length / 47 + 1)
    }),
    { numRuns: 500 }
  )
})
