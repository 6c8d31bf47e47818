import type { RunFolder } from '../../run-files/run-folder.ts'
import type { RunClock } from './clock.ts'
import type { RunContext, RunInput, RunTools } from './tools.ts'

/** What every phase of a run works with. */
export interface RunSession {
  input: RunInput
  folder: RunFolder
  clock: RunClock
  tools: RunTools
  context: RunContext
}
