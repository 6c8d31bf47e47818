import type { z } from 'zod'
import { LabError, problemsOf } from '../contract/error.ts'
import { jobSchemas, type JobKind } from '../contract/jobs.ts'
import type { QuestionKind, questionSchemas } from '../contract/questions.ts'

/** The input of a job as it is asked for: fields with a default may be missing. */
export type JobRequest<K extends JobKind> = z.input<(typeof jobSchemas)[K]['input']>

/** The same of a question. */
export type QuestionRequest<K extends QuestionKind> = z.input<(typeof questionSchemas)[K]['input']>

/** The input with its defaults. Throws `bad-job-input`. */
export function checkedInput<K extends JobKind>(kind: K, input: JobRequest<K>): unknown {
  const checked = jobSchemas[kind].input.safeParse(input)
  if (checked.success) return checked.data
  const problems = problemsOf(checked.error)
  throw new LabError('bad-job-input', `A "${kind}" job cannot start with this input. ${problems.join('; ')}.`, {
    details: { kind, problems }
  })
}
