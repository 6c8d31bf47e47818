import type { ZodError } from 'zod'
import type { ErrorCode } from './error-codes.ts'

/**
 * An error that a person can act on: something about the input, the files or the machine is not as it must be.
 * A bug stays an ordinary Error. The code is stable, the message names the thing, what was expected and what to do.
 */
export class LabError extends Error {
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      /** What was thrown before it, and led to it. */
      cause?: unknown
      /** What a program may want to know: names, numbers, paths. */
      details?: Record<string, unknown>
    } = {}
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'LabError'
    this.code = code
    this.details = options.details ?? {}
  }
}

/** The message of anything that was thrown, for logs and for `cause` lines. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

/** What a schema says is wrong, a line for each field: `tune.epochs: Too small`. */
export function problemsOf(error: Pick<ZodError, 'issues'>): string[] {
  return error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`)
}
