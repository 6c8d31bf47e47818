import { join, relative } from 'node:path'
import { afterAll, expect } from 'vitest'
import { collect } from './collect.ts'

/** Loaded before each test file; measures where all tests are run together (test/run.ts). */
const folder = process.env['RECROSS_TEST_MEASURES']
if (folder !== undefined) {
  const { testPath } = expect.getState()
  const report = collect(folder, testPath === undefined ? null : relative(process.cwd(), testPath))
  afterAll(report)
  // What tests start is measured too.
  process.env['NODE_OPTIONS'] = `--require ${JSON.stringify(join(import.meta.dirname, 'child.cjs'))}`
}
