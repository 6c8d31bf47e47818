import type { z } from 'zod'

/** What of the lab a piece of work reads, as its input names it. */
export interface Uses {
  /** Ids of models. */
  models?: readonly string[]
  /** Folders of data sets. */
  data?: readonly string[]
  /** Ids of minings. */
  minings?: readonly string[]
  /** Rows that a model takes together; 1 where nothing says more. */
  batchSize?: number
}

/** How the queue treats a kind of job. */
export interface JobPolicy {
  /** accelerator: one at a time, or as many as the cores that they ask for allow; cpu: as many as there are cores; io: freely. */
  resource: 'accelerator' | 'cpu' | 'io'
  /** After a lab restart the job goes on by itself from what it left in its folder; otherwise it waits for the user. */
  resumes: boolean
  /** How often a crashed worker is tried again by itself. Only where doing the work twice is harmless. */
  retries: number
  /** Whether it may compute at a place: it reads files of the home alone, and all that it makes lies in its own folder. */
  elsewhere: boolean
  /**
   * The longest that one step may take, in seconds. Work on foreign files goes in small steps: one that takes minutes comes of a
   * file that is damaged, or made so that reading it never ends. Left out where a single step may rightly be long.
   */
  stepSeconds?: number
}

/** How a kind of question is answered. */
interface QuestionPolicy {
  /**
   * accelerator: only while nothing else computes, as it measures or uses all cores; else at once, beside whatever runs.
   */
  resource: 'accelerator' | 'cpu'
  /** How often a crashed worker is tried again by itself. Nothing is written, so that doing it twice is harmless. */
  retries: number
  /** After so many seconds nobody waits any more: it is stopped. */
  seconds: number
}

interface Work<Input extends z.ZodType, Output extends z.ZodType> {
  /** Schema of what it is asked with. */
  input: Input
  /** Schema of what it gives. */
  output: Output
  /** What of the lab it reads. */
  uses(input: z.output<Input>): Uses
  /** What a person can choose so that it needs less memory, as it stands behind "Close other programs, or"; left out: nothing. */
  lessMemory?: string
}

interface JobRow<Input extends z.ZodType, Output extends z.ZodType> extends Work<Input, Output> {
  /** How the queue treats it. */
  policy: JobPolicy
}

interface QuestionRow<Input extends z.ZodType, Output extends z.ZodType> extends Work<Input, Output> {
  /** How it is answered. */
  policy: QuestionPolicy
}

/** A kind of job: its schemas, how the queue treats it, what of the lab it reads. One that says less does not compile. */
export function jobKind<Input extends z.ZodType, Output extends z.ZodType>(
  row: JobRow<Input, Output>
): Readonly<JobRow<Input, Output>> {
  return row
}

/** A kind of question, likewise. */
export function questionKind<Input extends z.ZodType, Output extends z.ZodType>(
  row: QuestionRow<Input, Output>
): Readonly<QuestionRow<Input, Output>> {
  return row
}

/** A part of a job, which is queued with it. */
export function partKind<Input extends z.ZodType, Output extends z.ZodType>(
  row: Work<Input, Output>
): Readonly<Work<Input, Output>> {
  return row
}

/** What work reads that names nothing of the lab. */
export const nothing = (): Uses => ({})
