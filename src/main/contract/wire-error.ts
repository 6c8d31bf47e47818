import { asErrorCode } from './error-codes.ts'
import { LabError, messageOf } from './error.ts'
import type { WireError } from './jobs.ts'

/** An error as plain data. Anything that is not a LabError is a bug and says so. */
export function toWireError(thrown: unknown): WireError {
  if (thrown instanceof LabError) {
    return {
      code: thrown.code,
      message: thrown.message,
      details: plain(thrown.details),
      cause: thrown.cause === undefined ? null : causeLine(thrown.cause)
    }
  }
  const stack = thrown instanceof Error && thrown.stack !== undefined ? { stack: thrown.stack } : {}
  const cause = thrown instanceof Error && thrown.cause !== undefined ? causeLine(thrown.cause) : null
  return { code: 'bug', message: messageOf(thrown), details: stack, cause }
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

function causeLine(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause !== undefined ? `: ${causeLine(cause.cause)}` : ''
  return `${messageOf(cause)}${inner}`
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
