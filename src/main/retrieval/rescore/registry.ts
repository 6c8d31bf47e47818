import type { RescorerName } from '../../contract/strategies.ts'
import { denseVectors, semanticVectors, trainedVectors } from './other-vectors.ts'
import { pairClassifier } from './pair-classifier.ts'
import type { OpenRescorer } from './rescorer.ts'

/** What scores candidates anew, by the name that the table of strategies gives. */
export const rescorersByName: Record<RescorerName, OpenRescorer> = {
  reranker: pairClassifier,
  semantic: semanticVectors,
  dense: denseVectors,
  trained: trainedVectors
}
