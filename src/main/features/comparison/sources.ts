import { AnswerFiles } from '../../results/answer-files.ts'
import type { ResultFiles } from '../../results/gather.ts'
import { RetrievedSets } from '../../results/retrieved-sets.ts'
import type { Services } from '../services.ts'
import { Comparisons } from './comparisons.ts'
import { RetrievalQualities } from './retrieval-quality.ts'

/** What is shown of comparisons and exported is taken from here; what was read or worked out last is kept. */
export interface ComparisonSources extends Services, ResultFiles {
  comparisons: Comparisons
  qualities: RetrievalQualities
}

export function comparisonSources(services: Services): ComparisonSources {
  const folderOf = (runId: string) => services.home.run(runId)
  return {
    ...services,
    answers: new AnswerFiles(folderOf),
    retrieved: new RetrievedSets(folderOf),
    comparisons: new Comparisons(services),
    qualities: new RetrievalQualities(services)
  }
}
