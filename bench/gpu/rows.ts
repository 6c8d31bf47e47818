import { plain, type BenchResult } from '../suite.ts'

/** A row that has no figure, and says why. */
export function missing(name: string, what: 'not measured' | 'not implemented', why: string): BenchResult {
  return { name, value: NaN, unit: '', aim: null, holds: null, detail: `${what}: ${why}` }
}

export function atLeast(name: string, value: number, least: number, detail?: string): BenchResult {
  return { ...plain(name, value, '×', detail), aim: `at least ${least}`, holds: value >= least }
}

export function atMost(name: string, value: number, most: number, detail?: string): BenchResult {
  return { ...plain(name, value, '', detail), aim: `at most ${most}`, holds: value <= most }
}
