import { z } from 'zod'
import { metricSchema } from './data.ts'

/** A tuned model that leaves the lab, or becomes a base model of it. */

/**
 * hf: the whole model as a folder in Hugging Face layout; peft: only the LoRA adapter, as PEFT loads it; onnx: the folder of hf with
 * graphs that ONNX Runtime runs, and scripts that do.
 */
export const exportFormatSchema = z.enum(['hf', 'peft', 'onnx'])
export type ExportFormat = z.infer<typeof exportFormatSchema>

/** Who answers: what a run has tuned (zero-shot: the base model as it was asked), or a model as it is. */
export const askedSchema = z.union([z.object({ runId: z.string() }), z.object({ modelId: z.string() })])
export type Asked = z.infer<typeof askedSchema>

/** The same for a worker: a run with the model that it belongs to, or the model alone. */
export const answererSchema = z.object({
  run: z.object({ runId: z.string(), folder: z.string(), tuned: z.boolean() }).nullable(),
  model: z.object({ id: z.string(), folder: z.string(), prefix: z.string() })
})
export type Answerer = z.infer<typeof answererSchema>

/** Forms in which answers are given out. */
export const answersFormatSchema = z.enum(['csv', 'jsonl', 'xlsx'])
export type AnswersFormat = z.infer<typeof answersFormatSchema>

/** One answer of a tuned model to a question of a file. */
export const givenAnswerSchema = z.object({
  /** The question's own id; empty where the file has none. */
  id: z.string(),
  question: z.string(),
  answer: z.string(),
  /** Geometric mean of the probabilities of the answer's tokens, 0…1; null where the answer is empty. */
  certainty: z.number().nullable()
})
export type GivenAnswer = z.infer<typeof givenAnswerSchema>

/** Whose tuned model it is, with what its model card says. */
export const tunedRunSchema = z.object({
  runId: z.string(),
  /** The run's folder. */
  folder: z.string(),
  base: z.object({ id: z.string(), name: z.string(), folder: z.string(), source: z.string(), licence: z.string() }),
  experiment: z.string(),
  scores: z.array(z.object({ target: z.string(), metric: metricSchema, value: z.number(), examples: z.int() })),
  versions: z.record(z.string(), z.string())
})
export type TunedRun = z.infer<typeof tunedRunSchema>
