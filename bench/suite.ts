/** One measured figure. `aim` says in words what was hoped for, `holds` whether it was reached; null where there is no aim. */
export interface BenchResult {
  name: string
  value: number
  unit: string
  aim: string | null
  holds: boolean | null
  detail?: string
}

/** A group of measurements that is run by name: `npm run bench -- <name>`. */
export interface BenchSuite {
  name: string
  run(report: (result: BenchResult) => void): Promise<void>
}

/** The middle value; the mean of the two middle ones for an even count. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('median of no values')
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** A figure without an aim. */
export function plain(name: string, value: number, unit: string, detail?: string): BenchResult {
  return { name, value, unit, aim: null, holds: null, ...(detail === undefined ? {} : { detail }) }
}
