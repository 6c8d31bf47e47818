import type { RunInput } from './tools.ts'

/** The queries that a run retrieves and tunes for, and the upstream rows that it must not see. */
export function tunedFor({
  tuning,
  targets
}: RunInput): Pick<NonNullable<RunInput['tuning']>, 'queries' | 'excludedIds'> {
  if (tuning !== null) return tuning
  return {
    queries: targets.flatMap((target) => target.queries),
    excludedIds: [...new Set(targets.flatMap((target) => target.excludedIds))]
  }
}
