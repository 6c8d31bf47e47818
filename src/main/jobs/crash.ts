import type { WireError } from '../contract/jobs.ts'
import { workSchemas, type WorkKind } from '../contract/work.ts'
import { causeOfDeath, plainExit, type CauseOfDeath, type Death } from './death.ts'

/** Why a worker died, in words a person can act on, with what it printed last. `rss`: resident bytes at its last heartbeat. */
export function describeCrash(kind: WorkKind, death: Death, rss: number): WireError {
  const { lastWords } = death
  const cause = causeOfDeath(death)
  const exit = plainExit(death.exit, death.platform)
  return {
    code: cause.startsWith('out-of-memory') ? 'out-of-memory' : 'worker-crashed',
    message: `The worker process of this ${kind} job ended before the job did: ${sentenceOf(cause, kind, exit)}`,
    details: { cause, exitCode: exit.code, signal: exit.signal, lastWords, residentBytes: rss },
    cause: tellingLine(lastWords)
  }
}

/** A worker that lives, and does nothing. */
export function describeHang(kind: WorkKind, lastWords: string, rss: number): WireError {
  return {
    code: 'worker-hung',
    message: `The worker process of this ${kind} job neither answered nor computed for a long time and was stopped. If this happens again, report it with the log.`,
    details: { cause: 'hung', lastWords, residentBytes: rss },
    cause: tellingLine(lastWords)
  }
}

/** A worker that was in one step for longer than its kind of work ever is. */
export function describeSpin(kind: WorkKind, seconds: number): WireError {
  return {
    code: 'too-slow',
    message: `One step of this ${kind} job took more than ${seconds} seconds and was stopped. The file is damaged, or made so that reading it never ends: get it again, or save it in another format.`,
    details: { kind, seconds },
    cause: null
  }
}

function sentenceOf(
  cause: CauseOfDeath,
  kind: WorkKind,
  { code, signal }: { code: number | null; signal: string | null }
): string {
  switch (cause) {
    case 'out-of-memory-javascript':
      return `it ran out of memory for JavaScript objects. ${needLess(kind)}`
    case 'out-of-memory-native':
      return `it ran out of memory: the system did not give it a piece that it needed. ${needLess(kind)}`
    case 'out-of-memory-system':
      return `the system ended it because memory ran out. ${needLess(kind)}`
    case 'killed':
      return 'it was killed from outside (SIGKILL), by a person or a program; the system does not say by whom. Retry the job.'
    case 'stopped':
      return `it was asked to end from outside${signal === null ? '' : ` (${signal})`}, for instance by a shutdown. Retry the job.`
    case 'abort':
      return `native code gave up and aborted (${signal ?? hex(code)}). Its last words are in the log; if it happens again, try the CPU provider and report it.`
    case 'bad-access':
      return `native code touched memory it does not own (${signal ?? hex(code)}). Try the CPU provider; its last words are in the log, to report if it happens again.`
    case 'bad-instruction':
      return 'native code used an instruction that this processor does not have. Try the CPU provider, and report it with the output of "doctor".'
    case 'engine-fault':
      return 'the JavaScript engine found a fault in itself and stopped. Retry the job; if it happens again, report it with the log.'
    case 'uncaught-error':
      return 'an error in it was caught nowhere: a bug of the lab. Please report it with the log.'
    case 'no-result':
      return 'it ended as if it were done, but without a result, and said nothing of a reason. Retry the job; if it happens again, report it with the log.'
    case 'not-started':
      return `its program could not be started (${hex(code)}): a part of the installation is missing. Run "doctor", or install again.`
    case 'unknown':
      return `why is not known (${signal ?? hex(code)}). Its last words are in the log; retry the job.`
  }
}

/** What to change where memory was the cause, as the kind's own row says it. */
function needLess(kind: WorkKind): string {
  const { lessMemory = 'use a computer with more memory' }: { lessMemory?: string } = workSchemas[kind]
  return `Close other programs, or ${lessMemory}.`
}

function hex(code: number | null): string {
  if (code === null) return 'no exit code'
  return code > 255 ? `exit code 0x${(code >>> 0).toString(16).toUpperCase()}` : `exit code ${code}`
}

/** The line that says most: a stack of addresses says nothing. */
function tellingLine(text: string): string | null {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(\d+: 0x|0x|#\d+ |-+$|at )/.test(line))
  const telling = lines.findLast((line) => /FATAL|Error|error:|abort|terminate|memory/.test(line))
  return telling ?? lines.at(-1) ?? null
}
