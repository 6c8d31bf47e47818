import { describe, expect, test } from 'vitest'
import { placeSettingsSchema } from '../../src/main/contract/places.ts'
import { Pace } from '../../src/main/places/pace.ts'
import { slurmOptionsOf } from '../../src/main/places/slurm-options.ts'

const settings = (more: object = {}) =>
  placeSettingsSchema.parse({ name: 'campus', kind: 'slurm', folder: 'x', ...more })
const unknown = { memoryMegabytes: null, graphics: false }
const needs = (gigabytes: number, graphics: 'no' | 'may' | 'must' = 'no') => ({
  memoryBytes: gigabytes * 1e9,
  graphics
})

describe('what Slurm is asked for', () => {
  test.each([
    ['an estimate, with a quarter to spare, in steps', settings(), needs(6), unknown, 0, 7680],
    ['never very little', settings(), needs(0.01), unknown, 0, 1024],
    ['twice as much after each end for want of memory', settings(), needs(6), unknown, 2, 30_208],
    ['no more than a node has', settings(), needs(60), { ...unknown, memoryMegabytes: 16_000 }, 0, 16_000],
    ['what the owner says', settings({ memoryMegabytes: 2000 }), needs(60), unknown, 0, 2000],
    ['nothing for what needs nothing special', settings(), null, unknown, 0, 0]
  ])('memory: %s', (_, place, wanted, nodes, attempt, memoryMegabytes) => {
    expect(slurmOptionsOf(place, wanted, nodes, { attempt })).toMatchObject({ memoryMegabytes })
  })

  const withGraphics = { memoryMegabytes: null, graphics: true }
  test.each([
    [
      'none for work on the processor, whatever the place gives',
      settings({ gpus: 2 }),
      needs(1, 'no'),
      withGraphics,
      0
    ],
    ['those of the place for work that may use one', settings({ gpus: 1 }), needs(1, 'may'), withGraphics, 1],
    ['none for such work where the owner gives none', settings(), needs(1, 'may'), withGraphics, 0],
    ['one for work that must have one', settings(), needs(1, 'must'), withGraphics, 1],
    ['none where Slurm has none: the job itself says what is missing', settings(), needs(1, 'must'), unknown, 0],
    ['none for a self-test', settings({ gpus: 1 }), null, withGraphics, 0]
  ])('graphics processors: %s', (_, place, wanted, nodes, gpus) => {
    expect(slurmOptionsOf(place, wanted, nodes)).toMatchObject({ gpus })
  })
})

describe('how often a place is looked at', () => {
  /** Looks in so many milliseconds, where something happens at each of them or at none. */
  const looks = (pace: Pace, milliseconds: number, busy: boolean) => {
    let count = 0
    for (let now = 0; now < milliseconds; count++) {
      if (busy) pace.hurry()
      now += pace.next()
    }
    return count
  }

  test('soon after something has happened, and then ever more seldom', () => {
    const pace = new Pace(2000)
    expect(pace.next()).toBe(2000)
    pace.hurry()
    const waits = Array.from({ length: 7 }, () => pace.next())
    expect(waits[0]).toBe(250)
    expect(waits).toEqual(waits.toSorted((a, b) => a - b))
    expect(waits.at(-1)).toBe(2000)
  })

  test('at most twice as often as usual, however much happens', () => {
    expect(looks(new Pace(2000), 600_000, true)).toBeLessThanOrEqual(2 * 300 + 24)
    expect(looks(new Pace(2000), 60_000, false)).toBe(30)
  })

  test('what is asked often anyway stays as it is', () => {
    const pace = new Pace(150)
    pace.hurry()
    expect(pace.next()).toBe(150)
  })
})
