import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from '@playwright/test'
import { findBrowser } from '../src/main/hosts/browser.ts'
import { connect, requestEntrance } from '../src/main/hosts/connect.ts'
import { projectFolder } from '../src/main/hosts/project.ts'
import { findHome, HomeFolder } from '../src/main/store/home.ts'
import { readHolder } from '../src/main/store/home-lock.ts'
import { buildIfStale } from './build.ts'

/**
 * `node scripts/demo-picture.ts [--home <folder>]`: makes docs/compare.png anew, which the README shows, from the results of a
 * demo that has finished in that home. Made after every change that moves the demo's numbers or the look of Compare.
 */
const at = process.argv.indexOf('--home')
const home = findHome(at < 0 ? undefined : process.argv[at + 1])
const browser = findBrowser()
if (browser === null) throw new Error('No Chromium or Chrome is on this machine.')
if (!buildIfStale()) process.exit(1)

const server = spawn(process.execPath, ['out/main/server.js', '--home', home], {
  cwd: projectFolder(),
  stdio: ['ignore', 'pipe', 'inherit']
})
try {
  await new Promise<void>((resolve, reject) => {
    server.once('exit', (code) => reject(new Error(`The server ended with ${String(code)} before it was ready.`)))
    createInterface({ input: server.stdout }).on('line', (line) => (line.startsWith('http') ? resolve() : undefined))
  })
  const { address, token } = readHolder(new HomeFolder(home)) ?? {}
  if (address == null || token == null) throw new Error(`The lab in ${home} says nowhere how it is reached.`)
  await picture(address, token)
} finally {
  server.kill('SIGINT')
}

async function picture(address: string, token: string): Promise<void> {
  const { client, close } = await connect(address, token)
  const demo = (await client.experiments.list({})).find(
    ({ status, spec }) => status === 'finished' && spec.name.startsWith('Demo')
  )
  await close()
  if (demo === undefined) throw new Error(`No demo has finished in ${home}. Run it first: npm run demo`)
  const window = await chromium.launch({ executablePath: browser!.path, args: ['--no-sandbox'] })
  const page = await window.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
  await page.goto(await requestEntrance(address, token))
  await page.goto(new URL(`/#/compare/${demo.id}`, address).href)
  await page.getByRole('cell').first().waitFor({ timeout: 300_000 })
  await page.evaluate(() => document.fonts.ready)
  await page.waitForTimeout(500)
  const path = join(projectFolder(), 'docs', 'compare.png')
  await page.screenshot({ path })
  await window.close()
  process.stdout.write(`${path}: ${demo.spec.name}, ${demo.finishedRuns} runs, ${demo.finishedAt ?? ''}\n`)
}
