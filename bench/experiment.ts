import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { meanAtOnce } from '../src/main/hosts/cli/at-once.ts'
import { isReranked } from '../src/main/contract/strategies.ts'
import { demoExperiment } from '../src/main/features/experiments/demo.ts'
import type { ExperimentSpec } from '../src/main/contract/experiments.ts'
import type { Comparison } from '../src/main/contract/comparison.ts'
import type { Precision } from '../src/main/contract/precision.ts'
import { physicalCores } from '../src/main/machine/cores.ts'
import { forkStarter } from '../src/main/hosts/fork-starter.ts'
import { Lab } from '../src/main/hosts/lab.ts'
import { bundledFolder, workerEntry } from '../src/main/hosts/project.ts'
import { makeRealDemo, realRows, realSettings } from './real-experiment.ts'
import { writeExperiment } from './compare-data.ts'
import { processorSeconds } from './processor-time.ts'
import { sized } from './size.ts'
import { milliseconds, type BenchResult, type BenchSuite } from './suite.ts'
import { median } from '../src/main/sums/sums.ts'
import { mean } from '../src/main/sums/sums.ts'

/**
 * The demo end to end: wall time by phase, and the same experiment as a plain script of PyTorch, Transformers and
 * sentence-transformers where RECROSS_BENCH_PYTHON names a Python that has them. One after the other; RECROSS_BENCH_ROUNDS rounds each, default 3.
 * The lab computes it exactly, and once more with tuning and answers in the fast precision.
 * Then the same on real rows, against the script in single precision and in bfloat16, where RECROSS_BENCH_ROWS names a file of them;
 * RECROSS_BENCH_ONLY=real leaves out the demo.
 */
export const suite: BenchSuite = {
  name: 'experiment',
  async run(report) {
    const only = process.env['RECROSS_BENCH_ONLY']
    if (only !== 'real') await compareSpeed(report)
    const rounds = Number(process.env['RECROSS_BENCH_ROUNDS'] ?? sized(3, 1))
    if (realRows === null) report({ ...unmeasured, name: 'real rows, from installed to compared' })
    else await benchRealRows(realRows, rounds, report)
    if (only === 'real') return
    const lab = await runDemo(rounds)
    reportPhases('demo', lab, report)
    const fast = await runDemo(rounds, { precision: 'fast' })
    reportPhases('demo in fast', fast, report)
    const script = await runScript(rounds)
    if (script === null) return
    reportRatio('demo end to end: plain script over lab', { script, lab, least: 2.5 }, report)
    reportRatio('demo end to end: plain script over lab in fast', { script, lab: fast, least: 3.5 }, report)
    for (const { label, key } of lab.comparison.columns) {
      const ours = meanScore(lab.comparison, key)
      const theirs = mean(Object.values(script.scores[key] ?? {}).map(mean))
      report({
        name: `SoftEM of ${label}, lab minus script`,
        value: ours - theirs,
        unit: 'points',
        aim: null,
        holds: null,
        detail: `${ours.toFixed(1)} and ${theirs.toFixed(1)}`
      })
    }
  }
}

const unmeasured = {
  ...{ value: NaN, unit: 's', aim: null, holds: null },
  detail: 'not measured: RECROSS_BENCH_ROWS names no file of rows'
}

/** The whole on real rows; the script in two precisions, of which the second is what a processor with AMX is fastest in. */
async function benchRealRows(file: string, rounds: number, report: (result: BenchResult) => void): Promise<void> {
  const bundled = await mkdtemp(join(tmpdir(), 'recross-bench-'))
  try {
    const { upstream, held } = await makeRealDemo(bundled, file)
    const lab = await runDemo(rounds, { bundled })
    reportPhases(`real rows (${upstream} upstream, target ${held})`, lab, report)
    for (const [precision, least] of [
      ['fp32', 2.5],
      ['bf16', null]
    ] as const) {
      const script = await runScript(rounds, { folder: join(bundled, 'demo'), precision })
      if (script === null) return
      reportRatio(`real rows end to end: script in ${precision} over lab`, { script, lab, least }, report)
    }
  } finally {
    await rm(bundled, { recursive: true, force: true })
  }
}

/** By the clock, and by processor time, which others on the machine change less. Both include starting and installing nothing. */
function reportRatio(
  name: string,
  { script, lab, least }: { script: ScriptResult; lab: DemoTimes; least: number | null },
  report: (result: BenchResult) => void
): void {
  const ratio = script.seconds['total']! / lab.wall
  const aim = (value: number) =>
    least === null ? { aim: null, holds: null } : { aim: `at least ${least}`, holds: value >= least }
  const detail = `script ${inWords(script.seconds)}; lab ${inWords({ ...lab.seconds, total: lab.wall })}`
  report({ name, value: ratio, unit: '×', ...aim(ratio), detail })
  const processor = script.processor / lab.processor
  report({
    name: `${name}, processor time`,
    value: processor,
    unit: '×',
    ...aim(processor),
    detail: Number.isFinite(processor)
      ? `script ${script.processor.toFixed(1)} s, lab ${lab.processor.toFixed(1)} s, each with its start`
      : 'not measured: this system does not tell'
  })
}

function realExperiment(installed: Parameters<typeof demoExperiment>[0]): ExperimentSpec {
  const { retrieval, tune, evaluation, ...own } = realSettings
  const demo = demoExperiment(installed)
  return {
    ...{ ...demo, ...own, strategies: [...own.strategies], retrieval: { ...demo.retrieval, ...retrieval } },
    ...{ tune: { ...demo.tune, ...tune }, evaluation: { ...demo.evaluation, ...evaluation } }
  }
}

interface DemoTimes {
  wall: number
  /** Of this process and the lab's workers, with the start of the lab and the installation of what is bundled. */
  processor: number
  seconds: { embed: number; retrieve: number; tune: number; evaluate: number }
  comparison: Comparison
}

interface DemoWay {
  /** A folder like that of what is bundled. */
  bundled?: string
  /** Of tuning and of answers. */
  precision?: Precision
}

async function runDemo(rounds: number, way: DemoWay = {}): Promise<DemoTimes> {
  const before = processorSeconds()
  const times = await timeDemo(rounds, way)
  // The workers have ended with their lab, and are counted.
  return { ...times, processor: processorSeconds() - before }
}

/** From a started lab with the demo installed to the finished comparison. */
async function timeDemo(
  rounds: number,
  { bundled, precision = 'fp32' }: DemoWay
): Promise<Omit<DemoTimes, 'processor'>> {
  const home = await mkdtemp(join(tmpdir(), 'recross-bench-'))
  const lab = await Lab.open({ home, host: 'cli', workers: forkStarter(workerEntry()), ...(bundled && { bundled }) })
  try {
    const installed = await lab.client.data.installDemo({})
    const demo = bundled === undefined ? demoExperiment(installed) : realExperiment(installed)
    // The script has no reranker.
    const whole = { ...demo, strategies: demo.strategies.filter((strategy) => !isReranked(strategy)) }
    await leaksChecked(lab, whole.targetIds.length)
    const spec = sized(whole, {
      ...whole,
      targetIds: whole.targetIds.slice(0, 1),
      strategies: whole.strategies.slice(0, 2)
    })
    const started = performance.now()
    // The script does not look for leaks, so that they stay in here too: both retrieve from the same rows.
    const retrieval = { ...spec.retrieval, withoutLeaks: false }
    const own = { tune: { ...spec.tune, precision }, evaluation: { ...spec.evaluation, precision } }
    const { id } = await lab.client.experiments.start({ ...spec, ...own, rounds, retrieval, provider: 'cpu' })
    await ended(lab, id)
    const comparison = await lab.client.compare.table({ experimentId: id, metric: 'soft-em' })
    const wall = (performance.now() - started) / 1000
    const runs = await lab.client.experiments.runs({ id })
    const { jobs } = await lab.client.jobs.list({ experimentId: id, kinds: ['run-strategy'], limit: 1000 })
    const atOnce = meanAtOnce(jobs)
    const sum = (phase: 'retrieve' | 'tune' | 'evaluate') =>
      runs.reduce((total, run) => total + (run.seconds?.[phase] ?? 0), 0) / atOnce
    const embed = (await lab.client.indices.list()).reduce((total, index) => total + index.seconds, 0)
    return {
      wall,
      comparison,
      seconds: { embed, retrieve: sum('retrieve'), tune: sum('tune'), evaluate: sum('evaluate') }
    }
  } finally {
    await lab.close()
    await rm(home, { recursive: true, force: true })
  }
}

/** The look for leaks belongs to the installation, so it is waited for before the clock starts. */
async function leaksChecked(lab: Lab, targets: number): Promise<void> {
  for (;;) {
    const { jobs } = await lab.client.jobs.list({ kinds: ['leak-check'] })
    if (jobs.filter((job) => job.status === 'finished').length >= targets) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function ended(lab: Lab, id: string): Promise<void> {
  for (;;) {
    const { status } = await lab.client.experiments.get({ id })
    if (status === 'finished') return
    if (status !== 'running') throw new Error(`the demo's experiment is ${status}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function reportPhases(what: string, { wall, seconds }: DemoTimes, report: (result: BenchResult) => void): void {
  const worked = seconds.embed + seconds.retrieve + seconds.tune + seconds.evaluate
  const overhead = (100 * (wall - worked)) / wall
  report({
    name: `${what}, from installed to compared`,
    value: wall,
    unit: 's',
    aim: null,
    holds: null,
    detail: inWords({ ...seconds, total: wall })
  })
  report({
    name: `${what}, overhead`,
    value: overhead,
    unit: '%',
    aim: 'under 5',
    holds: overhead < 5,
    detail: 'of the wall time: what is not embedding, retrieving, tuning or evaluating'
  })
}

/** How long the Compare screen waits on 21 runs × 1,000 answers: first table, then pages of a filter and of a search. */
async function compareSpeed(report: (result: BenchResult) => void): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'recross-bench-'))
  const lab = await Lab.open({ home, host: 'cli', workers: forkStarter(workerEntry()) })
  try {
    const experimentId = writeExperiment(lab.services.store, lab.home)
    const page = { experimentId, targetId: 'target', column: 'dense', against: 'zero-shot' }
    const tell = (name: string, milliseconds: number) =>
      report({ name, value: milliseconds, unit: 'ms', aim: null, holds: null })
    const first = await milliseconds(() => lab.client.compare.table({ experimentId }))
    report({
      name: 'compare 21 × 1,000: first table with all tests',
      value: first,
      unit: 'ms',
      aim: 'under 1 s, the start of the worker included',
      holds: first < 1000
    })
    tell('compare 21 × 1,000: table again', await milliseconds(() => lab.client.compare.table({ experimentId })))
    const pages: number[] = []
    for (const round of [0, 1, 2, 3, 4])
      pages.push(await milliseconds(() => lab.client.compare.examples({ ...page, round, filter: 'fixed' })))
    tell('compare 21 × 1,000: page of a filter', median(pages))
    tell(
      'compare 21 × 1,000: page of a search',
      await milliseconds(() => lab.client.compare.examples({ ...page, round: 1, text: 'a1' }))
    )
    tell(
      'compare 21 × 1,000: HTML report',
      await milliseconds(() => lab.client.compare.export({ experimentId, format: 'html' }))
    )
  } finally {
    await lab.close()
    await rm(home, { recursive: true, force: true })
  }
}

interface ScriptResult {
  processor: number
  seconds: Record<string, number>
  scores: Record<string, Record<string, number[]>>
}

async function runScript(
  rounds: number,
  real?: { folder: string; precision: 'fp32' | 'bf16' }
): Promise<ScriptResult | null> {
  const python = process.env['RECROSS_BENCH_PYTHON']
  if (!python) return null
  const script = join(import.meta.dirname, 'peers', 'experiment.py')
  const nothing = { datasetId: '', models: { base: '', encoder: '', reranker: null, retriever: null }, targetIds: [''] }
  const settings = JSON.stringify(real ? realExperiment(nothing) : demoExperiment(nothing))
  const folder = real?.folder ?? join(bundledFolder(), 'demo')
  const before = processorSeconds()
  const { stdout } = await promisify(execFile)(
    python,
    ['-W', 'ignore', script, folder, String(rounds), String(physicalCores()), settings, real?.precision ?? 'fp32'],
    { maxBuffer: 1e7 }
  )
  const told = JSON.parse(stdout.trim().split('\n').at(-1)!) as Omit<ScriptResult, 'processor'>
  return { ...told, processor: processorSeconds() - before }
}

function meanScore(comparison: Comparison, column: string): number {
  return comparison.cells.find((cell) => cell.column === column && cell.targetId === null)!.summary!.mean
}

function inWords(seconds: Readonly<Record<string, number>>): string {
  return Object.entries(seconds)
    .map(([phase, value]) => `${phase} ${value.toFixed(1)} s`)
    .join(', ')
}
