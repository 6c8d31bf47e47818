import type { CandidatesName } from '../../contract/strategies.ts'
import type { CandidateSource } from './candidates.ts'
import { lexical } from './lexical.ts'
import { random } from './random.ts'
import { dense, semantic, trained } from './vectors.ts'

/** Where candidates come from, by the name that the table of strategies gives. */
export const sources: Record<CandidatesName, CandidateSource> = { random, semantic, dense, trained, lexical }
