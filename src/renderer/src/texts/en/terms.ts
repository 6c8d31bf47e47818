import { data } from './terms/data.ts'
import { lab } from './terms/lab.ts'
import { retrieval } from './terms/retrieval.ts'
import { scores } from './terms/scores.ts'
import { tuning } from './terms/tuning.ts'
import { termsIn } from '../names/in-language.ts'
import { metricNames } from '../names/metrics.ts'
import { strategyNames } from '../names/strategies.ts'

const named = { ...termsIn('en', strategyNames), ...termsIn('en', metricNames) }

/** What the field's words mean, one sentence each. Shown where the word stands. */
export const terms = { ...data, ...retrieval, ...tuning, ...scores, ...lab, ...named }

export type TermName = keyof typeof terms
