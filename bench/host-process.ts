import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright'
import { findBrowser } from '../src/main/hosts/browser.ts'
import { connect } from '../src/main/hosts/connect.ts'
import { projectFolder } from '../src/main/hosts/project.ts'
import { HomeFolder } from '../src/main/store/home.ts'
import { readHolder } from '../src/main/store/home-lock.ts'
import type { BenchResult } from './suite.ts'

export type Report = (result: BenchResult) => void

/** A built browser host in a process of its own. */
export interface Host {
  child: ChildProcess
  /** Lets one browser in. */
  entrance: URL
  token: string
  /** Date.now() when the process was started. */
  startedAt: number
}

export async function withHost<T>(home: string, work: (host: Host) => Promise<T>): Promise<T> {
  const startedAt = Date.now()
  const child = spawn(process.execPath, [join(projectFolder(), 'out/main/server.js'), '--home', home], {
    stdio: ['ignore', 'pipe', 'inherit']
  })
  try {
    const text = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()))
      child.once('exit', () => reject(new Error('The server ended at once.')))
    })
    const holder = readHolder(new HomeFolder(home))
    return await work({ child, startedAt, entrance: new URL(text.trim()), token: holder?.token ?? '' })
  } finally {
    const gone = new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode === null) {
      child.kill('SIGTERM')
      await gone
    }
  }
}

export async function withHome<T>(work: (home: string) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'recross-bench-'))
  try {
    return await work(home)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

export async function withBrowser(work: (browser: Browser | null) => Promise<void>): Promise<void> {
  const found = findBrowser()
  const browser = found === null ? null : await chromium.launch({ executablePath: found.path, args: ['--no-sandbox'] })
  try {
    await work(browser)
  } finally {
    await browser?.close()
  }
}

export async function newPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  return context.newPage()
}

export function connectTo({ entrance, token }: Host) {
  return connect(`${entrance.origin}/`, token)
}
