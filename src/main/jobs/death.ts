import type { WorkerExit } from './worker-process.ts'

/** What is known about a worker that ended before its job did. */
export interface Death {
  exit: WorkerExit
  /** The end of what it wrote to stderr. */
  lastWords: string
  /** Processes that the system has ended for want of memory while the job ran; null where it does not tell. */
  memoryKills: number | null
  platform: NodeJS.Platform
}

/** Stable names: they are the codes of errors and details that scripts may look at. */
export type CauseOfDeath =
  | 'out-of-memory-javascript'
  | 'out-of-memory-native'
  | 'out-of-memory-system'
  | 'killed'
  | 'stopped'
  | 'abort'
  | 'bad-access'
  | 'bad-instruction'
  | 'engine-fault'
  | 'uncaught-error'
  | 'no-result'
  | 'not-started'
  | 'unknown'

interface Row {
  cause: CauseOfDeath
  when: (death: Death) => boolean
}

/**
 * The first row that fits. What the process itself said comes first; then what the system says; a signal says least. Memory is
 * named only where one of them did.
 */
const rows: readonly Row[] = [
  { cause: 'out-of-memory-javascript', when: ({ lastWords }) => javascriptHeap.test(lastWords) },
  { cause: 'out-of-memory-native', when: ({ lastWords }) => nativeMemory.test(lastWords) },
  // Chromium's allocator ends a process like this, without a word, where a piece of memory cannot be had.
  { cause: 'out-of-memory-native', when: ({ exit }) => codeIn(exit, [0xe0000008, 0xc0000017, 0xc000012d]) },
  { cause: 'engine-fault', when: ({ lastWords }) => /Fatal error in|Check failed|Debug check failed/.test(lastWords) },
  { cause: 'out-of-memory-native', when: ({ exit }) => exit.host === 'electron' && isSignal(exit, 'SIGTRAP') },
  {
    cause: 'out-of-memory-system',
    when: ({ exit, memoryKills }) => isSignal(exit, 'SIGKILL') && (memoryKills ?? 0) > 0
  },
  { cause: 'killed', when: ({ exit }) => isSignal(exit, 'SIGKILL') },
  {
    cause: 'stopped',
    when: ({ exit }) => ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'].some((name) => isSignal(exit, name))
  },
  { cause: 'stopped', when: ({ exit }) => codeIn(exit, [0xc000013a, 0x40010004]) },
  { cause: 'bad-access', when: ({ exit }) => isSignal(exit, 'SIGSEGV') || isSignal(exit, 'SIGBUS') },
  { cause: 'bad-access', when: ({ exit }) => codeIn(exit, [0xc0000005, 0xc00000fd, 0xc0000374]) },
  { cause: 'bad-instruction', when: ({ exit }) => isSignal(exit, 'SIGILL') || codeIn(exit, [0xc000001d]) },
  { cause: 'engine-fault', when: ({ exit }) => isSignal(exit, 'SIGTRAP') || codeIn(exit, [0x80000003]) },
  {
    cause: 'abort',
    when: ({ exit }) => isSignal(exit, 'SIGABRT') || isSignal(exit, 'SIGFPE') || codeIn(exit, [0xc0000409])
  },
  { cause: 'not-started', when: ({ exit }) => codeIn(exit, [0xc0000135, 0xc0000142, 126, 127]) },
  { cause: 'uncaught-error', when: ({ exit, lastWords }) => exit.code === 1 && /^\s*at .+:\d+/m.test(lastWords) },
  { cause: 'no-result', when: ({ exit }) => exit.code === 0 },
  { cause: 'unknown', when: () => true }
]

const javascriptHeap = /heap out of memory|Reached heap limit|Ineffective mark-compacts|Array buffer allocation failed/i
const nativeMemory = /bad_alloc|Cannot allocate memory|failed to allocate|out of memory|Allocation failed|OOM error/i

export function causeOfDeath(death: Death): CauseOfDeath {
  const exit = plainExit(death.exit, death.platform)
  return rows.find(({ when }) => when({ ...death, exit }))!.cause
}

/** Numbers of signals where they are not the same on all systems. */
const signals: Record<number, string> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM'
}
/** Signals that Electron's number may mean; the others are what a program chose to end with. */
const fatal = [4, 5, 6, 7, 8, 9, 10, 11, 15]

/**
 * The exit as Node tells it. Electron gives the raw status of the system, where a signal is its number, with a bit of its own
 * where memory was dumped; a shell in between adds 128 to it.
 */
export function plainExit(exit: WorkerExit, platform: NodeJS.Platform): WorkerExit {
  const { code, signal, host } = exit
  if (signal !== null || code === null) return exit
  if (platform === 'win32') return { ...exit, code: code >>> 0 }
  const number = code & 0x7f
  const byShell = code > 128 && code < 160
  if (!byShell && !(host === 'electron' && fatal.includes(number) && (code === number || code === (number | 0x80))))
    return exit
  const name = signalName(number, platform)
  return name === undefined ? exit : { ...exit, code: null, signal: name }
}

function signalName(number: number, platform: NodeJS.Platform): string | undefined {
  if (number === (platform === 'darwin' ? 10 : 7)) return 'SIGBUS'
  return signals[number]
}

function isSignal(exit: WorkerExit, name: string): boolean {
  return exit.signal === name
}

function codeIn({ code }: WorkerExit, codes: readonly number[]): boolean {
  return code !== null && codes.includes(code >>> 0)
}
