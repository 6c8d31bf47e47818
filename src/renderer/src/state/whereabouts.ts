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
    const why = where.text === null ? null : reasonOf(where.text)
    return words.waiting(name, why, where.position, where.expected)
  }
  return words.running(name, where.text)
}

/** Slurm adds names of nodes to some of its reasons, writes one as a sentence, and has one for each of its many limits. */
function reasonOf(text: string): string {
  const { reasons } = texts.jobs.where
  const known = reasons[text] ?? reasons[text.split(',')[0]!]
  if (known !== undefined) return known
  if (text.startsWith('Nodes required')) return reasons['Nodes']!
  return /^(Assoc|QOS|Max)\w*(Limit|Per\w+)$/.test(text) ? `${reasons['Limit']!} (${text})` : text
}
