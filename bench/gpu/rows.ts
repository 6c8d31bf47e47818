import { plain, type BenchResult } from '../suite.ts'

/** A row that has no figure, and says why. */
export function missing(name: string, what: 'not measured', why: string): BenchResult {
  return { name, value: NaN, unit: '', aim: null, holds: null, detail: `${what}: ${why}` }
}

export function atLeast(name: string, value: number, least: number, detail?: string): BenchResult {
  return { ...plain(name, value, '×', detail), aim: `at least ${least}`, holds: value >= least }
}

export function atMost(name: string, value: number, most: number, detail?: string): BenchResult {
  return { ...plain(name, value, '', detail), aim: `at most ${most}`, holds: value <= most }
}

/** Behind a step in half precision: what it gains of the time of the same step in fp32, which an earlier row told. */
export function halfGain({ name, value }: BenchResult, seen: ReadonlyMap<string, number>): BenchResult | null {
  const step = /^(step, .*, WebGPU) fp16 mixed precision$/.exec(name)?.[1]
  const exact = seen.get(`${step} fp32`)
  return exact === undefined || Number.isNaN(value)
    ? null
    : atLeast(`${step} fp32 / fp16`, exact / value, 1, 'of the time')
}
