import { LabError } from '../../contract/error.ts'
import type { ExperimentSpec } from '../../contract/experiments.ts'

/** What another program computed is here as answers only. Throws `computed-elsewhere` for it. */
export function requireOwn({ name, foreign }: ExperimentSpec): void {
  if (!foreign) return
  throw new LabError(
    'computed-elsewhere',
    `"${name}" was computed by another program (${foreign.model}): its answers can be compared, judged by other rules and exported, but nothing of it can be computed or used here.`
  )
}
