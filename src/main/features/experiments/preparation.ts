import { isTuned } from '../../contract/strategies.ts'
import { checkLeaks } from '../datasets/leak-checks.ts'
import { buildIndex } from '../indices/build.ts'
import type { Services } from '../services.ts'
import type { NeededIndex } from './needed-indices.ts'
import type { ResolvedSpec } from './resolve.ts'

type Preparing = Pick<Services, 'home' | 'store' | 'jobs'>

/** What runs wait for goes before other work of the queue. */
const priority = 10

/**
 * Whether the experiment still waits to learn which upstream rows are a target's own data. Asks for every look that nobody
 * has taken and that is not under way.
 */
export function waitsForLeakChecks(
  services: Preparing,
  experimentId: string,
  { spec, dataset, targets, tuneFor }: ResolvedSpec
): boolean {
  if (!spec.retrieval.withoutLeaks || !spec.strategies.some(isTuned)) return false
  const asked = tuneFor === null ? targets : [...targets, tuneFor]
  const byId = new Map(asked.map((one) => [one.target.id, one]))
  const open = [...byId.values()].filter(({ leaks }) => leaks === null)
  for (const { target } of open) checkLeaks(services, target.id, dataset.id, { experimentId, priority })
  return open.length > 0
}

/** The index of a run: what is there, or the job that builds it, started once however many runs and experiments wait for it. `place`: where it is built; null: here. */
export function requireIndex(
  services: Preparing,
  experimentId: string,
  { indexId, request }: NeededIndex,
  place: string | null
): { indexId: string; jobId: string | null } {
  if (indexId !== null) return { indexId, jobId: null }
  const made = buildIndex(services, request, { experimentId, priority, place })
  return { indexId: made.indexId, jobId: made.job.id }
}
