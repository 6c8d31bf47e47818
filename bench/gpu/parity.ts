/** The same weights and batches on the processor and on the device: losses, every gradient, and where twenty steps lead. */
import type { BaseWeights } from '../../src/main/contract/base-weights.ts'
import type { TrainSettings } from '../../src/main/engine/engine.ts'
import { sized, smoke } from '../size.ts'
import { makeBench, shapeOf, type Bench, type ShapeName } from '../training-model.ts'
import type { BenchResult } from '../suite.ts'
import { meanCosine } from '../../src/main/engine/inference/check-fast.ts'
import { withoutHalf } from './half.ts'
import { atLeast, atMost, missing } from './rows.ts'

const steps = sized(20, 3)
/** Of the loss in half precision: random weights overflow with none that is as small. */
export const benchLossScale = 1024

/** What is tuned: everything, or LoRA beside a base in few bits. */
interface Compared {
  shape: ShapeName
  settings?: Partial<TrainSettings>
  base?: BaseWeights
}

export async function benchParity(report: (row: BenchResult) => void): Promise<void> {
  await compare({ shape: 'bart-small' }, report)
  if (!smoke) await compare({ shape: 't5-small' }, report)
}

export async function compare({ shape, settings = {}, base = 'full' }: Compared, report: (row: BenchResult) => void) {
  const title = `${shapeOf(shape).title}${base === 'full' ? '' : `, LoRA on ${base}`}`
  const [cpu, gpu] = [await makeBench(shape, settings, 'cpu', base), await makeBench(shape, settings, 'webgpu', base)]
  const forward = [await cpu.device.evaluate(cpu.feeds), await gpu.device.evaluate(gpu.feeds)] as const
  report(atMost(`parity, ${title}, forward`, relative(forward[1], forward[0]), 1e-4, `loss ${forward[0].toFixed(4)}`))
  const own = await firstGradients(cpu)
  const theirs = await firstGradients(gpu)
  // Against the largest of all: a gradient that is zero but for rounding has no relative error.
  const largest = Math.max(...own.map(largestOf))
  const worst = Math.max(...own.map((gradient, index) => distance(gradient, theirs[index]!) / largest))
  report(atMost(`parity, ${title}, gradients`, worst, 1e-3, `${own.length} weights, each element`))
  const trajectories = [await train(cpu), await train(gpu)] as const
  const apart = Math.max(...trajectories[0].map((loss, step) => relative(trajectories[1][step]!, loss)))
  const course = `loss from ${trajectories[0][0]!.toFixed(3)} to ${trajectories[0].at(-1)!.toFixed(3)}`
  report(atMost(`parity, ${title}, losses of ${steps} steps`, apart, 1e-3, course))
}

/** Products in half precision against fp32 on the processor: the loss, the direction of every gradient, and where twenty steps lead. */
export async function benchHalfParity(report: (row: BenchResult) => void): Promise<void> {
  const why = await withoutHalf()
  if (why !== null) return report(missing('parity in fp16', 'not measured', why))
  for (const shape of smoke ? (['bart-small'] as const) : (['bart-small', 't5-small'] as const)) {
    const { title } = shapeOf(shape)
    const [cpu, gpu] = [await makeBench(shape, {}, 'cpu'), await makeBench(shape, { precision: 'half' }, 'webgpu')]
    const [own, theirs] = [await firstGradients(cpu), await firstGradients(gpu)]
    const lengths = own.map((gradient) => Math.sqrt(gradient.reduce((sum, value) => sum + value ** 2, 0)))
    // One that is zero but for rounding has no direction.
    const told = own.flatMap((_, at) => (lengths[at]! > 1e-6 * Math.max(...lengths) ? [at] : []))
    const cosines = told.map((at) => meanCosine(theirs[at]!, own[at]!, own[at]!.length))
    const lowest = {
      ...atLeast(`parity in fp16, ${title}, lowest cosine of a gradient`, Math.min(...cosines), 0.99),
      unit: ''
    }
    report({ ...lowest, detail: `of ${told.length} weights; of ${own.length} in all` })
    const trajectories = [await train(cpu), await train(gpu)] as const
    const apart = trajectories[0].map((loss, step) => relative(trajectories[1][step]!, loss))
    const course = `loss from ${trajectories[0][0]!.toFixed(3)} to ${trajectories[0].at(-1)!.toFixed(3)}`
    report(atMost(`parity in fp16, ${title}, first loss`, apart[0]!, 1e-3))
    report(atMost(`parity in fp16, ${title}, losses of ${steps} steps`, Math.max(...apart), 1e-2, course))
  }
}

async function firstGradients({ device, feeds }: Bench): Promise<Float32Array[]> {
  await device.accumulate({ feeds, step: 0, part: 0, lossScale: benchLossScale })
  const gradients = (await device.gradients()).map((gradient) => Float32Array.from(gradient))
  device.discard()
  return gradients
}

async function train({ device, feeds }: Bench): Promise<number[]> {
  const losses: number[] = []
  for (let step = 0; step < steps; step++) {
    losses.push(await device.accumulate({ feeds, step, part: 0, lossScale: benchLossScale }))
    const norm = await device.gradientNorm()
    await device.update({ step: step + 1, learningRate: 1e-3, scale: Math.min(1, 1 / norm) })
  }
  return losses
}

const relative = (value: number, expected: number): number => Math.abs(value - expected) / Math.abs(expected)

function largestOf(values: Float32Array): number {
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
}

/** The largest difference; infinite where a value is not a number. */
function distance(one: Float32Array, other: Float32Array): number {
  let largest = 0
  for (const [index, value] of one.entries()) {
    const difference = Math.abs(value - other[index]!)
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference
  }
  return largest
}
