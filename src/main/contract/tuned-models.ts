import { z } from 'zod'
import { textOrNone } from './text-or-none.ts'
import { metricSchema } from './data.ts'

/** A tuned model that leaves the lab, or becomes a base model of it. */

/**
 * hf: the whole model as a folder in Hugging Face layout; peft: only the LoRA adapter, as PEFT loads it; onnx: the folder of hf with
 * graphs that ONNX Runtime runs, and scripts that do.
 */
export const exportFormatSchema = z.enum(['hf', 'peft', 'onnx'])
export type ExportFormat = z.infer<typeof exportFormatSchema>

/** Who answers: what a run has tuned (zero-shot: the base model as it was asked), or a model as it is. */
export const askedSchema = z.union([
  z.object({
    /** Id of the run. */
    runId: z.string()
  }),
  z.object({
    /** Id of the model. */
    modelId: z.string()
  })
])
export type Asked = z.infer<typeof askedSchema>

/** The same for a worker: a run with the model that it belongs to, or the model alone. */
export const answererSchema = z.object({
  /** The run that answers; null: the model as it is. */
  run: z
    .object({
      /** Id of the run. */
      runId: z.string(),
      /** Absolute path of its folder. */
      folder: z.string(),
      /** Whether it has tuned anything. */
      tuned: z.boolean()
    })
    .nullable(),
  /** The base model. */
  model: z.object({
    /** Id of the model. */
    id: z.string(),
    /** Absolute path of its folder. */
    folder: z.string(),
    /** Put before its inputs and outputs; empty: nothing. */
    prefix: z.string()
  })
})
export type Answerer = z.infer<typeof answererSchema>

/** Forms in which answers are given out. */
export const answersFormatSchema = z.enum(['csv', 'jsonl', 'xlsx'])
export type AnswersFormat = z.infer<typeof answersFormatSchema>

/** One answer of a tuned model to a question of a file. */
export const givenAnswerSchema = z.object({
  /** The question's own id; null: the file has none. */
  id: textOrNone,
  /** The question as it was put. */
  question: z.string(),
  /** What was answered. */
  answer: z.string(),
  /** Geometric mean of the probabilities of the answer's tokens, 0…1; null where the answer is empty. */
  certainty: z.number().nullable()
})
export type GivenAnswer = z.infer<typeof givenAnswerSchema>

/** Whose tuned model it is, with what its model card says. */
export const tunedRunSchema = z.object({
  /** Id of the run. */
  runId: z.string(),
  /** The run's folder. */
  folder: z.string(),
  /** The base model. */
  base: z.object({
    /** Id of the model. */
    id: z.string(),
    /** What it is called. */
    name: z.string(),
    /** Absolute path of its folder. */
    folder: z.string(),
    /** Where it comes from, in words. */
    source: z.string(),
    /** Licence as its source names it. */
    licence: z.string()
  }),
  /** Name of the experiment. */
  experiment: z.string(),
  /** Scores by target and metric. */
  scores: z.array(
    z.object({
      /** Name of the target. */
      target: z.string(),
      /** The metric. */
      metric: metricSchema,
      /** Score in points, 0…100 (Matthews and Pearson: -100…100). */
      value: z.number(),
      /** How many rows were scored. */
      examples: z.int()
    })
  ),
  /** Versions of the lab and of what it computed with, by name. */
  versions: z.record(z.string(), z.string())
})
export type TunedRun = z.infer<typeof tunedRunSchema>
