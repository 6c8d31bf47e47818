import { z } from 'zod'
import { metricSchema, queryExampleSchema } from '../data.ts'
import { identitySchema, strategySchema } from '../experiments.ts'
import { evaluationSettingsSchema, retrievalSettingsSchema, tuneSettingsSchema } from '../run-settings.ts'
import { indexRefs, modelRef, providerSchema } from './refs.ts'

/** One run of an experiment: retrieve, tune, evaluate. Every phase's result is a file in the run's folder. */
export const runStrategy = {
  input: z.object({
    runId: z.string(),
    fingerprint: z.string(),
    strategy: strategySchema,
    round: z.int(),
    seed: z.int(),
    /** Of random samples and of training; missing: `seed`. */
    seeds: z.object({ retrieval: z.int(), training: z.int() }).optional(),
    model: z.object({ id: z.string(), folder: z.string(), prefix: z.string() }),
    dataset: z.string(),
    indices: indexRefs,
    reranker: modelRef.nullable().default(null),
    targets: z.array(
      z.object({
        targetId: z.string(),
        dataset: z.string(),
        metrics: z.array(metricSchema),
        answerBy: z.enum(['generation', 'choices']),
        queries: z.array(queryExampleSchema),
        excludedIds: z.array(z.int())
      })
    ),
    /** What is tuned for, where that is not simply the targets that are tested; null: it is. */
    tuning: z
      .object({
        queries: z.array(queryExampleSchema),
        excludedIds: z.array(z.int()),
        /** A run that has tuned the same by the time this one starts: its weights are taken over. */
        from: z.object({ runId: z.string(), folder: z.string() }).nullable()
      })
      .nullable()
      .default(null),
    retrieval: retrievalSettingsSchema,
    tune: tuneSettingsSchema,
    evaluation: evaluationSettingsSchema,
    provider: providerSchema,
    /** Kept with the run; nothing is computed from them. */
    identities: z.array(identitySchema).default([])
  }),
  output: z.object({
    provider: z.string(),
    versions: z.record(z.string(), z.string()),
    seconds: z.object({ retrieve: z.number(), tune: z.number(), evaluate: z.number(), total: z.number() }),
    peakBytes: z.number(),
    scores: z.array(z.object({ targetId: z.string(), metric: metricSchema, value: z.number(), examples: z.int() }))
  })
} as const
