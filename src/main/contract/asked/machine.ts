import { z } from 'zod'
import { textOrNone } from '../text-or-none.ts'
import { embeddedOver } from '../embedded-over.ts'
import { providerNames, providerSchema } from '../providers.ts'
import { precisions } from '../precision.ts'
import { verifiedItemSchema, verifyItemSchema } from '../housekeeping.ts'
import { encoderRef, modelRef } from '../kinds/refs.ts'
import { evaluationSettingsSchema, tuneSettingsSchema } from '../run-settings.ts'
import { checkSchema } from '../settings.ts'
import { installerSchema, releaseSchema } from '../updates.ts'
import { nothing, questionKind } from '../kinds/kind.ts'
import { given } from '../kinds/uses.ts'

/** Asks a release page for the newest version. */
export const lookForUpdate = questionKind({
  input: z.object({
    /** Address of the release page. */
    address: z.url(),
    /** Address of a proxy; null: none. */
    proxy: textOrNone
  }),
  output: releaseSchema,
  policy: { resource: 'cpu', retries: 0, seconds: 120 },
  uses: nothing
})

/** Installers of the lab in a folder, against the version that asks. */
export const checkInstallers = questionKind({
  input: z.object({
    /** Absolute path of the folder. */
    folder: z.string(),
    /** Version of the lab that asks, such as 0.1.0. */
    version: z.string()
  }),
  output: z.object({
    /** Installers that lie there. */
    installers: z.array(installerSchema)
  }),
  policy: { resource: 'cpu', retries: 0, seconds: 600 },
  uses: nothing
})

/** Reads things of the home from end to end and compares them with their hashes. */
export const verifyHome = questionKind({
  input: z.object({
    /** What is to be read. */
    items: z.array(verifyItemSchema)
  }),
  output: z.object({
    /** What was found, in the same order. */
    items: z.array(verifiedItemSchema)
  }),
  policy: { resource: 'cpu', retries: 0, seconds: 86_400 },
  uses: nothing
})

/** Says what of the native parts is there: one check per part. */
export const examine = questionKind({
  input: z.object({}),
  output: z.object({
    /** One check for each part. */
    checks: z.array(checkSchema)
  }),
  policy: { resource: 'cpu', retries: 0, seconds: 120 },
  uses: nothing
})

/** Runs a small model on one provider: does it work, how fast is it. */
export const providerTest = questionKind({
  input: z.object({
    /** Who shall compute. */
    provider: z.enum(providerNames)
  }),
  output: z.object({
    /** Whether it gave the right result. */
    works: z.boolean(),
    /** Why it does not work; null: it does. */
    reason: textOrNone,
    /** Speed in 10⁹ floating-point operations a second; null: not measured. */
    gflops: z.number().nullable(),
    /** Time of one pass in milliseconds. */
    milliseconds: z.number()
  }),
  policy: { resource: 'cpu', retries: 0, seconds: 300 },
  uses: nothing
})

/** Times a few steps of a model on this machine, for the estimates of a plan. */
export const measureSpeed = questionKind({
  input: z.object({
    /** The base model that is timed. */
    base: modelRef.extend({
      /** Put before its inputs and outputs; empty: nothing. */
      prefix: z.string()
    }),
    /** The sentence encoder that is timed; null: none. */
    encoder: modelRef.nullable(),
    /** It is timed on pairs of the texts; null: none. */
    reranker: modelRef.nullable().default(null),
    /** Tokens at which a pair of texts is cut. At least 1. */
    pairTokens: z.int().min(1).default(512),
    /** What vectors are made of. */
    over: z.enum(embeddedOver).default('input'),
    /** Settings of tuning. */
    tune: tuneSettingsSchema,
    /** Settings of the answers. */
    evaluation: evaluationSettingsSchema,
    /** Examples to time on. */
    texts: z.array(
      z.object({
        /** Text of the input. */
        input: z.string(),
        /** Text of the answer. */
        output: z.string()
      })
    ),
    /** Who computes; auto: the fastest that works here. */
    provider: providerSchema,
    /** On how many cores it tunes and answers; null: all. At least 1. */
    cores: z.int().positive().nullable()
  }),
  output: z.object({
    /** Seconds of tuning for an example and epoch. */
    tuneSecondsPerExample: z.number(),
    /** Seconds of answering for a test example. */
    evaluateSecondsPerExample: z.number(),
    /** Seconds of embedding for a text, by the slower of the encoder and the base model. */
    embedSecondsPerExample: z.number(),
    /** Seconds for a pair of texts; 0 where no reranker was timed. */
    rerankSecondsPerPair: z.number().default(0),
    /** Seconds until a model was loaded and ready. */
    startSeconds: z.number(),
    /** Most memory in use, in bytes. */
    peakBytes: z.number(),
    /** Of the base model's weights. */
    weights: z
      .object({
        /** Bytes in memory as they lie there. */
        bytes: z.number(),
        /** Bytes that they would take in fp32. */
        inFull: z.number(),
        /** Bytes on a graphics card that keeps them, with room to read the largest layer in full; null where none computes. */
        onCard: z.number().nullable().default(null)
      })
      .optional()
  }),
  policy: { resource: 'accelerator', retries: 0, seconds: 900 },
  lessMemory: 'choose a smaller model',
  uses: ({ base, encoder, reranker, tune }) => ({
    models: [base.modelId, ...given(encoder?.modelId), ...given(reranker?.modelId)],
    batchSize: tune.batchSize
  })
})

/** Times an encoder on texts that it will read, for the estimate of an index. */
export const measureEmbedding = questionKind({
  input: z.object({
    /** The encoder that is timed. */
    encoder: encoderRef,
    /** Tokens at which texts are cut. At least 1. */
    maxTokens: z.int().min(1),
    /** Precision that the encoder computes in. */
    modelPrecision: z.enum(precisions).default('fp32'),
    /** Texts to time on. At least one. */
    texts: z.array(z.string()).min(1),
    /** An answer of each text, for vectors over inputs and answers; null: of inputs alone. */
    answers: z.array(z.string()).nullable().default(null),
    /** Who computes; auto: the fastest that works here. */
    provider: providerSchema
  }),
  output: z.object({
    /** Seconds for a text. */
    secondsPerExample: z.number(),
    /** Seconds until the encoder was loaded and ready. */
    startSeconds: z.number()
  }),
  policy: { resource: 'accelerator', retries: 0, seconds: 600 },
  lessMemory: 'choose a smaller model',
  uses: ({ encoder }) => ({ models: [encoder.modelId] })
})
