import { z } from 'zod'
import { strategySchema } from '../contract/experiments.ts'
import { predictionSchema, retrievedExampleSchema } from '../contract/runs.ts'
import { retrievalSettingsSchema } from '../contract/run-settings.ts'
import { jobSchemas } from '../contract/jobs.ts'

/**
 * The files of `<home>/runs/<id>/`, each with what it holds and what helps where it is damaged. Every finished phase of a
 * run is a file, so that a run that starts again goes on behind the last finished phase.
 *
 *     run.json                        what was asked for
 *     retrieved.json                  the upstream examples with their texts, in the order of the selector
 *     checkpoint/                     an unfinished tuning; gone when it is done
 *     tuned/patch.safetensors         what tuning changed; of several stages tuned-1/, tuned-2/
 *     tuned.stage.json                a finished stage of the tuning
 *     tuned.begun.json                the first loss of an unfinished stage
 *     tuned.json                      steps, losses; written last
 *     taken-over.json                 whose weights these are, where another run had tuned the same
 *     provider.json                   what it was evaluated on
 *     predictions-<target>.jsonl      one line per test row (predictionSchema)
 *     predictions-<target>.part       an unfinished evaluation, whole chunks only
 *     clock.json                      time spent so far, over all attempts
 *     result.json                     the run's output; written last
 */
export interface RunFile<T> {
  name: string
  schema: z.ZodType<T>
  /** What to do where it is damaged. */
  wayOut: string
}

const again = 'Delete the folder and start the run again.'

/** JSON knows no infinite numbers and no NaN; what it holds instead is read as not a number. */
const loss = z
  .number()
  .nullable()
  .transform((value) => value ?? NaN)

/** What came of one stage of a tuning. Losses are means per token, in nats. */
const stageSchema = z.object({
  /** How many examples it learned from. */
  examples: z.int().min(0),
  /** Steps of the optimizer. */
  steps: z.int().min(0),
  firstLoss: loss,
  lastLoss: loss,
  /** With early stopping: the step whose weights were kept, and the loss on the held-out examples there. */
  best: z.object({ step: z.int(), heldOutLoss: loss }).optional()
})
export type TunedStage = z.infer<typeof stageSchema>

/** What came of the tuning. Paths are relative to the run's folder. */
const tunedSchema = z.object({
  /** What was changed; null: nothing yet. */
  patch: z.string().min(1).nullable(),
  /** A whole model that the patch belongs to; null: the base model. */
  base: z.string().min(1).nullable(),
  steps: z.int().min(0),
  stages: z.array(stageSchema)
})
export type TunedRecord = z.infer<typeof tunedSchema>

/** Seconds of work per phase and the largest memory in bytes, over all attempts. */
const clockSchema = z.object({
  retrieve: z.number().min(0),
  tune: z.number().min(0),
  evaluate: z.number().min(0),
  total: z.number().min(0),
  peakBytes: z.number().min(0)
})
export type ClockRecord = z.infer<typeof clockSchema>

const retrievedSchema = z.object({
  format: z.literal(1),
  strategy: strategySchema,
  seed: z.int(),
  /** Content hash of the upstream data. */
  dataset: z.string(),
  /** Fingerprint of the index that was searched; null: none. */
  index: z.string().nullable(),
  settings: retrievalSettingsSchema,
  queries: z.array(z.string()),
  /** Of each query, where inputs and answers were searched for together. */
  answers: z.array(z.string().nullable()).optional(),
  retrieved: z.array(retrievedExampleSchema.extend({ input: z.string(), outputs: z.array(z.string()) }))
})
export type RetrievedRecord = z.infer<typeof retrievedSchema>

export const runFiles = {
  asked: file('run.json', jobSchemas['run-strategy'].input, 'Delete the experiment and start it again.'),
  retrieved: file(
    'retrieved.json',
    retrievedSchema,
    'Delete the file: an unfinished run retrieves once more, a finished one keeps its answers and scores.'
  ),
  tuned: file('tuned.json', tunedSchema, again),
  takenOver: file('taken-over.json', z.object({ runId: z.string() }), again),
  provider: file('provider.json', z.string().min(1), again),
  clock: file('clock.json', clockSchema, again),
  result: file('result.json', jobSchemas['run-strategy'].output, again)
}

/** Of a stage of the tuning, by its name. */
export const stageFiles = {
  finished: (stage: string) => file(`${stage}.stage.json`, stageSchema, again),
  begun: (stage: string) => file(`${stage}.begun.json`, z.object({ firstLoss: loss }), again)
}

/** The answers to a target, one a line. */
export const answersName = (targetId: string): string => `predictions-${targetId}.jsonl`
export const unfinishedAnswersName = (targetId: string): string => `predictions-${targetId}.part`
export const answerLine: Omit<RunFile<z.infer<typeof predictionSchema>>, 'name'> = {
  schema: predictionSchema,
  wayOut: 'Delete the experiment and run it again.'
}

export const checkpointName = 'checkpoint'

/** What a file of a run's folder holds, by its name; null: answers, weights, a checkpoint, or none of a run's files. */
export function runFileNamed(name: string): RunFile<unknown> | null {
  const known = Object.values<RunFile<unknown>>(runFiles).find((one) => one.name === name)
  const [, stage, what] = /^(tuned[\d-]*)\.(stage|begun)\.json$/.exec(name) ?? []
  if (known || stage === undefined) return known ?? null
  return what === 'stage' ? stageFiles.finished(stage) : stageFiles.begun(stage)
}

export function isAnswersName(name: string): boolean {
  return name.startsWith('predictions-') && name.endsWith('.jsonl')
}

function file<T>(name: string, schema: z.ZodType<T>, wayOut: string): RunFile<T> {
  return { name, schema, wayOut }
}
