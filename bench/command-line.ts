import type { BenchResult } from './suite.ts'

/** A suite's file, loaded only when it is asked for. */
export type Load<Options> = () => Promise<{
  suite: { run(report: (result: BenchResult) => void, options: Options): Promise<void> }
}>

/**
 * Runs the suites that `arguments_` name and prints what they report: a line each, or one JSON array with `--json`; with `--smoke` on
 * small sizes, where no aim is judged. A suite that throws is a figure that does not hold, and the process then ends with 1.
 * Ends the process with 2 when a name is not known.
 */
export async function runSuites<Options>(
  command: string,
  suites: Readonly<Record<string, readonly Load<Options>[]>>,
  arguments_: readonly string[],
  options: Options
): Promise<void> {
  const names = arguments_.filter((argument) => !argument.startsWith('--'))
  const json = arguments_.includes('--json')
  const smoke = arguments_.includes('--smoke')
  // Before any suite is loaded: their sizes are read once.
  if (smoke) process.env['RECROSS_BENCH_SMOKE'] = '1'
  const unknown = names.filter((name) => !(name in suites))
  if (names.length === 0 || unknown.length > 0) {
    const said = unknown.length > 0 ? `There is no suite "${unknown.join('", "')}". ` : ''
    process.stderr.write(`${said}Usage: npm run ${command}\nSuites: ${Object.keys(suites).join(', ')}\n`)
    process.exit(2)
  }
  // Whoever reads the first lines alone, as `head` does, has what they wanted.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
  const results: BenchResult[] = []
  for (const load of names.flatMap((name) => suites[name]!)) {
    const take = (result: BenchResult) => {
      results.push(result)
      if (!json) process.stdout.write(`${line(result)}\n`)
    }
    try {
      const { suite } = await load()
      await suite.run((measured) => take(smoke ? { ...measured, holds: null } : measured), options)
    } catch (thrown) {
      // What was measured before is not lost, and the next suite may do better.
      process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`)
      take({ name: 'the suite comes to its end', value: 0, unit: '', aim: '1', holds: false, detail: String(thrown) })
      process.exitCode = 1
    }
  }
  if (!json) return
  const plain = results.map(({ name, value, unit, aim, holds, detail }) => ({ name, value, unit, aim, holds, detail }))
  process.stdout.write(`${JSON.stringify(plain, null, 2)}\n`)
}

function line({ name, value, unit, aim, holds, detail }: BenchResult): string {
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3))
  const judged = holds === null ? 'not judged' : holds ? 'holds' : 'MISSED'
  const verdict = aim === null ? '' : `  (aim ${aim}: ${judged})`
  return `${name}: ${rounded} ${unit}${verdict}${detail === undefined ? '' : `  ${detail}`}`
}
