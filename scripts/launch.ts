import { spawn, type ChildProcess } from 'node:child_process'
import { openMessage } from '../src/main/contract/bridge.ts'

/** How a start of Electron went: it opened the lab and has ended, or it never came so far, for this reason. */
export type Launched = { exitCode: number } | { reason: string }

export interface Launch {
  command: string
  args: readonly string[]
  cwd: string
  /** How long a window may take to open, in milliseconds. */
  patience: number
}

/**
 * Starts Electron and waits for its end. Its main process says when the lab is open; one that dies before, by an abort of
 * Chromium's sandbox, for want of a display or as root, has shown nothing, and the caller opens the lab elsewhere.
 */
export function launchElectron({ command, args, cwd, patience }: Launch): Promise<Launched> {
  const child = spawn(command, args, { cwd, stdio: ['inherit', 'inherit', 'pipe', 'ipc'] })
  const said = lastWords(child)
  passSignalsOn(child)
  return new Promise((resolve) => {
    let open = false
    const late = setTimeout(() => {
      child.kill('SIGKILL')
      resolve({ reason: `Electron did not open a window within ${Math.round(patience / 1000)} seconds` })
    }, patience)
    child.on('message', (message) => {
      if (message !== openMessage) return
      open = true
      clearTimeout(late)
    })
    child.on('error', ({ message }) => {
      clearTimeout(late)
      resolve({ reason: `Electron cannot be started (${message})` })
    })
    child.on('exit', (code, signal) => {
      clearTimeout(late)
      if (open || code === 0) resolve({ exitCode: code ?? 1 })
      else resolve({ reason: reasonOf(code, signal, said()) })
    })
  })
}

/** Why Electron ended before its window was there, as far as it said so. */
export function reasonOf(code: number | null, signal: NodeJS.Signals | null, said: string): string {
  if (/without --no-sandbox is not supported/.test(said)) {
    return 'Electron does not run as root (in a container: npm start -- --no-sandbox)'
  }
  if (/sandbox/i.test(said)) return "this system does not let Electron use Chromium's sandbox"
  if (/X server|DISPLAY|ozone|wayland/i.test(said)) return 'Electron found no display'
  const library = /error while loading shared libraries: ([^:]+)/.exec(said)?.[1]
  if (library !== undefined) return `Electron needs the system library ${library}, which is not installed`
  return signal === null ? `Electron ended with code ${code}` : `Electron was ended by ${signal}`
}

/** Passes on what the child writes to stderr, and remembers the end of it. */
function lastWords(child: ChildProcess): () => string {
  let text = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    process.stderr.write(chunk)
    text = (text + chunk).slice(-4000)
  })
  return () => text
}

/** A terminal sends Ctrl-C to the child as well; elsewhere it is passed on. */
export function passSignalsOn(child: ChildProcess): void {
  process.on('SIGINT', () => (process.stdin.isTTY ? undefined : child.kill('SIGINT')))
  process.on('SIGTERM', () => child.kill('SIGTERM'))
}
