import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeWholeNow } from '../../files/durable.ts'
import { readJson } from './read-json.ts'

interface Started {
  pid: number
  /** When the system started it: a number that was given to another process is not taken for it. */
  since: string | null
}

/** Starts a worker on a folder, detached: it outlives the agent and the connection. What it writes goes into `log`. */
export function startProcess(folder: string, worker: string): void {
  const log = openSync(join(folder, 'log'), 'a', 0o600)
  try {
    const child = spawn(process.execPath, [worker, folder], {
      detached: true,
      stdio: ['ignore', log, log],
      cwd: folder
    })
    child.on('error', () => undefined)
    child.unref()
    const started: Started = { pid: child.pid ?? 0, since: startOf(child.pid ?? 0) }
    writeWholeNow(join(folder, 'process.json'), JSON.stringify(started))
  } finally {
    closeSync(log)
  }
}

/** Is the process that was started for a folder alive? Null: none was. */
export function processLives(folder: string): boolean | null {
  const started = readJson<Started>(join(folder, 'process.json'))
  if (started === null) return null
  return alive(started)
}

/** Ends it at once. */
export function stopProcess(folder: string): void {
  const started = readJson<Started>(join(folder, 'process.json'))
  if (started !== null && alive(started)) process.kill(started.pid, 'SIGKILL')
}

function alive({ pid, since }: Started): boolean {
  if (pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  const now = startOf(pid)
  return now === null || since === null || now === since
}

/** Start of a process in ticks since the machine's start, where the system tells; a zombie counts as ended. */
function startOf(pid: number): string | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ')
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? null)
  } catch {
    return null
  }
}
