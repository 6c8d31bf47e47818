// Opens the bundled lab in a real window and works with it, as an example to build on. Ends with a status other than 0 where
// anything is not as it should be.
//   node drive.mjs [SHOTS] [--workdir WORKDIR] [--no-sandbox] [--root] [--quick] [--demo RUNS] [-- ELECTRON'S OWN SWITCHES]
// SHOTS: folder for screenshots. --no-sandbox: Chromium's sandbox is off. --root: as root (needs --no-sandbox).
// --quick: opens, measures and closes the window, no more.
// --demo RUNS: also starts the demo and waits for so many runs that trained.
import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const end = process.argv.indexOf('--')
const switches = end < 0 ? [] : process.argv.slice(end + 1)
const { values, positionals } = parseArgs({
  args: process.argv.slice(2, end < 0 ? undefined : end),
  allowPositionals: true,
  options: {
    workdir: { type: 'string', default: join(tmpdir(), 'recross-window') },
    'no-sandbox': { type: 'boolean', default: false },
    root: { type: 'boolean', default: false },
    demo: { type: 'string', default: '0' },
    quick: { type: 'boolean', default: false }
  }
})
const workdir = resolve(values.workdir)
const shots = resolve(positionals[0] ?? join(workdir, 'shots'))
const demoRuns = Number(values.demo)
const sandboxed = !values['no-sandbox']
if (!existsSync(join(workdir, 'bundle.json'))) stop(`${workdir} has no bundle: run setup.sh and bundle.mjs first`)
if (values.root && sandboxed) stop('Chromium has no sandbox for root: --root goes with --no-sandbox')
const { checkout } = JSON.parse(readFileSync(join(workdir, 'bundle.json'), 'utf8'))
// The product's own sources are imported below, and want the Node that the checkout brings along.
if (Number(process.versions.node.split('.')[0]) < 24) {
  const node = join(checkout, 'node_modules', 'node', 'bin', 'node')
  process.exit(
    spawnSync(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1
  )
}

/** What the self-test rightly says of an Electron as old as this. */
const knownOfElectron25 = new Set(['Node'])
/** What Chromium says on a machine without a desktop and without a graphics card, and where a page goes while it still gets messages. */
const noise =
  /bus\.cc|viz_main_impl|command_buffer_proxy|gpu_process_host|gl_surface|vaapi|interface_endpoint_client|Debugger listening|DevTools listening|debugger attached|help, see: https:\/\/nodejs/i

const fromCheckout = createRequire(join(checkout, 'package.json'))
const { _electron } = await import(pathToFileURL(fromCheckout.resolve('playwright')).href).then((m) => m.default ?? m)
const { connect } = await import(pathToFileURL(join(checkout, 'src', 'main', 'hosts', 'connect.ts')).href)

let passed = 0
let failed = 0
const said = []
const seen = new Map()
let app, page, client, closeClient, main
let closeNeeded = true

mkdirSync(shots, { recursive: true })
const home = mkdtempSync(join(workdir, 'user', 'home-'))
const config = mkdtempSync(join(workdir, 'user', 'config-'))
if (!values.root) for (const folder of [home, config]) chownSync(folder, 65534, 65534)
const screen = await openScreen()
process.on('exit', () => screen.kill())
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))
// Playwright throws beside its promises where Electron ends while it is being started; the check that waits fails anyway.
process.on('uncaughtException', (error) => said.push(`playwright: ${error.message.split('\n')[0]}`))

try {
  await check('the window opens', open)
  if (page !== undefined) {
    await check('title, address and the page have no Node', async () => {
      if (!/\bReCross Lab$/.test(await page.title())) throw new Error(`the title is "${await page.title()}"`)
      equal(new URL(page.url()).protocol, 'app:')
      equal(await page.evaluate(() => typeof globalThis.require), 'undefined')
      const preferences = await app.evaluate(({ BrowserWindow }) => {
        const { sandbox, contextIsolation, nodeIntegration } =
          BrowserWindow.getAllWindows()[0].webContents.getLastWebPreferences()
        return { sandbox, contextIsolation, nodeIntegration }
      })
      equal(preferences, { sandbox: true, contextIsolation: true, nodeIntegration: false })
    })
    if (sandboxed) await check("the system's sandbox is on", systemSandbox)
    else
      console.log(
        `note    the system's sandbox for the page: ${pageSandbox().map(({ filtered, apart }) => (filtered ? 'seccomp filter' : 'no filter') + (apart ? ', own pid namespace' : ', our pid namespace'))}`
      )
    await check('memory at rest of all processes', memoryAtRest)
    if (!values.quick) await furtherChecks()
    await check('no error on the console, nothing refused, nothing on stderr', () => equal(said, []))
    await check('closing ends everything within 10 s', close)
  }
} finally {
  await closeClient?.().catch(() => undefined)
  // Only what this script started, each by its own id.
  for (const [pid, { started }] of seen) if (alive(pid, started)) kill(pid)
  if (main !== undefined && closeNeeded) kill(main)
}
if (failed === 0) for (const folder of [home, config]) rmSync(folder, { recursive: true, force: true })
else console.log(`left to look at: ${home}`)
console.log(`screenshots: ${shots}`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

async function open() {
  app = await _electron.launch({
    executablePath: join(workdir, 'electron.sh'),
    // Without this Playwright adds --no-sandbox by itself.
    chromiumSandbox: sandboxed,
    args: [...(sandboxed ? [] : ['--no-sandbox']), ...switches, '--home', home],
    env: {
      ...process.env,
      DISPLAY: screen.display,
      ELECTRON_CHECK_CONFIG: config,
      ELECTRON_CHECK_ROOT: values.root ? '1' : ''
    },
    timeout: 60_000
  })
  for (const stream of [app.process().stdout, app.process().stderr]) {
    stream.on('data', (text) => {
      for (const line of String(text).split('\n'))
        if (line.trim() !== '' && !noise.test(line)) said.push(line.slice(0, 300))
    })
  }
  app.context().on('console', (message) => {
    if (message.type() === 'error') said.push(`console: ${message.text().trim()}`)
  })
  app.context().on('weberror', (error) => said.push(`page: ${error.error().message}`))
  main = app.process().pid
  const window = await app.firstWindow({ timeout: 60_000 })
  await window.getByRole('navigation').first().waitFor({ timeout: 60_000 })
  page = window
  await picture('window')
  const holder = await until('the lab announces itself', () => {
    const { address, token } = JSON.parse(readFileSync(join(home, 'holder.json'), 'utf8'))
    return address === null ? undefined : { address, token }
  })
  ;({ client, close: closeClient } = await connect(holder.address, holder.token))
  return `Electron ${await app.evaluate(() => process.versions.electron)}, process ${main}`
}

async function furtherChecks() {
  await check('every screen can be reached', () => everyScreen())
  await check('in dark the window is dark beneath the page as well, on every screen', darkScreens)
  await check('the self-test in Settings finds nothing broken', selfTest)
  await check('a small job finishes in a worker', () => smallJob())
  await check('a worker that is killed is told, and the next job has a new one', killWorker)
  await check('closing with a job at work asks, and cancel keeps the window', closeAsks)
  if (demoRuns > 0) await check(`the demo trains: ${demoRuns} runs finish`, demo)
}

/** Proportional sizes: what processes share counts once. */
async function memoryAtRest() {
  await sleep(1500)
  const sizes = processes().map(({ pid }) => Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0))
  return `${Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1000)} MB in ${sizes.length} processes`
}

function systemSandbox() {
  for (const { line } of processes()) {
    if (line.includes('--no-sandbox')) throw new Error(`started with --no-sandbox: ${line.slice(0, 120)}`)
  }
  const pages = pageSandbox()
  if (pages.length === 0) throw new Error('no process of a page found')
  for (const found of pages) equal(found, { filtered: true, apart: true })
  return 'seccomp filter and own pid namespace'
}

/** Whether each page's process has its system calls filtered, and other process ids than the main process sees. */
function pageSandbox() {
  return processes()
    .filter(({ line }) => line.includes('--type=renderer'))
    .map(({ pid }) => ({
      filtered: /^Seccomp:\s*2/m.test(read(`/proc/${pid}/status`)),
      apart: readlinkSync(`/proc/${pid}/ns/pid`) !== readlinkSync(`/proc/${main}/ns/pid`)
    }))
}

async function everyScreen(ending = '') {
  const links = page.getByRole('navigation').first().getByRole('link')
  const addresses = [...new Set(await links.evaluateAll((all) => all.map((link) => link.getAttribute('href'))))]
  if (addresses.length < 6) throw new Error(`only ${addresses.length} screens in the navigation`)
  const headings = []
  for (const address of addresses) {
    await page.getByRole('navigation').first().locator(`a[href="${address}"]`).last().click()
    await until(`${address} shows its heading`, async () => {
      const current = await page.evaluate(() => location.hash)
      const text = await page.locator('main h1').first().textContent()
      return current === address && text?.trim() ? text.trim() : undefined
    })
    headings.push(address.replace(/^#\//, ''))
    await sleep(700)
    await picture(`${address.replace(/[^a-z]+/gi, '')}${ending}`)
  }
  return headings.join(', ')
}

/** What is seen before the page has drawn anything is the window's own colour: where it is the page's, nothing flashes. */
async function darkScreens() {
  await client.lab.saveSettings({ theme: 'dark' })
  await until('the page is dark', () =>
    page.evaluate(() => document.documentElement.classList.contains('dark') || undefined)
  )
  const canvas = await page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement('i'))
    probe.style.color = 'var(--canvas)'
    const [red, green, blue] = getComputedStyle(probe)
      .color.match(/[\d.]+/g)
      .map(Number)
    probe.remove()
    return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`
  })
  const beneath = await until('the window is dark', async () => {
    const colour = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].getBackgroundColor())
    return colour.toLowerCase() === canvas ? colour : undefined
  })
  const screens = await everyScreen('-dark')
  await client.lab.saveSettings({ theme: 'light' })
  return `${beneath}: ${screens}`
}

async function selfTest() {
  await page.locator('nav a[href="#/settings"]').click()
  await page.getByRole('button', { name: 'Test now' }).click()
  const { checks } = await client.lab.doctor()
  const broken = checks.filter(({ name, state }) => state === 'failed' && !knownOfElectron25.has(name))
  await sleep(1500)
  await page
    .getByText('ONNX Runtime')
    .first()
    .scrollIntoViewIfNeeded()
    .catch(() => undefined)
  await picture('self-test')
  equal(
    broken.map(({ name, found }) => `${name}: ${found}`),
    []
  )
  return `${checks.filter(({ state }) => state === 'ok').length} of ${checks.length} ok; not judged: ${[...knownOfElectron25].join(', ')}`
}

async function smallJob() {
  const { id } = await client.jobs.selfTest({ steps: 3 })
  await until('the job ends', async () => ((await client.jobs.get({ id })).status === 'finished' ? true : undefined))
}

async function killWorker() {
  const { id } = await client.jobs.selfTest({ steps: 1000, milliseconds: 50 })
  await until('the job runs', async () => ((await client.jobs.get({ id })).progress?.done > 2 ? true : undefined))
  const workers = processes().filter(({ line }) => /node\.mojom\.NodeService|out\/main\/worker\.js/.test(line))
  if (workers.length === 0) throw new Error('no worker process found')
  for (const { pid } of workers) process.kill(pid, 'SIGKILL')
  const job = await until('the death is noticed', async () => {
    const now = await client.jobs.get({ id })
    return ['running', 'queued'].includes(now.status) ? undefined : now
  })
  equal(job.status, 'crashed')
  await page.locator('nav a[href="#/jobs"]').click()
  await sleep(1000)
  await picture('worker-killed')
  await smallJob()
  return `told as: ${job.error?.message.slice(0, 160)}`
}

async function closeAsks() {
  const { id } = await client.jobs.selfTest({ steps: 1000, milliseconds: 50 })
  await until('the job runs', async () => ((await client.jobs.get({ id })).progress?.done > 0 ? true : undefined))
  const buttons = await app.evaluate(({ BrowserWindow, dialog }) => {
    const { promise, resolve } = Promise.withResolvers()
    dialog.showMessageBox = async (_window, { buttons }) => {
      resolve(buttons)
      return { response: buttons.length - 1, checkboxChecked: false }
    }
    BrowserWindow.getAllWindows()[0].close()
    return promise
  })
  await sleep(500)
  equal(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length), 1)
  equal((await client.jobs.get({ id })).status, 'running')
  await client.jobs.cancel({ id })
  await until('the job ends', async () => ((await client.jobs.get({ id })).status === 'cancelled' ? true : undefined))
  return buttons.join(' / ')
}

async function demo() {
  await page.locator('nav a[href="#/start"]').last().click()
  await page.getByRole('button', { name: /Run the demo/ }).click()
  const started = Date.now()
  let counts = {}
  while (Date.now() - started < 1_200_000) {
    const listed = await client.jobs.list({})
    const jobs = Array.isArray(listed) ? listed : (listed.jobs ?? listed.items)
    for (const { title, status, error } of jobs.filter(({ kind }) => kind !== 'self-test')) {
      if (['failed', 'crashed'].includes(status)) throw new Error(`${title}: ${status}: ${error?.message}`)
    }
    // Zero-shot trains nothing.
    const runs = jobs.filter(({ kind, title }) => kind === 'run-strategy' && !/^zero-shot/i.test(title))
    counts = Object.groupBy(runs, ({ status }) => status)
    if ((counts.finished?.length ?? 0) >= demoRuns) break
    await sleep(3000)
  }
  await picture('demo')
  console.log(`runs    ${JSON.stringify(await finishedRuns())}`)
  const finished = counts.finished?.map(({ title }) => title) ?? []
  if (finished.length < demoRuns) throw new Error(`${finished.length} finished in 20 minutes`)
  return finished.join('; ')
}

/** What each run that has finished answered, as a hash, and how long it took: to be held against the same runs elsewhere. */
async function finishedRuns() {
  const [experiment] = await client.experiments.list({})
  const runs = await client.experiments.runs({ id: experiment.id })
  return runs
    .filter(({ status }) => status === 'finished')
    .map(({ id, strategy, round, seconds }) => ({ strategy, round, seconds, answers: answersOf(id) }))
}

/** Files are named by ids that each lab draws for itself. */
function answersOf(run) {
  const folder = join(home, 'runs', run)
  const names = readdirSync(folder).filter((name) => name.startsWith('predictions-'))
  const hashes = names.map((name) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex')
  )
  return hashes.sort().join(' ')
}

async function close() {
  processes()
  await closeClient().catch(() => undefined)
  closeClient = undefined
  // Where jobs are still at work it asks: stop and quit.
  await app.evaluate(({ dialog }) => {
    dialog.showMessageBox = async () => ({ response: 1, checkboxChecked: false })
  })
  const started = Date.now()
  await Promise.race([app.close(), sleep(10_000)])
  let left
  do {
    processes()
    left = [...seen].filter(([pid, { started }]) => alive(pid, started))
    if (left.length === 0) break
    await sleep(100)
  } while (Date.now() - started < 10_000)
  equal(
    left.map(([pid, { line }]) => `${pid} ${line.slice(0, 100)}`),
    []
  )
  closeNeeded = false
  if (existsSync(join(home, 'holder.json'))) throw new Error('the home is not let go of')
  return `${seen.size} processes gone in ${Date.now() - started} ms`
}

/** The processes of this window: all below its main process, and all that run Electron's program over this home. */
function processes() {
  const all = new Map()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = statOf(name)
    if (stat === null) continue
    all.set(Number(name), { ...stat, line: read(`/proc/${name}/cmdline`).replaceAll('\0', ' ') })
  }
  const ours = (pid) => {
    for (let at = pid, depth = 0; all.has(at) && depth < 20; at = all.get(at).parent, depth++) {
      if (at === main || seen.get(at)?.started === all.get(at).started) return true
    }
    const { line } = all.get(pid)
    return line.includes(config) || line.includes(home)
  }
  for (const [pid, { line, started }] of all) if (pid !== process.pid && ours(pid)) seen.set(pid, { line, started })
  return [...seen].filter(([pid, { started }]) => alive(pid, started)).map(([pid, { line }]) => ({ pid, line }))
}

function statOf(pid) {
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1).split(' ')
  return fields.length < 20 || fields[0] === 'Z' ? null : { parent: Number(fields[1]), started: fields[19] }
}

function alive(pid, started) {
  return statOf(pid)?.started === started
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

async function openScreen() {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe']
  })
  const number = await new Promise((found, lost) => {
    server.stdio[3].once('data', (text) => found(String(text).trim()))
    server.once('error', lost)
    server.once('exit', () => lost(new Error('Xvfb does not start')))
  })
  return { display: `:${number}`, kill: () => server.kill() }
}

async function picture(name) {
  await page.screenshot({ path: join(shots, `${name}.png`) })
}

async function check(what, does) {
  const started = Date.now()
  try {
    const found = await does()
    passed++
    console.log(`ok      ${what}${found ? ` (${found})` : ''} — ${Date.now() - started} ms`)
  } catch (error) {
    failed++
    console.log(`FAILED  ${what}: ${shortOf(error)}`)
    await page?.screenshot({ path: join(shots, 'failed.png'), timeout: 5000 }).catch(() => undefined)
  }
}

/** Asks again and again until there is an answer, for at most a minute. */
async function until(what, ask) {
  const started = Date.now()
  for (;;) {
    const answer = await Promise.resolve()
      .then(ask)
      .catch(() => undefined)
    if (answer !== undefined) return answer
    if (Date.now() - started > 60_000) throw new Error(`not within a minute: ${what}`)
    await sleep(100)
  }
}

/** Playwright's errors have all that Electron printed: what it died of is what matters. */
function shortOf({ message }) {
  const [first, ...rest] = message.replaceAll(/\x1b\[\d+m/g, '').split('\n')
  const deaths = rest.filter((line) => /FATAL|exitCode|signal=SIG/.test(line) && !/<kill>/.test(line))
  const words = deaths.map((line) =>
    line
      .trim()
      .replace(/^- \[pid=\d+\]|\[[\d:/.]+(?=:FATAL)/g, '')
      .slice(0, 300)
  )
  return [first.slice(0, 2000), ...[...new Set(words)].slice(0, 5)].join('\n        ')
}

function equal(found, wanted) {
  const [a, b] = [found, wanted].map((value) => JSON.stringify(value))
  if (a !== b) throw new Error(`${a} instead of ${b}`)
}

function stop(text) {
  console.error(`electron-check: ${text}`)
  process.exit(2)
}
