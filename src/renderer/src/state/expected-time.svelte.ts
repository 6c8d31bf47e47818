import { untrack } from 'svelte'
import type { ExpectedAsked } from '../../../main/contract/expected-time.ts'
import type { Client } from '../api/client.ts'
import { duration } from '../texts/format.ts'
import { texts } from '../texts/texts.ts'
import { thenDebounced } from './debounce.ts'
import { Resource } from './resource.svelte.ts'

type Asked = Pick<ExpectedAsked, 'kind'> & Partial<ExpectedAsked>

/**
 * How long something will take before it is begun, in words: as earlier work of its kind took on this computer, or that nobody knows
 * yet. Null while it is not clear what will be begun. Called while a component is set up.
 */
export function expectedTime(client: Client, asked: () => Asked | null): { readonly words: string | null } {
  const found = new Resource(() => client.jobs.expected(untrack(asked)!))
  const load = thenDebounced(() => {
    if (untrack(asked) !== null) void found.load()
  })
  $effect(() => {
    if (asked() !== null) load()
  })
  return {
    get words() {
      if (asked() === null) return null
      if (found.value === null) return found.problem === null ? texts.wizards.outlook.measuring : texts.times.unknown
      const { seconds, jobs } = found.value
      return seconds === null ? texts.times.unknown : texts.times.earlier(duration(Math.max(1, seconds)), jobs)
    }
  }
}
