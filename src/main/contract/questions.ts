import { z } from 'zod'
import { browse, lookAtHub, previewImport } from './asked/data.ts'
import {
  checkInstallers,
  examine,
  lookForUpdate,
  measureEmbedding,
  measureSpeed,
  providerTest,
  verifyHome
} from './asked/machine.ts'
import { askModel, lookAtHubModel, lookAtModel, tokenFit } from './asked/models.ts'
import { breakdown, compare, planPower, readForeign } from './asked/results.ts'
import { embeddingMap, neighbours, retrievalQuality, retrieve, searchShared, sharedIndices } from './asked/retrieval.ts'
import { nothing, questionKind } from './kinds/kind.ts'
import { jobSchemas } from './jobs.ts'

/**
 * Questions: what workers are asked beside the queue. They leave no record, write nothing, and somebody waits for the answer. One
 * row per kind with the schemas of its input and output, what it needs of the machine and what of the lab it reads. Paths are absolute.
 */
export const questionSchemas = {
  /** The self-test's work as a question: proves that questions are answered, and what happens to those that are not. */
  'self-question': questionKind({
    input: jobSchemas['self-test'].input,
    output: jobSchemas['self-test'].output,
    policy: { resource: 'cpu', retries: 0, seconds: 60 },
    uses: nothing
  }),
  retrieve,
  'embedding-map': embeddingMap,
  neighbours,
  'shared-indices': sharedIndices,
  'search-shared': searchShared,
  'retrieval-quality': retrievalQuality,
  'preview-import': previewImport,
  'look-at-model': lookAtModel,
  'look-at-hub': lookAtHub,
  'look-at-hub-model': lookAtHubModel,
  'look-for-update': lookForUpdate,
  'check-installers': checkInstallers,
  'ask-model': askModel,
  'verify-home': verifyHome,
  browse,
  examine,
  'provider-test': providerTest,
  'measure-speed': measureSpeed,
  'measure-embedding': measureEmbedding,
  'token-fit': tokenFit,
  'plan-power': planPower,
  compare,
  'read-foreign': readForeign,
  breakdown
} as const

export type QuestionKind = keyof typeof questionSchemas
export type QuestionInput<K extends QuestionKind> = z.output<(typeof questionSchemas)[K]['input']>
export type QuestionOutput<K extends QuestionKind> = z.output<(typeof questionSchemas)[K]['output']>

export const questionKinds = Object.keys(questionSchemas) as [QuestionKind, ...QuestionKind[]]
