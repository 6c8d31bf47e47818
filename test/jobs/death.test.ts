import { describe, expect, test } from 'vitest'
import { jobKinds, jobPolicies } from '../../src/main/contract/jobs.ts'
import { describeCrash } from '../../src/main/jobs/crash.ts'
import { causeOfDeath, plainExit, type CauseOfDeath } from '../../src/main/jobs/death.ts'
import type { WorkerExit } from '../../src/main/jobs/worker-process.ts'

const by = (signal: string): WorkerExit => ({ code: null, signal })
const ended = (code: number): WorkerExit => ({ code, signal: null })
const electron = (code: number): WorkerExit => ({ code, signal: null, host: 'electron' })

const heap = `<--- Last few GCs --->
FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory
----- Native stack trace -----
 1: 0x75968e node::OOMErrorHandler(char const*, v8::OOMDetails const&)
 2: 0xb1c2d3 v8::Utils::ReportOOMFailure`
const native = "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc"
const check = '#\n# Fatal error in , line 0\n# Check failed: IsJSObject().\n#'
const thrown = 'Error: no such thing\n    at run (/lab/worker.js:10:3)\n    at main (/lab/worker.js:20:5)'

interface Row {
  of: string
  exit: WorkerExit
  words?: string
  kills?: number | null
  platform?: NodeJS.Platform
  is: CauseOfDeath
}

/** Every way in which a worker was seen, or is known, to end. */
const table: Row[] = [
  { of: 'kill -9 by a person', exit: by('SIGKILL'), kills: 0, is: 'killed' },
  { of: 'kill -9 where the system does not tell', exit: by('SIGKILL'), kills: null, is: 'killed' },
  { of: 'kill -9 under Electron', exit: electron(9), kills: 0, is: 'killed' },
  { of: 'the out-of-memory killer', exit: by('SIGKILL'), kills: 1, is: 'out-of-memory-system' },
  { of: 'the out-of-memory killer under Electron', exit: electron(9), kills: 2, is: 'out-of-memory-system' },
  { of: 'a full heap', exit: by('SIGABRT'), words: heap, is: 'out-of-memory-javascript' },
  { of: 'a full heap under Electron', exit: electron(5), words: heap, is: 'out-of-memory-javascript' },
  {
    of: 'an array buffer too much',
    exit: ended(1),
    words: 'RangeError: Array buffer allocation failed',
    is: 'out-of-memory-javascript'
  },
  { of: 'bad_alloc', exit: by('SIGABRT'), words: native, is: 'out-of-memory-native' },
  { of: 'mmap', exit: by('SIGSEGV'), words: 'mmap: Cannot allocate memory', is: 'out-of-memory-native' },
  { of: "Chromium's out-of-memory", exit: electron(5), is: 'out-of-memory-native' },
  { of: "Chromium's out-of-memory with a dump", exit: electron(133), is: 'out-of-memory-native' },
  {
    of: "Chromium's out-of-memory on Windows",
    exit: electron(0xe0000008 | 0),
    platform: 'win32',
    is: 'out-of-memory-native'
  },
  { of: 'no commit left on Windows', exit: ended(0xc000012d), platform: 'win32', is: 'out-of-memory-native' },
  { of: 'a trap in plain Node', exit: by('SIGTRAP'), is: 'engine-fault' },
  { of: 'a check of V8', exit: by('SIGTRAP'), words: check, is: 'engine-fault' },
  { of: 'a check of V8 under Electron', exit: electron(133), words: check, is: 'engine-fault' },
  { of: 'a breakpoint on Windows', exit: ended(0x80000003), platform: 'win32', is: 'engine-fault' },
  { of: 'an abort', exit: by('SIGABRT'), is: 'abort' },
  { of: 'an abort under Electron', exit: electron(6), is: 'abort' },
  { of: 'an abort with a dump under Electron', exit: electron(134), is: 'abort' },
  { of: 'an abort seen through a shell', exit: ended(134), is: 'abort' },
  { of: 'an abort on Windows', exit: ended(0xc0000409 | 0), platform: 'win32', is: 'abort' },
  { of: 'a division by zero', exit: by('SIGFPE'), is: 'abort' },
  { of: 'memory of others', exit: by('SIGSEGV'), is: 'bad-access' },
  { of: 'memory of others under Electron', exit: electron(11), is: 'bad-access' },
  { of: 'memory of others with a dump', exit: electron(139), is: 'bad-access' },
  { of: 'a file cut under a mapping', exit: by('SIGBUS'), is: 'bad-access' },
  { of: 'a file cut under a mapping, Electron on Linux', exit: electron(7), is: 'bad-access' },
  { of: 'a file cut under a mapping, Electron on macOS', exit: electron(10), platform: 'darwin', is: 'bad-access' },
  { of: 'an access violation', exit: ended(0xc0000005 | 0), platform: 'win32', is: 'bad-access' },
  { of: 'a stack that ran over', exit: ended(0xc00000fd), platform: 'win32', is: 'bad-access' },
  { of: 'an instruction of a newer processor', exit: by('SIGILL'), is: 'bad-instruction' },
  { of: 'an instruction of a newer processor, Electron', exit: electron(4), is: 'bad-instruction' },
  {
    of: 'an instruction of a newer processor, Windows',
    exit: ended(0xc000001d),
    platform: 'win32',
    is: 'bad-instruction'
  },
  { of: 'a shutdown', exit: by('SIGTERM'), is: 'stopped' },
  { of: 'a shutdown under Electron', exit: electron(15), is: 'stopped' },
  { of: 'Ctrl-C on Windows', exit: ended(0xc000013a | 0), platform: 'win32', is: 'stopped' },
  { of: 'a library that is not there', exit: ended(0xc0000135), platform: 'win32', is: 'not-started' },
  { of: 'a program that is not there', exit: ended(127), is: 'not-started' },
  { of: 'an error that nobody caught', exit: ended(1), words: thrown, is: 'uncaught-error' },
  { of: 'an end without a result', exit: ended(0), is: 'no-result' },
  { of: 'an end without a result under Electron', exit: electron(0), is: 'no-result' },
  { of: 'a code of its own', exit: ended(3), is: 'unknown' },
  { of: 'a code of its own under Electron', exit: electron(3), is: 'unknown' },
  { of: 'nothing at all', exit: { code: null, signal: null }, is: 'unknown' }
]

const deathOf = ({ exit, words = '', kills = 0, platform = 'linux' }: Row) => ({
  exit,
  lastWords: words,
  memoryKills: kills,
  platform
})

describe('a worker that died of', () => {
  test.each(table)('$of', (row) => {
    expect(causeOfDeath(deathOf(row))).toBe(row.is)
  })
})

test('memory is named where it was the cause, and nowhere else; each sentence says what to do', () => {
  for (const row of table) {
    for (const kind of jobKinds) {
      const { message, code } = describeCrash(kind, deathOf(row), 0)
      const memory = row.is.startsWith('out-of-memory')
      expect(/out of memory|memory ran out|more memory|smaller (model|batch|encoder)/.test(message), message).toBe(
        memory
      )
      expect(code).toBe(memory ? 'out-of-memory' : 'worker-crashed')
      expect(message).toMatch(/Retry|[Tt]ry |retry|report|Close other programs|doctor/)
      if (kind === 'import-dataset') expect(message).not.toMatch(/model|batch|LoRA/)
    }
  }
})

test('what computes with a model says what makes it need less', () => {
  const row = table.find(({ is }) => is.startsWith('out-of-memory'))!
  for (const kind of jobKinds.filter((one) => jobPolicies[one].resource === 'accelerator'))
    expect(describeCrash(kind, deathOf(row), 0).message, kind).toMatch(/smaller (model|encoder)/)
})

test('the line that is shown as the cause says something', () => {
  const causeLine = (words: string) =>
    describeCrash('download', deathOf({ of: '', exit: by('SIGABRT'), words, is: 'abort' }), 0).cause
  expect(causeLine(heap)).toBe('FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory')
  expect(causeLine(native)).toBe("terminate called after throwing an instance of 'std::bad_alloc'")
  expect(causeLine(thrown)).toBe('Error: no such thing')
  expect(causeLine('')).toBeNull()
})

test('an exit code that a program chose stays what it is', () => {
  for (const code of [1, 2, 3, 12, 100, 127]) expect(plainExit(electron(code), 'linux').code, String(code)).toBe(code)
  for (const code of [4, 5, 6, 9, 11, 15]) expect(plainExit(ended(code), 'linux').code, String(code)).toBe(code)
})
