import { ORPCError } from '@orpc/client'
import { texts } from '../texts/texts.ts'

/** What went wrong, ready to show: a title, what to do about it, and the code for those who look it up. */
export interface Problem {
  title: string
  message: string
  code: string
  cause: string | null
  details: Record<string, unknown>
  /** true where the user can do something about it; false for a bug of ours. */
  expected: boolean
}

interface WireDetails {
  code: string
  details: Record<string, unknown>
  cause: string | null
}

/** Turns anything that was thrown into words. Errors of the lab keep their code, message and cause. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof AwayError) return plain(texts.problems.away, texts.problems.awayMessage, 'lab-away', true)
  if (isCallError(thrown)) return problemOfCall(thrown)
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return plain(texts.problems.bug, message, 'unexpected', false)
}

/** A screen's code that is no longer where it was when the page was loaded: the lab was updated since. */
export function staleScreen(thrown: unknown): Problem {
  const cause = thrown instanceof Error ? thrown.message : String(thrown)
  return { ...plain(texts.problems.stale, texts.problems.staleMessage, 'screen-not-loaded', true), cause }
}

function problemOfCall(error: ORPCError<string, unknown>): Problem {
  if (isWireDetails(error.data)) {
    const { code, details, cause } = error.data
    return { title: texts.problems.titleOf(code), message: error.message, code, cause, details, expected: true }
  }
  if (error.code === 'BAD_REQUEST') return plain(texts.problems.badInput, issuesOf(error), 'bad-input', true)
  return plain(texts.problems.bug, error.message, error.code.toLowerCase().replaceAll('_', '-'), false)
}

/** The connection to the backend is gone, and did not come back while we waited. */
export class AwayError extends Error {
  override readonly name = 'AwayError'
}

function plain(title: string, message: string, code: string, expected: boolean): Problem {
  return { title, message, code, cause: null, details: {}, expected }
}

function isCallError(thrown: unknown): thrown is ORPCError<string, unknown> {
  return thrown instanceof ORPCError
}

function isWireDetails(data: unknown): data is WireDetails {
  return typeof data === 'object' && data !== null && 'code' in data && typeof data.code === 'string'
}

/** A refused input lists its issues: "retrieval.budget: expected a number". */
function issuesOf(error: ORPCError<string, unknown>): string {
  const data = error.data
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues))
    return error.message
  const lines = (data.issues as { path?: (string | number | { key: string })[]; message?: string }[]).map((issue) => {
    const path = (issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : String(part))).join('.')
    return path ? `${path}: ${issue.message ?? ''}` : (issue.message ?? '')
  })
  return lines.join('\n') || error.message
}
