import { writeFileSync } from 'node:fs'
import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** One test as test/run.ts counts it. */
export interface Counted {
  name: string
  state: 'passed' | 'failed' | 'skipped'
  /** Why it was skipped. */
  reason: string
}

/** Writes every test with its state, and why it was skipped, to the file named in RECROSS_TEST_RESULTS. */
export default class CountingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const path = process.env['RECROSS_TEST_RESULTS']
    if (path === undefined) return
    const counted: Counted[] = errors.map((error) => ({
      name: `unhandled error: ${error instanceof Error ? error.message : JSON.stringify(error)}`,
      state: 'failed',
      reason: ''
    }))
    for (const module of modules) counted.push(...countModule(module))
    writeFileSync(path, JSON.stringify(counted))
  }
}

function countModule(module: TestModule): Counted[] {
  const file = module.relativeModuleId
  const broken = module
    .errors()
    .map(({ message }) => ({ name: `${file}: ${message}`, state: 'failed' as const, reason: '' }))
  const tests = [...module.children.allTests()].map((test): Counted => {
    const result = test.result()
    const state = result.state === 'pending' ? 'failed' : result.state
    const reason = result.state === 'skipped' ? (result.note ?? reasonOf(test)) : ''
    return { name: `${file} > ${test.fullName}`, state, reason }
  })
  return [...broken, ...tests]
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
