import { z } from 'zod'
import { textOrNone } from '../text-or-none.ts'
import { providerSchema } from '../providers.ts'

import { hubModelLookSchema, modelLookSchema } from '../models.ts'
import { answererSchema, givenAnswerSchema } from '../tuned-models.ts'
import { nothing, questionKind } from '../kinds/kind.ts'

/** Reads a model folder as an install would, and tries one text. Throws what the install would. */
export const lookAtModel = questionKind({
  input: z.object({
    /** Absolute path of the model's folder. */
    folder: z.string()
  }),
  output: modelLookSchema,
  policy: { resource: 'cpu', retries: 0, seconds: 600 },
  uses: nothing
})

/** Looks at a model on the hub before its weights are fetched. Throws what the download would. */
export const lookAtHubModel = questionKind({
  input: z.object({
    /** Repository on the hub, as owner/name. */
    repo: z.string(),
    /** Branch, tag or commit of the repository. */
    revision: z.string(),
    /** Address of a mirror of the hub; null: the hub itself. */
    mirror: textOrNone,
    /** Address of a proxy; null: none. */
    proxy: textOrNone,
    /** The user's token for the hub; null: none. */
    token: textOrNone,
    /** A folder of `huggingface_hub` that may hold the small files already; null: none. */
    cache: textOrNone.default(null)
  }),
  output: hubModelLookSchema,
  policy: { resource: 'cpu', retries: 0, seconds: 300 },
  uses: nothing
})

/** One answer to one text, by what a run has tuned or a model as it is. */
export const askModel = questionKind({
  input: z.object({
    /** Who answers. */
    by: answererSchema,
    /** The question. Not empty. */
    text: z.string().min(1),
    /** Who computes; auto: the fastest that works here. */
    provider: providerSchema
  }),
  output: givenAnswerSchema.pick({ answer: true, certainty: true }).extend({
    /** How long the answer took, in milliseconds. */
    milliseconds: z.number()
  }),
  policy: { resource: 'cpu', retries: 1, seconds: 600 },
  uses: ({ by }) => ({ models: [by.model.id] })
})

/** What a model's tokenizer makes of a sample of datasets: what is long, what it does not know. */
export const tokenFit = questionKind({
  input: z.object({
    /** Absolute path of the model's folder. */
    folder: z.string(),
    /** Put before every input and answer; empty: nothing. */
    prefix: z.string(),
    /** So many rows of each are read at most. At least 1. */
    rows: z.int().min(1),
    /** The data sets that are looked at. */
    datasets: z.array(
      z.object({
        /** Id of the data set. */
        id: z.string(),
        /** Path of the sealed data. */
        dataset: z.string()
      })
    )
  }),
  output: z.object({
    /** Number of entries in the tokenizer's vocabulary. */
    vocabulary: z.int(),
    /** What the model's card gives as its languages, lower case. */
    languages: z.array(z.string()),
    /** What was found, one entry a data set. */
    datasets: z.array(
      z.object({
        /** Id of the data set. */
        id: z.string(),
        /** Rows that were read. */
        rows: z.int(),
        /** Tokens of all that was read. */
        tokens: z.int(),
        /** How many of those tokens stand for something unknown to the tokenizer. */
        unknown: z.int(),
        /** Bytes of all that was read, in UTF-8. */
        bytes: z.int(),
        /** Tokens of every input, and of the first right answer of every row that has one; special ones counted. */
        inputs: z.array(z.int()),
        /** Tokens of the first right answer of each row that has one, special ones counted. */
        answers: z.array(z.int()),
        /** That most letters have, with its share. */
        script: z
          .object({
            /** Name of the script, such as Latin. */
            name: z.string(),
            /** Share of the letters that have it, 0…1. */
            share: z.number()
          })
          .nullable(),
        /**
         * By the little words of the rows, of those that say it: the language of most, its share of all rows looked at, and which
         * share of its commonest words, and of the English ones, the model's tokenizer has whole.
         */
        language: z
          .object({
            /** Code of the language, such as de. */
            code: z.string(),
            /** Name of the language in English. */
            name: z.string(),
            /** Share of all rows looked at that are in it, 0…1. */
            share: z.number(),
            /** Share of its commonest words that the tokenizer has whole, 0…1. */
            whole: z.number(),
            /** Share of the commonest English words that the tokenizer has whole, 0…1. */
            wholeEnglish: z.number()
          })
          .nullable()
      })
    )
  }),
  policy: { resource: 'cpu', retries: 1, seconds: 120 },
  // Reads a tokenizer alone, without the model's weights.
  uses: nothing
})
