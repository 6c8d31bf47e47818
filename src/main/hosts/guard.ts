import { messageOf } from '../contract/error.ts'

/** What a lost or broken connection throws in the sockets of Node: it concerns that connection alone. */
const connectionCodes: readonly string[] = [
  'ECONNRESET',
  'ECONNABORTED',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTCONN',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_IPC_CHANNEL_CLOSED',
  'ERR_INVALID_URL',
  'ERR_HTTP_HEADERS_SENT',
  'ERR_INVALID_CHAR'
]

export interface Guard {
  /** Takes the guard away again. */
  stop(): void
}

/**
 * The last net under a host that others rely on: jobs of hours are not lost to one mistake of ours that nobody caught.
 *
 * - A promise that fails unheard, or a connection that breaks, leaves everything else as it was: it is written to stderr,
 *   and the host lives on.
 * - Anything else that was thrown outside of all handlers may have left half a change behind. The lab is closed in order,
 *   so that its jobs are taken up at the next start, and the process ends with 1.
 */
export function guard(close: () => Promise<void>, exit: (code: number) => void = (code) => process.exit(code)): Guard {
  let ending = false
  const unheard = (reason: unknown) => write('A promise failed and nobody listened; the lab goes on.', reason)
  const uncaught = (error: unknown) => {
    if (isConnectionError(error)) return write('A connection broke; the lab goes on.', error)
    if (ending) return
    ending = true
    write(
      'The lab has a fault and closes, so that nothing is damaged. Start it again: its jobs go on. The fault:',
      error
    )
    const end = () => exit(1)
    // Whatever hangs while closing must not keep a broken process alive.
    setTimeout(end, closeMilliseconds).unref()
    void close().then(end, end)
  }
  process.on('unhandledRejection', unheard)
  process.on('uncaughtException', uncaught)
  return {
    stop: () => {
      process.off('unhandledRejection', unheard)
      process.off('uncaughtException', uncaught)
    }
  }
}

const closeMilliseconds = 10_000

function isConnectionError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && connectionCodes.includes(String(error.code))
}

function write(what: string, reason: unknown): void {
  const text = reason instanceof Error ? (reason.stack ?? reason.message) : messageOf(reason)
  try {
    process.stderr.write(`${what}\n${text}\n`)
  } catch {
    // Nobody reads what we say; that is no reason to end.
  }
}
