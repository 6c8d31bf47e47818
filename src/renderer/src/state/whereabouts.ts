import type { Job } from '../../../main/contract/jobs.ts'
import type { Place } from '../../../main/contract/places.ts'
import { texts } from '../texts/texts.ts'

/** Where a job is, in words; null where it computes on this computer. */
export function whereaboutsOf(
  { place, where }: Pick<Job, 'place' | 'where'>,
  places: readonly Place[] | null
): string | null {
  if (place == null) return null
  const words = texts.jobs.where
  const name = places?.find(({ id }) => id === place)?.settings.name ?? words.gone
  if (where === undefined) return words.at(name)
  if (where.state === 'sending') return words.sending(name)
  if (where.state === 'waiting') {
    const why = where.text === null ? null : (words.reasons[where.text] ?? where.text)
    return words.waiting(name, why, where.position, where.expected)
  }
  return words.running(name, where.text)
}
