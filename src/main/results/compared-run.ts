import type { Column } from '../contract/comparison.ts'
import type { Run } from '../contract/runs.ts'

/** A run as part of a comparison. `source` is set where runs of several experiments are compared. */
export type ComparedRun = Omit<Run, 'variant'> & Pick<Column, 'source' | 'variant'>

/** Where the folder of a run lies. */
export type RunFolders = (runId: string) => string
