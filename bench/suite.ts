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

/** A figure without an aim. */
export function plain(name: string, value: number, unit: string, detail?: string): BenchResult {
  return { name, value, unit, aim: null, holds: null, ...(detail === undefined ? {} : { detail }) }
}

/** How long this takes. */
export async function milliseconds(work: () => unknown): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}
