import { z } from 'zod'

/** The last number in the answer is near that of a right answer: by so much, or by such a share of it. */
export const numberRule = z.object({
  kind: z.literal('number'),
  /** How far the numbers may be apart: in their own unit, or as a share. 0 or more. */
  tolerance: z.number().min(0).default(0),
  /** The tolerance is a share of the right number. */
  relative: z.boolean().default(false)
})

/** How kept answers are judged anew, where no metric of the lab fits. Every answer is right or wrong. */
export const scoringRuleSchema = z.discriminatedUnion('kind', [
  /** A right answer occurs in the answer, as whole words where `wholeWords`; upper and lower case are one. */
  z.object({
    kind: z.literal('contains'),
    /** Only whole words count. */
    wholeWords: z.boolean().default(true)
  }),
  /**
   * A regular expression. With a group, what the first one finds is the answer; `{answer}` stands for a right answer; with
   * neither, what matches is right.
   */
  z.object({
    kind: z.literal('pattern'),
    /** The regular expression, as JavaScript writes it. Not empty, at most 1,000 characters. */
    pattern: z.string().min(1).max(1000),
    /** Upper and lower case are one. */
    ignoreCase: z.boolean().default(true)
  }),
  numberRule,
  /** The label of which a word comes first in the answer; those of the right answers likewise. */
  z.object({
    kind: z.literal('labels'),
    /** By label: the words that stand for it. At least one label. */
    labels: z
      .record(z.string(), z.array(z.string().min(1)).min(1))
      .refine((labels) => Object.keys(labels).length > 0, { error: 'expected at least one label' })
  })
])
export type ScoringRule = z.infer<typeof scoringRuleSchema>
