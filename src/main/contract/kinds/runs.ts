import { z } from 'zod'
import { providerSchema } from '../providers.ts'
import { metricSchema, queryExampleSchema } from '../data.ts'
import { strategySchema } from '../experiments.ts'
import { identitySchema } from '../runs.ts'
import { evaluationSettingsSchema, retrievalSettingsSchema, tuneSettingsSchema } from '../run-settings.ts'
import { indexRefs, modelRef } from './refs.ts'
import { jobKind } from './kind.ts'
import { encodersOf, given } from './uses.ts'

/** One run of an experiment: retrieve, tune, evaluate. Every phase's result is a file in the run's folder. */
export const runStrategy = jobKind({
  input: z.object({
    /** Id of the run; its folder is called so. */
    runId: z.string(),
    /** Hash of everything that its answers hang on. */
    fingerprint: z.string(),
    /** The strategy of the run. */
    strategy: strategySchema,
    /** Query set, counted from 0. */
    round: z.int(),
    /** Seed of what is drawn at random. */
    seed: z.int(),
    /** Of random samples and of training; missing: `seed`. */
    seeds: z
      .object({
        /** Seed of random samples. */
        retrieval: z.int(),
        /** Seed of training. */
        training: z.int()
      })
      .optional(),
    /** The base model. */
    model: z.object({
      /** Id of the model. */
      id: z.string(),
      /** Absolute path of its folder. */
      folder: z.string(),
      /** Put before its inputs and outputs; empty: nothing. */
      prefix: z.string()
    }),
    /** Path of the sealed upstream data. */
    dataset: z.string(),
    /** The indices that it searches. */
    indices: indexRefs,
    /** The pair classifier, for strategies that score candidates anew; null: none. */
    reranker: modelRef.nullable().default(null),
    /** The targets that it answers. */
    targets: z.array(
      z.object({
        /** Id of the target. */
        targetId: z.string(),
        /** Path of the target's sealed data. */
        dataset: z.string(),
        /** How its answers are scored; the first is shown first. */
        metrics: z.array(metricSchema),
        /** How answers are found: free generation, or the likeliest of the answer choices. */
        answerBy: z.enum(['generation', 'choices']),
        /** The queries that it is tuned for. */
        queries: z.array(queryExampleSchema),
        /** Ids of upstream examples that are the target's own and are left out. */
        excludedIds: z.array(z.int())
      })
    ),
    /** What is tuned for, where that is not simply the targets that are tested; null: it is. */
    tuning: z
      .object({
        /** The queries that it is tuned for. */
        queries: z.array(queryExampleSchema),
        /** Ids of upstream examples that are left out. */
        excludedIds: z.array(z.int()),
        /** A run that has tuned the same by the time this one starts: its weights are taken over. */
        from: z
          .object({
            /** Id of that run. */
            runId: z.string(),
            /** Absolute path of that run's folder. */
            folder: z.string()
          })
          .nullable()
      })
      .nullable()
      .default(null),
    /** Settings of retrieval. */
    retrieval: retrievalSettingsSchema,
    /** Settings of tuning. */
    tune: tuneSettingsSchema,
    /** Settings of the answers. */
    evaluation: evaluationSettingsSchema,
    /** Who computes; auto: the fastest that works here. */
    provider: providerSchema,
    /** Kept with the run; nothing is computed from them. */
    identities: z.array(identitySchema).default([])
  }),
  output: z.object({
    /** Who computed. */
    provider: z.string(),
    /** Versions of the lab and of what it computed with, by name. */
    versions: z.record(z.string(), z.string()),
    /** How long its phases took. */
    seconds: z.object({
      /** Retrieving, in seconds. */
      retrieve: z.number(),
      /** Tuning, in seconds. */
      tune: z.number(),
      /** Answering and scoring, in seconds. */
      evaluate: z.number(),
      /** All of it, in seconds. */
      total: z.number()
    }),
    /** Most memory in use, in bytes. */
    peakBytes: z.number(),
    /** Scores by target and metric. */
    scores: z.array(
      z.object({
        /** Id of the target. */
        targetId: z.string(),
        /** The metric. */
        metric: metricSchema,
        /** Score in points, 0…100 (Matthews and Pearson: -100…100). */
        value: z.number(),
        /** How many rows were scored. */
        examples: z.int()
      })
    )
  }),
  policy: { resource: 'accelerator', resumes: true, retries: 1, elsewhere: true },
  lessMemory: 'choose a smaller model, a smaller batch or LoRA',
  uses: ({ model, reranker, indices, dataset, targets, tune }) => ({
    models: [model.id, ...given(reranker?.modelId), ...encodersOf(indices)],
    data: [dataset, ...targets.map((target) => target.dataset)],
    batchSize: tune.batchSize
  })
})
