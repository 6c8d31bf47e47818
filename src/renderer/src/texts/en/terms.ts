import { data } from './terms/data.ts'
import { lab } from './terms/lab.ts'
import { retrieval } from './terms/retrieval.ts'
import { scores } from './terms/scores.ts'
import { tuning } from './terms/tuning.ts'

/** What the field's words mean, one sentence each. Shown where the word stands. */
export const terms = { ...data, ...retrieval, ...tuning, ...scores, ...lab }

export type TermName = keyof typeof terms
