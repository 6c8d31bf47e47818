import type { Client } from '../../contract/client.ts'
import type { Job } from '../../contract/jobs.ts'

/** The lab's own reasons; Slurm's are known to those who use it by their names. */
const reasons: Readonly<Record<string, string>> = {
  AtOnce: 'as many run already as may at once',
  None: 'just handed in'
}

/** Where a job of a place is, in words; empty for one of this computer. */
export function whereText({ place, where, status }: Job, names: ReadonlyMap<string, string>): string {
  if (place == null) return ''
  const name = names.get(place) ?? 'a place that was removed'
  if (where === undefined || status !== 'running') return `at ${name}`
  const { state, text, position, expected } = where
  if (state === 'sending') return `its inputs are being sent to ${name}`
  if (state === 'running') return text === null ? `at ${name}` : `at ${name}, on ${text}`
  return [
    `waits at ${name}`,
    ...(position === null ? [] : [`number ${position} of yours`]),
    ...(text === null ? [] : [reasons[text] ?? text]),
    ...(expected === null ? [] : [`expected to start at ${expected}`])
  ].join(', ')
}

/** The names of the places of these jobs; asks only where one has a place. */
export async function placeNames(client: Client, jobs: readonly Job[]): Promise<ReadonlyMap<string, string>> {
  if (jobs.every(({ place }) => place == null)) return new Map()
  return new Map((await client.places.list()).map(({ id, settings }) => [id, settings.name]))
}
