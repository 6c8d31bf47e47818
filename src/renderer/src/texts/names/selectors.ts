import type { SelectorName } from '../../../../main/contract/strategies.ts'
import type { InEvery } from './in-language.ts'

/** How the queries' lists become one set. */
export const selectorNames: Readonly<Record<SelectorName, InEvery<string>>> = {
  'aggregate-choices': { en: 'Each query brings its own nearest', de: 'Jede Anfrage bringt ihre nächsten mit' },
  'aggregate-scores': {
    en: 'All queries vote, by mean likeness',
    de: 'Alle Anfragen stimmen ab, nach mittlerer Ähnlichkeit'
  },
  'max-score': { en: 'All queries vote, by best likeness', de: 'Alle Anfragen stimmen ab, nach größter Ähnlichkeit' },
  'round-robin': { en: 'Queries take turns', de: 'Die Anfragen wechseln sich ab' }
}
