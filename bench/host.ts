import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { projectFolder } from '../src/main/hosts/project.ts'
import { buildIfStale } from '../scripts/build.ts'
import { longList, warmWorkers } from './host-jobs.ts'
import { connectTo, withBrowser, withHome, withHost, type Report } from './host-process.ts'
import { coldStart } from './host-start.ts'
import { sized } from './size.ts'
import { milliseconds, type BenchSuite } from './suite.ts'
import { median } from '../src/main/sums/sums.ts'

const calls = sized(2000, 50)

/** The built browser host: cold start, memory at rest, a small call, a long job list. */
export const suite: BenchSuite = {
  name: 'host',
  async run(report) {
    if (!buildIfStale()) throw new Error('The build failed.')
    await withBrowser(async (browser) => {
      if (browser !== null) await coldStart(browser, report)
      await memoryAtRest(report)
      await roundTrip(report)
      await warmWorkers(report)
      await longList(browser, report)
    })
  }
}

async function memoryAtRest(report: Report): Promise<void> {
  if (process.platform !== 'linux') return
  await withHome((home) =>
    withHost(home, async (host) => {
      const { child } = host
      const { client, close } = await connectTo(host)
      await client.lab.home()
      await sleep(sized(5000, 100))
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      const value = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1000
      const detail = 'resident memory of the backend with one client, no jobs'
      report({ name: 'memory at rest', value, unit: 'MB', aim: 'under 200 MB', holds: value < 200, detail })
      await close()
    })
  )
}

/** A small call through the whole stack, beside bare messages over the same kind of socket in the same run. */
async function roundTrip(report: Report): Promise<void> {
  await withHome((home) =>
    withHost(home, async (host) => {
      const { client, close } = await connectTo(host)
      const echo = await startEcho()
      const ours: number[] = []
      const bare: number[] = []
      for (let i = 0; i < calls; i++) {
        ours.push(await milliseconds(() => client.lab.settings()))
        bare.push(await milliseconds(() => echo.call()))
      }
      // The first calls meet cold code.
      const value = median(ours.slice(calls / 10))
      const floor = median(bare.slice(calls / 10))
      const p99 = [...ours].sort((a, b) => a - b)[Math.floor(calls * 0.99)]!
      report({
        name: 'round trip of a small call over WebSocket',
        value,
        unit: 'ms',
        aim: 'median under 2 ms',
        holds: value < 2,
        detail: `99th percentile ${p99.toFixed(2)} ms; bare echo over ws ${floor.toFixed(3)} ms, ratio ${(value / floor).toFixed(1)}`
      })
      await close()
      echo.close()
    })
  )
}

/** A bare echo in a process of its own: the same way, with nothing done at its end. */
async function startEcho(): Promise<{ call: () => Promise<void>; close: () => void }> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', echoProgram], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: projectFolder()
  })
  const port = await new Promise<string>((resolve) =>
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()))
  )
  const socket = new WebSocket(`ws://127.0.0.1:${port}`)
  await new Promise((resolve) => socket.once('open', resolve))
  return {
    call: () =>
      new Promise((resolve) => {
        socket.once('message', () => resolve())
        socket.send('{"i":"1","p":{"u":"/lab/settings"}}')
      }),
    close: () => {
      socket.terminate()
      child.kill()
    }
  }
}

const echoProgram = `
import { WebSocketServer } from 'ws'
const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
server.on('connection', (socket) => socket.on('message', (data) => socket.send(data)))
server.on('listening', () => console.log(server.address().port))
`
