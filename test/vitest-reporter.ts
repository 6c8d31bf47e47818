import { writeFileSync } from 'node:fs'
import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** One test as test/run.ts counts it. */
export interface Counted {
  name: string
  state: 'passed' | 'failed' | 'skipped'
  /** Why it was skipped. */
  reason: string
  /** The file that it stands in, where a runner can be asked for that one again. */
  file?: string | undefined
}

/** Writes every test with its state, and why it was skipped, to the file named in RECROSS_TEST_RESULTS. */
export default class CountingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const path = process.env['RECROSS_TEST_RESULTS']
    if (path === undefined) return
    const counted: Counted[] = errors.map((error) => ({
      name: `unhandled error: ${messageOf(error)}`,
      state: 'failed',
      reason: '',
      file: (error as { VITEST_TEST_PATH?: string } | null)?.VITEST_TEST_PATH
    }))
    for (const module of modules) counted.push(...countModule(module))
    writeFileSync(path, JSON.stringify(counted))
  }
}

function countModule(module: TestModule): Counted[] {
  const file = module.relativeModuleId
  const broken = module
    .errors()
    .map(({ message }) => ({ name: `${file}: ${message}`, state: 'failed' as const, reason: '', file }))
  const tests = [...module.children.allTests()].map((test): Counted => {
    const result = test.result()
    const state = result.state === 'pending' ? 'failed' : result.state
    const reason = result.state === 'skipped' ? (result.note ?? reasonOf(test)) : ''
    return { name: `${file} > ${test.fullName}`, state, reason, file }
  })
  return [...broken, ...tests]
}

/** Errors come from other processes, where they were instances of classes that this one does not have. */
function messageOf(error: unknown): string {
  const { message } = (error ?? {}) as { message?: unknown }
  return typeof message === 'string' ? message : JSON.stringify(error)
}

/** What needs() has noted on the test or on a group around it. */
function reasonOf(test: TestCase): string {
  let { parent } = test
  let { reason } = test.meta()
  while (reason === undefined && parent.type === 'suite') {
    reason = parent.meta().reason
    parent = parent.parent
  }
  return reason ?? ''
}
