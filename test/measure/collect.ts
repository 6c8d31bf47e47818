import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What one process did: the functions of ours that it entered, and the processor time that it and its ended children took. */
export interface Measured {
  /** The test file; null: a process that a test has started. */
  test: string | null
  seconds: number
  /**
   * By path below the repository: which of its functions were entered. They are told by their names, as tests and processes that tests start
   * read a source in two forms, in which nothing stands at the same place.
   */
  files: Record<string, { entered: string[]; all: string[] }>
}

const root = join(import.meta.dirname, '..', '..')

/**
 * Starts to count in this process. Functions, not branches, and only whether they were entered: that costs next to nothing, so
 * it is on in every run of all tests.
 *
 * @param folder where the report goes
 * @returns writes the report
 */
export function collect(folder: string, test: string | null): () => void {
  const session = new Session()
  session.connect()
  const post = <T>(method: string, parameters = {}): T => {
    let result: T | undefined
    // The inspector of one's own thread answers at once.
    session.post(method, parameters, (_error: Error | null, answer?: object) => (result = answer as T))
    return result as T
  }
  post('Profiler.enable')
  post('Profiler.startPreciseCoverage', { callCount: false, detailed: false })
  const before = told.recrossToldSeconds ?? 0
  return () => {
    const { result } = post<{ result: Script[] }>('Profiler.takePreciseCoverage')
    const now = seconds()
    told.recrossToldSeconds = now
    const report: Measured = { test, seconds: now - before, files: filesOf(result) }
    writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(report))
  }
}

/** What earlier files took in this process: those of components share one, and load this module once or anew. */
const told = globalThis as { recrossToldSeconds?: number }

interface Script {
  url: string
  functions: { functionName: string; ranges: { startOffset: number; endOffset: number; count: number }[] }[]
}

/** How vitest writes an export, ahead of the module's own functions. */
const exported = 'get'

function filesOf(scripts: readonly Script[]): Measured['files'] {
  const files: Measured['files'] = {}
  for (const { url, functions } of scripts) {
    const path = (url.startsWith('file:') ? fileURLToPath(url) : url).split('?')[0]!
    if (!path.startsWith(join(root, 'src'))) continue
    const file = (files[path.slice(root.length + 1)] ??= { entered: [], all: [] })
    const named = functions
      .flatMap(({ functionName: name, ranges: [range] }) =>
        range === undefined || name === '' ? [] : [{ name, ...range }]
      )
      .sort((a, b) => a.startOffset - b.startOffset)
    const own = named.findIndex(({ name }) => name !== exported)
    for (const { name, count } of own < 0 ? [] : named.slice(own)) {
      file.all.push(name)
      if (count > 0) file.entered.push(name)
    }
  }
  return files
}

function seconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6 + ofChildren()
}

/** Processor time of children that have ended and were waited for; Linux tells it, in hundredths of a second. */
function ofChildren(): number {
  try {
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]!.split(' ')
    return (Number(fields[13]) + Number(fields[14])) / 100
  } catch {
    return 0
  }
}
