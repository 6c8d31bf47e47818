import { z } from 'zod'
import { providerSchema } from '../kinds/refs.ts'
import { modelLookSchema } from '../models.ts'
import { answererSchema, givenAnswerSchema } from '../tuned-models.ts'

/** Reads a model folder as an install would, and tries one text. Throws what the install would. */
export const lookAtModel = {
  input: z.object({ folder: z.string() }),
  output: modelLookSchema
} as const

/** One answer to one text, by what a run has tuned or a model as it is. */
export const askModel = {
  input: z.object({ by: answererSchema, text: z.string().min(1), provider: providerSchema }),
  output: givenAnswerSchema.pick({ answer: true, certainty: true }).extend({ milliseconds: z.number() })
} as const

/** What a model's tokenizer makes of a sample of datasets: what is long, what it does not know. */
export const tokenFit = {
  input: z.object({
    folder: z.string(),
    prefix: z.string(),
    /** So many rows of each are read at most. */
    rows: z.int().min(1),
    datasets: z.array(z.object({ id: z.string(), dataset: z.string() }))
  }),
  output: z.object({
    vocabulary: z.int(),
    /** What the model's card gives as its languages, lower case. */
    languages: z.array(z.string()),
    datasets: z.array(
      z.object({
        id: z.string(),
        rows: z.int(),
        tokens: z.int(),
        unknown: z.int(),
        bytes: z.int(),
        /** Tokens of every input, and of the first right answer of every row that has one; special ones counted. */
        inputs: z.array(z.int()),
        answers: z.array(z.int()),
        /** That most letters have, with its share. */
        script: z.object({ name: z.string(), share: z.number() }).nullable(),
        /**
         * By the little words of the rows, of those that say it: the language of most, its share of all rows looked at, and which
         * share of its commonest words, and of the English ones, the model's tokenizer has whole.
         */
        language: z
          .object({
            code: z.string(),
            name: z.string(),
            share: z.number(),
            whole: z.number(),
            wholeEnglish: z.number()
          })
          .nullable()
      })
    )
  })
} as const
