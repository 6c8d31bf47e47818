/**
 * Training: a whole step against the machine's own rate of matrix products and against PyTorch, memory against what was computed,
 * the optimiser alone. PyTorch runs beside where RECROSS_BENCH_PYTHON names a Python that has torch and transformers. RECROSS_BENCH_ONLY
 * takes a part: "fast" or "inference".
 */
import { Random } from '../src/main/random/random.ts'
import { physicalCores } from '../src/main/machine/cores.ts'
import { GraphSession } from '../src/main/engine/session.ts'
import { float32 } from '../src/main/engine/tensors.ts'
import { GraphBuilder } from '../src/main/graph/index.ts'
import { benchMemory } from './training-memory.ts'
import { realBatches, tokenShare } from './real-lengths.ts'
import { batchOf, makeBench, productsOf, shapeOf, type ShapeName } from './training-model.ts'
import { startTrainingPeer, type StepTime, type TrainingPeer } from './training-peer.ts'
import { benchOptimizer } from './optimizer.ts'
import { sized } from './size.ts'
import { plain, type BenchResult, type BenchSuite } from './suite.ts'
import { median } from '../src/main/sums/sums.ts'

type Report = (result: BenchResult) => void

const threads = physicalCores()
const rounds = sized(5, 1)

export const suite: BenchSuite = {
  name: 'training',
  async run(report) {
    const only = process.env['RECROSS_BENCH_ONLY']
    if (only === 'inference') return
    if (only !== 'fast') await benchOptimizer(report)
    const peer = startTrainingPeer(threads)
    try {
      if (!peer) report(plain('PyTorch', NaN, '', 'not measured: RECROSS_BENCH_PYTHON is not set'))
      for (const way of fastWays) await benchFast('bart-base', way, peer, report)
      if (only === 'fast') return
      await benchRealRows('bart-base', { fp32: 2, bf16: 1.4 }, peer, report)
      await benchRealRows('roberta-base', { fp32: 1 }, peer, report)
      for (const name of ['bart-base', 't5-base', 'roberta-base'] as const) await benchStep(name, peer, report)
    } finally {
      await peer?.close()
    }
    await benchMemory('bart-base', 'full', report)
    await benchMemory('bart-base', 'recompute', report)
    for (const way of ['last-blocks', 'full fast', 'lora fast', 'lora 8-bit', 'lora 4-bit'] as const)
      await benchMemory('bart-base', way, report)
    await benchMemory('bart-large', 'lora', report)
  }
}

/** Gradients, clipping norm and update of one batch, in turn with plain matrix products and with PyTorch's step. */
async function benchStep(name: ShapeName, peer: TrainingPeer | null, report: Report): Promise<void> {
  const shape = shapeOf(name)
  const { device, feeds } = await makeBench(name)
  const products = productsOf(name)
  const rate = await matrixRate()
  await peer?.prepare(shape)
  const times = { ours: [] as number[], gradients: [] as number[], theirs: [] as number[] }
  const rates: number[] = []
  for (let round = 0; round <= rounds; round++) {
    const measured = await rate()
    const start = performance.now()
    await device.accumulate({ feeds, step: round, part: 0 })
    const gradients = performance.now() - start
    await device.gradientNorm()
    await device.update({ step: round + 1, learningRate: 1e-5, scale: 1 })
    const whole = performance.now() - start
    const theirs = peer ? (await peer.step()).seconds : null
    // The first round pays for pages and caches.
    if (round === 0) continue
    rates.push(measured)
    times.gradients.push(gradients)
    times.ours.push(whole)
    if (theirs !== null) times.theirs.push(theirs * 1000)
  }
  await device.close()
  const achieved = products / median(times.gradients) / 1e6
  report(
    plain(
      `step, ${shape.title}`,
      median(times.ours),
      'ms',
      `batch ${shape.batch}, ${shape.source} + ${shape.target} tokens, ${(products / 1e9).toFixed(0)} GFLOP; forward and backward ${median(times.gradients).toFixed(0)} ms`
    )
  )
  report({
    name: `step, ${shape.title}, share of the matrix-product rate`,
    value: (100 * achieved) / median(rates),
    unit: '%',
    ...(name === 'bart-base'
      ? { aim: 'at least 75', holds: achieved / median(rates) >= 0.75 }
      : { aim: null, holds: null }),
    detail: `${achieved.toFixed(0)} of ${median(rates).toFixed(0)} GFLOP/s measured in the same run`
  })
  if (times.theirs.length === 0) return
  const ratio = median(times.theirs) / median(times.ours)
  report(plain(`step, ${shape.title}, PyTorch eager`, median(times.theirs), 'ms'))
  report({
    name: `step, ${shape.title}, ours / PyTorch`,
    value: ratio,
    unit: '×',
    ...(name === 'bart-base' ? { aim: 'at least 1.1', holds: ratio >= 1.1 } : { aim: null, holds: null })
  })
}

/** Whole steps on batches whose rows are as long as real ones, in turn with PyTorch in single precision and in bfloat16. */
async function benchRealRows(
  name: ShapeName,
  aims: { fp32: number; bf16?: number },
  peer: TrainingPeer | null,
  report: Report
): Promise<void> {
  const shape = shapeOf(name)
  const batches = realBatches(shape.batch, 3)
  const { config, device } = await makeBench(name)
  const feeds = batches.map((rows) => batchOf(config, rows, new Random(9)))
  await peer?.prepare(shape)
  await peer?.batches(batches)
  const steps = { ours: [] as number[], fp32: [] as number[], bf16: [] as number[] }
  // The first batch comes twice: the first time it pays for pages and caches.
  for (const [turn, batch] of [0, ...batches.keys()].entries()) {
    const start = performance.now()
    await device.accumulate({ feeds: feeds[batch]!, step: turn, part: 0 })
    await device.gradientNorm()
    await device.update({ step: turn + 1, learningRate: 1e-5, scale: 1 })
    const ours = performance.now() - start
    const fp32 = (await peer?.step({ batch, precision: 'fp32' }))?.seconds ?? NaN
    const bf16 = (await peer?.step({ batch, precision: 'bf16' }))?.seconds ?? NaN
    if (turn === 0) continue
    steps.ours.push(ours)
    steps.fp32.push(fp32 * 1000)
    steps.bf16.push(bf16 * 1000)
  }
  await device.close()
  const what = `step on real rows, ${shape.title}`
  const share = `batches of ${shape.batch}, ${(100 * tokenShare(batches)).toFixed(0)} % of the padded positions are tokens`
  report(plain(what, median(steps.ours), 'ms', share))
  if (!peer) return
  for (const precision of ['fp32', 'bf16'] as const) {
    const least = aims[precision]
    report(plain(`${what}, PyTorch ${precision}`, median(steps[precision]), 'ms'))
    // Of all batches together: the long ones count for what they take.
    const ratio = total(steps[precision]) / total(steps.ours)
    const aim = least === undefined ? { aim: null, holds: null } : { aim: `at least ${least}`, holds: ratio >= least }
    report({ name: `${what}, ours / PyTorch ${precision}`, value: ratio, unit: '×', ...aim })
  }
}

/** Ways of tuning that have a fast precision, and how much faster than Transformers (with PEFT) it is to be. */
const fastWays = [
  { title: 'LoRA', settings: { method: 'lora', lora: { rank: 16, alpha: 32 } }, aims: { fp32: 5, bf16: 3.5 } },
  { title: 'full', settings: { method: 'full' }, aims: { fp32: 3.5, bf16: 2.5 } }
] as const

/** Steps on batches whose rows are as long as real ones, exact and fast, in turn with PyTorch in single precision and in bfloat16. */
async function benchFast(
  name: ShapeName,
  { title, settings, aims }: (typeof fastWays)[number],
  peer: TrainingPeer | null,
  report: Report
): Promise<void> {
  const shape = shapeOf(name)
  const batches = realBatches(shape.batch, 3).slice(0, sized(4, 2))
  const own = {
    exact: await makeBench(name, settings),
    fast: await makeBench(name, { ...settings, precision: 'fast' })
  }
  const adapters = 'lora' in settings ? { ...settings.lora, targets: ['q_proj', 'v_proj'] } : undefined
  const beside = (await peer?.prepare(shape, adapters)) ? peer : null
  await beside?.batches(batches)
  const feeds = batches.map((rows) => batchOf(own.fast.config, rows, new Random(9)))
  const times = { exact: new Times(), fast: new Times(), fp32: new Times(), bf16: new Times() }
  for (const [turn, batch] of [0, ...batches.keys()].entries()) {
    for (const precision of ['exact', 'fast'] as const) {
      const [start, before] = [performance.now(), process.cpuUsage()]
      const { device } = own[precision]
      await device.accumulate({ feeds: feeds[batch]!, step: turn, part: 0 })
      await device.gradientNorm()
      await device.update({ step: turn + 1, learningRate: 1e-5, scale: 1 })
      const { user, system } = process.cpuUsage(before)
      times[precision].add({ seconds: (performance.now() - start) / 1000, processor: (user + system) / 1e6 })
    }
    for (const precision of ['fp32', 'bf16'] as const)
      if (beside) times[precision].add(await beside.step({ batch, precision }))
  }
  await own.exact.device.close()
  await own.fast.device.close()
  const what = `${title} step on real rows, ${shape.title}`
  compare(`${what}, exact / fast`, times.exact, times.fast, null, report)
  if (peer && !beside) report(plain('PEFT', NaN, '', 'not measured: the Python has no peft'))
  if (!beside) return
  for (const precision of ['fp32', 'bf16'] as const)
    for (const form of ['exact', 'fast'] as const)
      compare(
        `${what}, PyTorch ${precision} / ours ${form}`,
        ...([times[precision], times[form], form === 'fast' ? aims[precision] : null, report] as const)
      )
}

/** By the clock and in processor time, which others on the machine change less. */
function compare(name: string, theirs: Times, ours: Times, least: number | null, report: Report): void {
  for (const [kind, suffix] of [
    ['seconds', ''],
    ['processor', ', processor time']
  ] as const) {
    const [above, below] = [theirs.total(kind), ours.total(kind)]
    const value = above / below
    const aim = least === null ? { aim: null, holds: null } : { aim: `at least ${least}`, holds: value >= least }
    const mean = (sum: number, { count }: Times) => `${(sum / count).toFixed(2)} s`
    report({
      name: name + suffix,
      value,
      unit: '×',
      ...aim,
      detail: `${mean(above, theirs)} and ${mean(below, ours)} a step`
    })
  }
}

/** What steps took. The first pays for pages and caches, and is left out: its batch comes again. */
class Times {
  readonly #steps: StepTime[] = []

  add(step: StepTime): void {
    this.#steps.push(step)
  }

  get count(): number {
    return this.#steps.length - 1
  }

  total(kind: keyof StepTime): number {
    return total(this.#steps.slice(1).map((step) => step[kind]))
  }
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/** Gives the best rate of a few large products, in GFLOP/s. */
async function matrixRate(): Promise<() => Promise<number>> {
  const size = sized(2048, 128)
  const g = new GraphBuilder({ name: 'products' })
  g.output('y', g.gemm(g.input('a', [size, size]), g.input('b', [size, size]), undefined, { transB: true }))
  const session = await GraphSession.create(g.build(), { threads })
  const matrix = float32(new Float32Array(size * size).fill(0.1), [size, size])
  const y = { y: float32(new Float32Array(size * size), [size, size]) }
  return async () => {
    let best = Infinity
    for (let run = 0; run < 3; run++) {
      const start = performance.now()
      await session.runInto({ a: matrix, b: matrix }, y)
      best = Math.min(best, performance.now() - start)
    }
    return (2 * size ** 3) / best / 1e6
  }
}
