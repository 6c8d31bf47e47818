import { Worker } from 'node:worker_threads'
import { heartbeatMark } from '../contract/worker-messages.ts'

const beatMilliseconds = 1000
const tickMilliseconds = 250

/**
 * A thread of its own tells the backend, on stdout, that this process lives, how long its main thread has been silent
 * and how much it computes: a long matrix product is slow, not hung. When nobody reads any more the lab is gone, and the
 * thread ends the process even if the main thread cannot.
 */
export function startHeartbeat(): void {
  const shared = new BigInt64Array(new SharedArrayBuffer(8))
  // A clock that both threads share and that nobody can set.
  const tick = () => Atomics.store(shared, 0, process.hrtime.bigint() / 1_000_000n)
  tick()
  setInterval(tick, tickMilliseconds).unref()
  const workerData = { shared, mark: heartbeatMark, beat: beatMilliseconds, parent: process.ppid }
  new Worker(thread, { eval: true, workerData, stderr: false, stdout: false }).unref()
}

/** Plain JavaScript in a string: bundlers leave it alone, and it needs no file of its own. */
const thread = `
const { workerData: { shared, mark, beat, parent } } = require('node:worker_threads')
const { writeSync } = require('node:fs')
let used = 0
setInterval(() => {
  const { user, system } = process.cpuUsage()
  const total = (user + system) / 1000
  const line = { quiet: Number(process.hrtime.bigint() / 1000000n - Atomics.load(shared, 0)), cpu: Math.round(total - used), rss: process.memoryUsage.rss() }
  used = total
  try {
    writeSync(1, mark + JSON.stringify(line) + '\\n')
  } catch (error) {
    if (error.code !== 'EAGAIN') process.kill(process.pid, 'SIGKILL')
  }
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
}, beat)
`
