import { z } from 'zod'
import { strategySchema } from './experiments.ts'
import { predictionSchema, shownExampleSchema } from './runs.ts'

/** Single answers, where they come from, and how those to one target fall apart. */

/** One test example with every column's answer in one round. */
export const exampleRowSchema = z.object({
  /** Number of the example, from 1. */
  exampleId: z.int(),
  /** The question as it was put. */
  input: z.string(),
  /** Right answers; the first is the label. None: nothing is scored. */
  references: z.array(z.string()),
  /** Number of the source item: prompt variants of one share it. */
  sourceItem: z.int(),
  /** Scores are null where the question has no right answer. */
  answers: z.record(
    z.string(),
    z.object({
      /** What was answered. */
      output: z.string(),
      /** Score of the answer, 0…100; null: the question has no right answer. */
      score: z.number().nullable(),
      /** Id of the run that answered. */
      runId: z.string()
    })
  )
})
export type ExampleRow = z.infer<typeof exampleRowSchema>

export const lineageSchema = z.object({
  /** The question with its answer. */
  prediction: predictionSchema,
  /** The strategy of the run. */
  strategy: strategySchema,
  /** What the model was tuned on, the best first. */
  retrieved: z.array(shownExampleSchema),
  /** What was retrieved, counted by task. */
  tasks: z.array(
    z.object({
      /** Name of the task. */
      task: z.string(),
      /** Group of the task. */
      group: z.string(),
      /** How many retrieved examples are of it. */
      count: z.int()
    })
  )
})
export type Lineage = z.infer<typeof lineageSchema>

export const heatMapBySchema = z.enum(['group', 'task'])
export type HeatMapBy = z.infer<typeof heatMapBySchema>

/** The answers of one strategy to a target, taken apart; see evaluation/breakdown.ts. Scores are shares of right answers, 0…100. */
export const breakdownSchema = z.object({
  /** Key of the column. */
  column: z.string(),
  /** What the column is called. */
  label: z.string(),
  /** The labels, the commonest first; the last stands for answers that are none. Null: not a task of labels. */
  labels: z.array(z.string()).nullable(),
  /** By right answer, then by answer. */
  confusion: z.array(z.array(z.int())),
  /** What was answered where each label was right. */
  perLabel: z.array(
    z.object({
      /** Text of the label. */
      label: z.string(),
      /** How many answers there were where it was right. */
      rows: z.int(),
      /** Share of right ones among the answers that gave it, in points; null: none gave it. */
      precision: z.number().nullable(),
      /** Share that gave it among the answers where it was right, in points; null: it was never right. */
      recall: z.number().nullable(),
      /** F1 of the label, in points. */
      f1: z.number()
    })
  ),
  /** Quarters of the rows by the length of their input. */
  lengths: z.array(
    z.object({
      /** Shortest input of the quarter, in characters. */
      from: z.int(),
      /** Longest input of the quarter, in characters. */
      to: z.int(),
      /** How many answers were counted. */
      rows: z.int(),
      /** Share of right answers, in points. */
      score: z.number()
    })
  ),
  /** Answers by the prompt of their row, the best first; none: prompts are not known. */
  templates: z.array(
    z.object({
      /** Name of the prompt. */
      template: z.string(),
      /** How many answers were counted. */
      rows: z.int(),
      /** Share of right answers, in points. */
      score: z.number()
    })
  )
})
export type AnswerBreakdown = z.infer<typeof breakdownSchema>
