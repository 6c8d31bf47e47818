import type { terms as english } from '../en/terms.ts'
import { data } from './terms/data.ts'
import { lab } from './terms/lab.ts'
import { retrieval } from './terms/retrieval.ts'
import { scores } from './terms/scores.ts'
import { tuning } from './terms/tuning.ts'
import type { Words } from '../words.ts'
import { termsIn } from '../names/in-language.ts'
import { metricNames } from '../names/metrics.ts'
import { strategyNames } from '../names/strategies.ts'

const named = { ...termsIn('de', strategyNames), ...termsIn('de', metricNames) }

/** Was die Fachwörter bedeuten, je ein Satz. Gezeigt, wo das Wort steht. */
export const terms: Words<typeof english> = { ...data, ...retrieval, ...tuning, ...scores, ...lab, ...named }
