import type { ZodError } from 'zod'
import { asErrorCode } from './error-codes.ts'
import { LabError, messageOf, problemsOf } from './error.ts'
import type { WireError } from './jobs.ts'

/** An error as plain data. Anything that is not a LabError is a bug and says so. */
export function toWireError(thrown: unknown): WireError {
  if (thrown instanceof LabError) {
    return {
      code: thrown.code,
      message: thrown.message,
      details: plain(thrown.details),
      cause: causeOf(thrown)
    }
  }
  const stack = thrown instanceof Error && thrown.stack !== undefined ? { stack: thrown.stack } : {}
  return {
    code: 'bug',
    message: messageOf(thrown),
    details: stack,
    cause: thrown instanceof Error ? causeOf(thrown) : null
  }
}

/** The LabError that was sent as plain data. */
export function fromWireError(error: WireError): LabError {
  return new LabError(asErrorCode(error.code), error.message, {
    details: error.details,
    ...(error.cause === null ? {} : { cause: error.cause })
  })
}

/** What a call to the backend threw, as a LabError with the backend's code. Lost connections get `disconnected`. */
export function fromCall(thrown: unknown): LabError {
  if (thrown instanceof LabError) return thrown
  const data: unknown = isRecord(thrown) ? thrown['data'] : undefined
  if (thrown instanceof Error && isRecord(data) && typeof data['code'] === 'string') {
    return new LabError(asErrorCode(data['code']), thrown.message, {
      details: isRecord(data['details']) ? data['details'] : {},
      ...(typeof data['cause'] === 'string' ? { cause: data['cause'] } : {})
    })
  }
  if (isRecord(thrown) && thrown['code'] === 'NOT_FOUND') {
    return new LabError('unknown-route', messageOf(thrown), { cause: thrown })
  }
  // What the wire says of its own end is for those who wrote it.
  if (/AsyncIdQueue|WebSocket is not open/.test(messageOf(thrown))) {
    return new LabError(
      'disconnected',
      'The lab that this was asked of has ended, or lost the connection. Start it again: what it was working on goes on, or waits with an offer to resume.',
      { cause: thrown }
    )
  }
  return new LabError('disconnected', messageOf(thrown), { cause: thrown })
}

/** Null also where the message has said all of it. */
function causeOf({ message, cause }: Error): string | null {
  if (cause === undefined) return null
  return isSchemaError(cause) && cause.issues.every((issue) => message.includes(issue.message))
    ? null
    : causeLine(cause)
}

function causeLine(cause: unknown): string {
  // The message of a schema's error is a document.
  if (isSchemaError(cause)) return problemsOf(cause).join('; ')
  const inner = cause instanceof Error && cause.cause !== undefined ? `: ${causeLine(cause.cause)}` : ''
  return `${messageOf(cause)}${inner}`
}

function isSchemaError(value: unknown): value is Pick<ZodError, 'issues'> {
  return value instanceof Error && 'issues' in value && Array.isArray(value.issues)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Details may hold anything; only what survives JSON crosses. */
function plain(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  try {
    return JSON.parse(JSON.stringify(details)) as Record<string, unknown>
  } catch {
    return {}
  }
}
