import type { DatasetFile } from '../../contract/dataset-file.ts'
import type { RetrievedExample } from '../../contract/runs.ts'
import type { JobInput } from '../../contract/jobs.ts'
import type { QuestionInput } from '../../contract/questions.ts'
import type { Engine, LoadOptions } from '../../engine/engine.ts'
import type { RetrieveOptions } from '../../retrieval/pipeline.ts'
import type { JobContext } from '../job.ts'

export type RunInput = JobInput<'run-strategy'>
export type RunContext = Pick<
  JobContext<'run-strategy'>,
  'report' | 'curve' | 'log' | 'paused' | 'saveNow' | 'signal' | 'threads' | 'home'
>

/** What a run is made with. */
export interface RunTools {
  loadEngine(options: LoadOptions): Promise<Engine>
  openDataset(path: string): DatasetFile
  retrieve(
    input: QuestionInput<'retrieve'>,
    context: Pick<RunContext, 'log' | 'signal' | 'threads'> & Pick<RetrieveOptions, 'beforePairs'>
  ): Promise<RetrievedExample[]>
  /** A tuning is saved after this many seconds, and never more often than costs a twentieth of the time. */
  secondsBetweenCheckpoints: number
  /** Test rows that are answered together; what a kill can lose of an evaluation. */
  rowsPerChunk: number
}
