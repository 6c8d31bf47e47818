import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { projectFolder } from '../src/main/hosts/project.ts'
import { stop } from './stop.ts'

/**
 * Tries the app under dist/ (or `--folder`) as it would be installed: all that must be there, its window, the self-test and the demo
 * on the command line that comes with it. Ends with 1 where anything is missing or fails. `--only window|commands` does half of it.
 */
const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: join(projectFolder(), 'dist') },
    only: { type: 'string' },
    'without-demo': { type: 'boolean', default: false }
  }
})
const resources = findResources(resolve(values.folder))
const node = join(resources, 'node', process.platform === 'win32' ? 'node.exe' : 'node')
const lab = join(resources, 'app.asar.unpacked', 'out', 'main', 'cli.js')
const home = mkdtempSync(join(tmpdir(), 'recross-smoke-'))

for (const path of [node, lab, join(resources, 'THIRD-PARTY-NOTICES.txt'), join(resources, 'LICENSE.txt')]) {
  if (!existsSync(path)) stop(`${path} is missing`)
}
if (values.only !== 'commands') await opensItsWindow()
if (values.only !== 'window') {
  run('doctor')
  if (!values['without-demo']) run('demo')
}
rmSync(home, { recursive: true, force: true, maxRetries: 5 })
process.stdout.write('The packaged app works.\n')

function run(...words: string[]): void {
  const { status } = spawnSync(node, [lab, '--home', home, ...words], { stdio: 'inherit', cwd: tmpdir() })
  if (status !== 0) stop(`recross-lab ${words.join(' ')} ended with ${status}`)
}

/** Starts the program, waits until its page has a title, and ends it; then the home must be free again. */
async function opensItsWindow(): Promise<void> {
  const port = await freePort()
  const own = mkdtempSync(join(tmpdir(), 'recross-smoke-window-'))
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const profile = [`--user-data-dir=${join(own, 'profile')}`, '--home', join(own, 'home')]
  const program = spawn(programOf(resources), [...asRoot, `--remote-debugging-port=${port}`, ...profile], {
    stdio: ['ignore', 'ignore', 'inherit']
  })
  let ended = false
  program.once('exit', () => (ended = true))
  const began = performance.now()
  let title = ''
  while (title === '' && !ended && performance.now() - began < 120_000) {
    await sleep(250)
    title = await titleOfPage(port)
  }
  if (title === '') stop(ended ? 'the app ended before it had a window' : 'the app had no window within two minutes')
  process.stdout.write(`The window "${title}" is there after ${Math.round(performance.now() - began)} ms.\n`)
  if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(program.pid), '/t'], { stdio: 'ignore' })
  else program.kill('SIGTERM')
  for (let waited = 0; !ended && waited < 20_000; waited += 250) await sleep(250)
  if (!ended) {
    program.kill('SIGKILL')
    stop('the app does not end when it is told to')
  }
  if (existsSync(join(own, 'home', 'holder.json'))) stop('the app has ended and still holds its home')
  rmSync(own, { recursive: true, force: true, maxRetries: 5 })
}

/** Empty as long as there is no page of the lab. */
async function titleOfPage(port: number): Promise<string> {
  try {
    const pages = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as { url: string; title: string }[]
    return pages.find(({ url, title }) => url.startsWith('app://') && /\bReCross Lab$/.test(title))?.title ?? ''
  } catch {
    return ''
  }
}

function programOf(inside: string): string {
  const folder = process.platform === 'darwin' ? join(dirname(inside), 'MacOS') : dirname(inside)
  const names = ['recross-lab', 'ReCross Lab', 'ReCross Lab.exe']
  const name = names.find((one) => existsSync(join(folder, one))) ?? stop(`${folder} has no program`)
  return join(folder, name)
}

function freePort(): Promise<number> {
  return new Promise((given, refused) => {
    const server = createServer().once('error', refused)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => given(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

function findResources(folder: string): string {
  const inside = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : []
  const archive = inside.find((entry) => entry.isFile() && entry.name === 'app.asar')
  return archive === undefined ? stop(`${folder} has no app. Run npm run package first`) : archive.parentPath
}
