import { z } from 'zod'
import { providerSchema } from '../providers.ts'
import { rerankerSettingsSchema } from '../reranking.ts'
import { candidateSourceSchema, miningReportSchema, minedSettingsSchema, usefulnessSchema } from '../minings.ts'
import { retrieverSettingsSchema } from '../retrievers.ts'
import { installedModelSchema } from './models.ts'
import { indexRefs } from './refs.ts'
import { jobKind } from './kind.ts'
import { encodersOf, given } from './uses.ts'

const miningsToTrainOn = z
  .array(
    z.object({
      /** Id of the mining. */
      id: z.string(),
      /** What the user calls it. */
      name: z.string(),
      /** Absolute path of its folder. */
      folder: z.string(),
      /** Name of the base model whose loss was the measure. */
      model: z.string(),
      /** How usefulness was measured. */
      usefulness: usefulnessSchema,
      /** How many query sets were mined. */
      sets: z.int(),
      /** Null: it was still being mined when the training was asked for; its report says. */
      gateOpen: z.boolean().nullable()
    })
  )
  .min(1)

/** Measures how useful upstream rows are for upstream tasks, in the mining's own folder; see reranking.ts. */
export const minePairs = jobKind({
  input: z.object({
    /** Id that the mining gets; its folder is called so. */
    miningId: z.string(),
    /** What the user calls it. */
    name: z.string(),
    /** Id of the upstream data. */
    datasetId: z.string(),
    /** Path of their sealed file. */
    dataset: z.string(),
    /** The base model whose loss is the measure. */
    model: z.object({
      /** Id of the model. */
      id: z.string(),
      /** What it is called. */
      name: z.string(),
      /** Absolute path of its folder. */
      folder: z.string(),
      /** Put before its inputs and outputs; empty: nothing. */
      prefix: z.string(),
      /** Hash of its weights, configuration and tokenizer. */
      fingerprint: z.string()
    }),
    /** Where candidates come from. */
    source: candidateSourceSchema,
    /** Searched for candidates. */
    indices: indexRefs,
    /** The last reranker chooses among the candidates; null in the first iteration. */
    reranker: z
      .object({
        /** Id of the model. */
        id: z.string(),
        /** Absolute path of its folder. */
        folder: z.string(),
        /** Hash of its weights, configuration and tokenizer. */
        fingerprint: z.string()
      })
      .nullable(),
    /** How many rerankers were trained before it. 0 or more. */
    iteration: z.int().min(0).default(0),
    /** What is mined, and how much of it. */
    settings: minedSettingsSchema,
    /** Absolute paths of files of the original's tuples, which are brought in instead of mined; null: none. */
    tuples: z.array(z.string()).nullable().default(null),
    /** Mines every `of`-th query set only, and leaves the report to the job without a part. */
    part: z
      .object({
        /** Which of the parts this is, counted from 0. 0 or more. */
        number: z.int().min(0),
        /** How many parts there are. At least 1. */
        of: z.int().min(1)
      })
      .nullable()
      .default(null),
    /** Who computes; auto: the fastest that works here. */
    provider: providerSchema
  }),
  output: z.object({
    /** What came out; null: this was a part. */
    report: miningReportSchema.nullable(),
    /** Size of what was written, in bytes. */
    bytes: z.int(),
    /** How long it took, in seconds. */
    seconds: z.number()
  }),
  policy: { resource: 'accelerator', resumes: true, retries: 1, elsewhere: true },
  lessMemory: 'choose a smaller model, shorter inputs or a smaller batch',
  uses: ({ model, reranker, indices, dataset, settings }) => ({
    models: [model.id, ...given(reranker?.id), ...encodersOf(indices)],
    data: [dataset],
    batchSize: settings.batchSize
  })
})

/** What any training on mined pairs is given. */
const trainedOnPairs = z.object({
  /** Id that the model gets; its folder is called so. */
  modelId: z.string(),
  /** What the user calls it. */
  name: z.string(),
  /** The upstream data that the pairs come from. */
  data: z.object({
    /** Id of the data. */
    id: z.string(),
    /** What they are called. */
    name: z.string(),
    /** Path of their sealed file. */
    path: z.string()
  }),
  /** The minings whose pairs are learnt from. At least one. */
  minings: miningsToTrainOn
})

/** Trains a pair classifier on mined pairs; its folder becomes that of an installed model. */
export const trainReranker = jobKind({
  input: trainedOnPairs.extend({
    /** A sentence encoder, or a pair classifier that is trained on. */
    base: z.object({
      /** Id of the model. */
      id: z.string(),
      /** What it is called. */
      name: z.string(),
      /** Absolute path of its folder. */
      folder: z.string(),
      /** Hash of its weights, configuration and tokenizer. */
      fingerprint: z.string()
    }),
    /** The reranker of the iteration before, to compare orders with. */
    previous: z
      .object({
        /** Id of the model. */
        id: z.string(),
        /** Absolute path of its folder. */
        folder: z.string()
      })
      .nullable(),
    /** How many rerankers were trained before it. 0 or more. */
    iteration: z.int().min(0).default(0),
    /** The gate is closed, and the user wants it all the same. */
    overridden: z.boolean().default(false),
    /** Where a mining's gate turns out to be closed, it is trained all the same. */
    override: z.boolean().default(false),
    /** Settings of the training. */
    settings: rerankerSettingsSchema,
    /** Who computes; auto: the fastest that works here. */
    provider: providerSchema
  }),
  output: installedModelSchema,
  policy: { resource: 'accelerator', resumes: true, retries: 1, elsewhere: true },
  lessMemory: 'choose a smaller model, shorter pairs or a smaller batch',
  uses: ({ base, previous, minings, data, settings }) => ({
    models: [base.id, ...given(previous?.id), ...minings.map(({ model }) => model)],
    data: [data.path],
    minings: minings.map(({ id }) => id),
    batchSize: settings.batchSize
  })
})

/** Trains a head on the vectors of an index with mined pairs; its folder becomes that of an installed model. */
export const trainRetriever = jobKind({
  input: trainedOnPairs.extend({
    /** The index whose vectors are read, and the model that made them. */
    index: z.object({
      /** Id of the index. */
      id: z.string(),
      /** Absolute path of its folder. */
      folder: z.string()
    }),
    /** The encoder that made the vectors. */
    base: z.object({
      /** Id of the model. */
      id: z.string(),
      /** What it is called. */
      name: z.string(),
      /** Absolute path of its folder. */
      folder: z.string()
    }),
    /** Its scores are distilled; null: it learns from the labels. */
    reranker: z
      .object({
        /** Id of the model. */
        id: z.string(),
        /** What it is called. */
        name: z.string(),
        /** Absolute path of its folder. */
        folder: z.string()
      })
      .nullable(),
    /** The gate was closed, and the user wants it all the same. */
    overridden: z.boolean().default(false),
    /** Where a mining's gate turns out to be closed, it is trained all the same. */
    override: z.boolean().default(false),
    /** Settings of the training. */
    settings: retrieverSettingsSchema,
    /** Who computes; auto: the fastest that works here. */
    provider: providerSchema
  }),
  output: installedModelSchema,
  policy: { resource: 'accelerator', resumes: true, retries: 1, elsewhere: true },
  lessMemory: 'choose a smaller encoder, shorter texts or a smaller batch',
  uses: ({ base, reranker, minings, data }) => ({
    models: [base.id, ...given(reranker?.id), ...minings.map(({ model }) => model)],
    data: [data.path],
    minings: minings.map(({ id }) => id)
  })
})
