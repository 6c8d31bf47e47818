import type { terms as english } from '../en/terms.ts'
import { data } from './terms/data.ts'
import { lab } from './terms/lab.ts'
import { retrieval } from './terms/retrieval.ts'
import { scores } from './terms/scores.ts'
import { tuning } from './terms/tuning.ts'
import type { Words } from '../words.ts'

/** Was die Fachwörter bedeuten, je ein Satz. Gezeigt, wo das Wort steht. */
export const terms: Words<typeof english> = { ...data, ...retrieval, ...tuning, ...scores, ...lab }
