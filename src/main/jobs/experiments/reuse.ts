import type { Run } from '../../contract/experiments.ts'
import { existsSync } from 'node:fs'
import type { HomeFolder } from '../../store/home.ts'
import type { Store } from '../../store/store.ts'
import type { PreparedRun } from './run-inputs.ts'

/** A finished run that computed the same thing for the same targets, and still has its answers. */
export function reusableRun(
  run: Pick<PreparedRun, 'fingerprint' | 'planned'>,
  store: Store,
  home: HomeFolder
): Run | null {
  const found = store.runs.findFinished(run.fingerprint)
  if (!found) return null
  const sameTargets = run.planned.targetIds.join() === found.targetIds.join()
  const complete = found.targetIds.every((id) => existsSync(home.answers(found.id, id)))
  return sameTargets && complete ? found : null
}
