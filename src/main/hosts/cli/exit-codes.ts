import type { ErrorCode } from '../../contract/error-codes.ts'

/** What the command line ends with. Scripts rely on these: they are documented in README.md. */
export const exitCodes = {
  done: 0,
  /** The lab said no; the message tells why. */
  failed: 1,
  /** The command line itself was not understood. */
  usage: 2,
  /** Another process holds the home and cannot be asked. */
  homeInUse: 3,
  /** A job ended as failed, crashed, cancelled or interrupted. */
  jobFailed: 4,
  /** An id or a name means nothing here, or several things. */
  unknown: 5,
  /** What would be written is there already. */
  exists: 6,
  /** Ctrl-C. */
  interrupted: 130
} as const

const byCode: Partial<Record<ErrorCode, number>> = {
  usage: exitCodes.usage,
  'bad-option': exitCodes.usage,
  'bad-rule': exitCodes.usage,
  'label-words': exitCodes.usage,
  template: exitCodes.usage,
  'home-in-use': exitCodes.homeInUse,
  'job-not-finished': exitCodes.jobFailed,
  'not-found': exitCodes.unknown,
  'name-ambiguous': exitCodes.unknown,
  'no-such-setting': exitCodes.unknown,
  'file-exists': exitCodes.exists,
  'folder-taken': exitCodes.exists
}

/** The exit code of a command that an error ended. */
export function exitCodeOf(code: ErrorCode): number {
  return byCode[code] ?? exitCodes.failed
}
