import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createORPCClient } from '@orpc/client'
import { _electron, expect, test as base, type Page } from '@playwright/test'
import { WebSocket } from 'ws'
import type { Job, JobKind } from '../../../src/main/contract/jobs.ts'
import { linkOver, requestEntrance } from '../../../src/main/hosts/connect.ts'
import { electronBinary } from '../../../src/main/hosts/electron-binary.ts'
import { HomeFolder } from '../../../src/main/store/home.ts'
import { readHolder } from '../../../src/main/store/home-lock.ts'
import type { Client } from '../../../src/renderer/src/api/client.ts'

const root = join(import.meta.dirname, '../../..')
export const node = process.execPath

/**
 * The real lab with real workers on an empty home, as `npm start` runs it: a server for a browser, or Electron. Both let
 * commands in at an address of this computer, and so this test's own client.
 */
export class RunningLab {
  readonly home: string
  readonly address: string
  readonly process: ChildProcess
  /** Electron's window; null where a browser of the test shows the lab. */
  readonly window: Page | null
  /** The lab's routes, for what a test prepares or checks beside the page. */
  readonly client: Client
  readonly #socket: WebSocket
  readonly #token: string

  readonly #close: () => Promise<void>

  private constructor(
    home: string,
    { address, token }: { address: string; token: string },
    started: ChildProcess,
    window: Page | null,
    close: () => Promise<void>
  ) {
    this.home = home
    this.address = address
    this.#token = token
    this.process = started
    this.window = window
    this.#close = close
    const authorization = `Bearer ${token}`
    this.#socket = new WebSocket(`ws://${new URL(address).host}/rpc`, { headers: { authorization } })
    this.client = createORPCClient<Client>(linkOver(this.#socket))
  }

  static async start(home: string): Promise<RunningLab> {
    const started = spawn(node, [join(root, 'out/main/server.js'), '--home', home], {
      stdio: ['ignore', 'pipe', 'inherit']
    })
    await new Promise<void>((resolve, reject) => {
      started.once('exit', (code) => reject(new Error(`The server ended with ${String(code)} before it was ready.`)))
      createInterface({ input: started.stdout }).on('line', (line) => {
        if (line.startsWith('http')) resolve()
      })
    })
    return new RunningLab(home, reachOf(home), started, null, async () => {
      if (started.exitCode !== null) return
      const ended = new Promise((resolve) => started.once('exit', resolve))
      started.kill('SIGINT')
      await ended
    })
  }

  static async startElectron(home: string, binary: string): Promise<RunningLab> {
    const app = await _electron.launch({
      executablePath: binary,
      args: [root, '--home', home, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]
    })
    const window = await app.firstWindow()
    await expect.poll(() => readHolder(new HomeFolder(home))?.address ?? null).not.toBeNull()
    return new RunningLab(home, reachOf(home), app.process(), window, () => app.close())
  }

  /** A new address, which lets one browser in. */
  entrance(): Promise<string> {
    return requestEntrance(this.address, this.#token)
  }

  /** Process ids of the workers. */
  workers(): Promise<number[]> {
    return descendants(this.process.pid ?? 0, this.window === null ? /./ : /NodeService/)
  }

  async stop(): Promise<void> {
    this.#socket.close()
    await this.#close()
  }
}

/** Where commands of this user reach the lab. */
function reachOf(home: string): { address: string; token: string } {
  const holder = readHolder(new HomeFolder(home))
  return { address: holder?.address ?? '', token: holder?.token ?? '' }
}

/** Process ids below a process, however deep, whose command fits: under Electron the window has processes of its own. */
async function descendants(pid: number, command: RegExp): Promise<number[]> {
  const lines = await output('ps', ['-eo', 'pid=,ppid=,args='])
  const all = lines
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .map(([child, parent, ...words]) => ({ child: Number(child), parent: Number(parent), words: words.join(' ') }))
  const below = (of: number): typeof all =>
    all.filter(({ parent }) => parent === of).flatMap((one) => [one, ...below(one.child)])
  return below(pid)
    .filter(({ words }) => command.test(words))
    .map(({ child }) => child)
}

/** The jobs of some kinds, the newest first. */
export async function setOfJobs(running: RunningLab, kinds: JobKind[]): Promise<Job[]> {
  const { jobs } = await running.client.jobs.list({ kinds })
  return jobs.sort((a, b) => b.createdAt.localeCompare(a.createdAt))
}

/** What the command line says about the same home; it talks to the server that holds it. */
export function lab(home: string, words: string[]): Promise<string> {
  return output(node, [join(root, 'out/main/cli.js'), '--home', home, '--json', ...words])
}

function output(command: string, words: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const started = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    let errors = ''
    started.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
    started.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    started.on('error', reject)
    started.on('exit', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`${words.join(' ')} ended with ${String(code)}: ${errors}${text}`))
    )
  })
}

const binary = electronBinary()
const screen = process.platform !== 'linux' || process.env['DISPLAY'] !== undefined

export const test = base.extend<{ running: RunningLab; enter: (address?: string) => Promise<void> }>({
  running: async ({}, use, info) => {
    const inElectron = info.project.name === 'electron'
    info.skip(inElectron && binary === null, "Electron's program has not been fetched on this machine")
    info.skip(inElectron && !screen, 'there is no screen; run with xvfb-run')
    const home = await mkdtemp(join(tmpdir(), 'recross-app-'))
    const running = inElectron ? await RunningLab.startElectron(home, binary ?? '') : await RunningLab.start(home)
    await use(running)
    await running.stop()
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  },
  page: async ({ running, context }, use) => use(running.window ?? (await context.newPage())),
  enter: async ({ page, running }, use) => {
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text())
    })
    await use(async (address = 'start') => {
      if (running.window === null) {
        await page.goto(await running.entrance())
        await page.waitForURL(running.address)
        await page.goto(new URL(`/#/${address}`, running.address).href)
      } else await page.evaluate((hash) => (location.hash = hash), `#/${address}`)
      await page.locator('main h1').first().waitFor()
    })
    expect(errors).toEqual([])
  }
})
export { expect, type Page }
