import { fork } from 'node:child_process'
import type { FromWorker } from '../contract/worker-messages.ts'
import type { WorkerProcess, WorkerStarter } from '../jobs/worker-process.ts'

/**
 * On a computer with much memory Node lets what a program made last grow to 134 MB before it looks what is still needed, and every long
 * job gets there. A worker's large things lie elsewhere: with 16 MB a half a million rows are imported as fast, in 160 MB less.
 */
export const workerFlags: readonly string[] = ['--max-semi-space-size=16']

/** Starts workers as child processes of plain Node. `entry` is the worker's file, bundled or source. */
export function forkStarter(
  entry: string,
  execArgv: readonly string[] = [],
  execPath = process.execPath
): WorkerStarter {
  return { start: () => start(entry, execArgv, execPath) }
}

function start(entry: string, execArgv: readonly string[], execPath: string): WorkerProcess {
  const child = fork(entry, [], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    execArgv: [...workerFlags, ...execArgv],
    execPath
  })
  // A message to a worker that has just died is lost; its exit tells the rest.
  child.on('error', () => undefined)
  return {
    pid: child.pid,
    send: (message) => void (child.connected && child.send(message, () => undefined)),
    kill: () => void child.kill('SIGKILL'),
    onMessage: (listener) => child.on('message', (message) => listener(message as FromWorker)),
    onOutput: (listener) => {
      for (const stream of ['stdout', 'stderr'] as const) {
        child[stream]?.setEncoding('utf8').on('data', (text: string) => listener(stream, text))
      }
    },
    // 'close' comes after both streams have ended, so that the last words are complete.
    onExit: (listener) => child.on('close', (code, signal) => listener({ code, signal }))
  }
}
