import type { UtilityProcess } from 'electron'
import type { FromWorker } from '../../contract/worker-messages.ts'
import type { WorkerProcess, WorkerStarter } from '../../jobs/worker-process.ts'
import type { ElectronParts } from './parts.ts'

/** How long a worker that has exited may still be heard, in milliseconds. */
const lastWordsMilliseconds = 500

/** Starts workers as utility processes of Electron, from the same entry file as everywhere. */
export function utilityStarter({ utilityProcess }: ElectronParts, entry: string): WorkerStarter {
  return {
    start: () =>
      wrap(utilityProcess.fork(entry, [], { stdio: ['ignore', 'pipe', 'pipe'], serviceName: 'ReCross Lab worker' }))
  }
}

function wrap(child: UtilityProcess): WorkerProcess {
  return {
    get pid() {
      return child.pid
    },
    send: (message) => child.postMessage(message),
    kill: () => end(child),
    onMessage: (listener) => void child.on('message', (message) => listener(message as FromWorker)),
    onOutput: (listener) => {
      for (const stream of ['stdout', 'stderr'] as const) {
        child[stream]?.on('data', (chunk: Buffer) => listener(stream, chunk.toString('utf8')))
      }
    },
    onExit: (listener) =>
      void child.on(
        'exit',
        (code) => void streamsEnded(child).then(() => listener({ code, signal: null, host: 'electron' }))
      )
  }
}

function end(child: UtilityProcess): void {
  try {
    // Electron's own kill asks politely; a worker that does not listen must end too.
    if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
  } catch {
    child.kill()
  }
}

async function streamsEnded(child: UtilityProcess): Promise<void> {
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null)
  const ended = streams.map((stream) => new Promise((resolve) => stream.once('end', resolve)))
  await Promise.race([Promise.all(ended), new Promise((resolve) => setTimeout(resolve, lastWordsMilliseconds))])
}
