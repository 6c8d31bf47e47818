import { openDataset } from '../data/dataset.ts'
import { loadEngine } from '../engine/load.ts'
import { defineJob } from './job.ts'
import { retrieveOnce } from './retrieving.ts'
import { runStrategy } from './run/run-strategy.ts'
import type { RunTools } from './run/tools.ts'

/** One run of an experiment: retrieve, tune, evaluate, in the run's own folder. */
export const job = defineJob({
  kind: 'run-strategy',
  run: ({ input, folder, ...context }) => runStrategy(input, folder, runTools, context)
})

/** Exported for tests, which cut runs into smaller pieces. */
export const runTools: RunTools = {
  loadEngine,
  openDataset,
  secondsBetweenCheckpoints: 30,
  rowsPerChunk: 128,
  retrieve: retrieveOnce
}
