import { spawn } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { node } from './fixture.ts'

const root = join(import.meta.dirname, '../../..')

/** Runs whatever happened in the test, last things first. */
const endings: (() => unknown)[] = []
test.afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

function temporary(parent: string): string {
  const folder = mkdtempSync(join(parent, 'recross-start-'))
  endings.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/** A start on a machine with a screen, where Electron's program neither is nor can be fetched. */
function start(folder: string, script: string, options: string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(node, [script, ...options], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      DISPLAY: ':99',
      ELECTRON_OVERRIDE_DIST_PATH: '/nowhere',
      ELECTRON_MIRROR: 'http://127.0.0.1:9/',
      ...env
    }
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  endings.push(() => {
    child.kill('SIGTERM')
    return ended
  })
  return { said: () => text, ended }
}

/** A browser that only notes what it was called with. */
function noteBrowser(folder: string) {
  const path = join(folder, 'chromium')
  const notes = join(folder, 'called-with')
  writeFileSync(path, `#!/bin/sh\necho "$@" > "${notes}.part" && mv "${notes}.part" "${notes}"\n`)
  chmodSync(path, 0o755)
  const opened = async (): Promise<string> => {
    await expect.poll(() => existsSync(notes), { timeout: 60_000 }).toBe(true)
    const words = readFileSync(notes, 'utf8').trim()
    rmSync(notes)
    return words
  }
  return { path, opened }
}

async function headingOf(page: Page, address: string): Promise<void> {
  await page.goto(address)
  await expect(page.locator('main h1').first()).toBeVisible()
}

test.skip(process.platform === 'win32', 'the stand-in for a browser is a shell script')

test('npm start without Electron says so in a line and opens the same lab as an app window', async ({ page }) => {
  const folder = temporary(tmpdir())
  const browser = noteBrowser(folder)
  const home = join(folder, 'home')
  const first = start(root, 'scripts/start.ts', ['--home', home], { CHROMIUM: browser.path })
  const called = await browser.opened()
  expect(called).toMatch(/^--app=http:\/\/127\.0\.0\.1:\d+\/enter\?code=\S+$/)
  const address = called.slice('--app='.length)
  const lines = first
    .said()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('Building'))
  expect(lines).toEqual([
    "Opening the lab in the browser: Electron's program is not here and 127.0.0.1:9 cannot be reached.",
    address,
    'Opened in chromium.'
  ])
  await headingOf(page, address)

  const second = start(root, 'scripts/start.ts', ['--home', home], { CHROMIUM: browser.path })
  const next = await browser.opened()
  expect(new URL(next.slice('--app='.length)).origin, 'a second start shows the lab that is there').toBe(
    new URL(address).origin
  )
  expect(next, 'by a code of its own').not.toBe(called)
  expect(await second.ended).toBe(0)
})

test('npm start where there is no screen says which address to open', async ({ page }) => {
  const folder = temporary(tmpdir())
  const lab = start(root, 'scripts/start.ts', ['--home', folder], { DISPLAY: '', WAYLAND_DISPLAY: '' })
  await expect.poll(lab.said, { timeout: 60_000 }).toMatch(/No screen here\. Open (\S+)\n/)
  await headingOf(page, /No screen here\. Open (\S+)\n/.exec(lab.said())![1]!)
})

test('npm run dev: screens change while they are open, and the backend starts anew', async ({ page }) => {
  // A copy that can be edited, below the project so that packages are found.
  mkdirSync(join(root, 'out'), { recursive: true })
  const copy = temporary(join(root, 'out'))
  const names = [
    'src',
    'scripts',
    'native',
    'package.json',
    'electron.vite.config.ts',
    'svelte.config.js',
    'tsconfig.json'
  ]
  for (const name of names) cpSync(join(root, name), join(copy, name), { recursive: true })
  symlinkSync(join(root, 'data'), join(copy, 'data'))
  const browser = noteBrowser(copy)
  const home = join(copy, 'home')
  const edit = (file: string, change: (text: string) => string) =>
    writeFileSync(join(copy, file), change(readFileSync(join(copy, file), 'utf8')))
  const holder = () => {
    try {
      return (JSON.parse(readFileSync(join(home, 'holder.json'), 'utf8')) as { pid: number }).pid
    } catch {
      return null
    }
  }
  start(copy, 'scripts/dev.ts', ['--home', home], { CHROMIUM: browser.path })
  const address = (await browser.opened()).slice('--app='.length)
  await page.goto(address)
  const jobs = page.getByRole('navigation').first().getByRole('link', { name: 'Jobs', exact: true })
  await expect(jobs).toBeVisible({ timeout: 120_000 })
  await page.evaluate(() => Object.assign(globalThis, { marked: true }))

  edit('src/renderer/src/texts/en/common.ts', (text) => text.replace('Ctrl K goes anywhere', 'Ctrl K leads everywhere'))
  await expect(page.getByText('Ctrl K leads everywhere')).toBeVisible()
  expect(await page.evaluate(() => 'marked' in globalThis), 'without a reload').toBe(true)

  await expect.poll(holder).not.toBeNull()
  const before = holder()
  edit('src/main/hosts/lab.ts', (text) => `${text}\n// changed\n`)
  await expect.poll(holder, { timeout: 60_000 }).not.toBe(before)
  await expect.poll(holder, { timeout: 60_000 }).not.toBeNull()
  await jobs.click()
  await expect(page.getByText('No jobs', { exact: false }).first()).toBeVisible()
})
