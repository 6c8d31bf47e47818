/** Whole training steps on the device, on the processor and by PyTorch on CUDA. */
import type { RoundedWeights } from '../../src/main/contract/base-weights.ts'
import type { TrainSettings } from '../../src/main/engine/engine.ts'
import type { Provider } from '../../src/main/contract/providers.ts'
import { physicalCores } from '../../src/main/machine/cores.ts'
import { sized } from '../size.ts'
import { median } from '../../src/main/sums/sums.ts'
import { plain, type BenchResult } from '../suite.ts'
import { makeBench, shapeOf, type Bench, type ShapeName } from '../training-model.ts'
import { startTrainingPeer } from '../training-peer.ts'
import { benchLossScale, compare } from './parity.ts'
import { withoutHalf } from './half.ts'
import { atLeast, missing } from './rows.ts'

type Report = (row: BenchResult) => void

const shapes = ['bart-base', 'bart-large', 't5-base'] as const

export async function benchStep(name: ShapeName, report: Report): Promise<void> {
  const { title, batch, source, target } = shapeOf(name)
  const what = `step, ${title}`
  const gpu = await stepTime(name, 'webgpu', sized(10, 1))
  report(
    plain(`${what}, WebGPU fp32`, gpu, 'ms', `batch ${batch}, ${source} + ${target} tokens, full tuning with AdamW`)
  )
  const cpu = await stepTime(name, 'cpu', 1)
  report(plain(`${what}, processor fp32`, cpu, 'ms', `${physicalCores()} cores`))
  report(atLeast(`${what}, WebGPU / processor`, cpu / gpu, 20))
}

/** In a process of its own, so that the memory is that of this precision. */
export async function benchHalfStep(name: ShapeName, report: Report): Promise<void> {
  const what = `step, ${shapeOf(name).title}, WebGPU fp16 mixed precision`
  const why = await withoutHalf()
  if (why !== null) return report(missing(what, 'not measured', why))
  const milliseconds = await stepTime(name, 'webgpu', sized(10, 1), { precision: 'half' })
  report(plain(what, milliseconds, 'ms', 'products in fp16; weights, moments, norms and sums in fp32, the loss scaled'))
}

export async function benchLora(report: Report): Promise<void> {
  const lora = { rank: 8, alpha: 16, targets: ['q_proj', 'v_proj'] }
  const what = `LoRA step, ${shapeOf('bart-large').title}`
  const settings: Partial<TrainSettings> = { method: 'lora', lora }
  const gpu = await stepTime('bart-large', 'webgpu', sized(10, 1), settings)
  report(plain(`${what}, WebGPU fp32`, gpu, 'ms', 'rank 8 on queries and values'))
  const cpu = await stepTime('bart-large', 'cpu', 1, settings)
  report(plain(`${what}, processor fp32`, cpu, 'ms'))
  report(atLeast(`${what}, WebGPU / processor`, cpu / gpu, 20))
}

/** LoRA beside a base in few bits: whether a small one does what the processor does, and what one of three billion takes. */
export async function benchLarge(base: RoundedWeights, report: Report): Promise<void> {
  const settings: Partial<TrainSettings> = { method: 'lora', lora: { rank: 8, alpha: 16, targets: ['q', 'v'] } }
  await compare({ shape: 't5-small', settings, base }, report)
  const { title, batch, source, target } = shapeOf('t0-3b')
  const { parameters, trained, bytes, ...bench } = await makeBench('t0-3b', settings, 'webgpu', base)
  const milliseconds = await stepsOf(bench, sized(5, 1))
  const what = `LoRA step, ${title} on ${base}, WebGPU`
  const billions = (parameters / 1e9).toPrecision(3)
  const detail = `${billions} billion weights, ${trained} trained, batch ${batch}, ${source} + ${target} tokens`
  report(plain(what, milliseconds, 'ms', detail))
  report(plain(`${what}, tokens`, (batch * (source + target)) / (milliseconds / 1000), 'tokens/s'))
  report(plain(`${what}, weights on the device`, bytes / 2 ** 30, 'GB', 'the layers as they lie, tables in fp32'))
}

/** PyTorch's steps on the card, and ours again beside them: the same process of the same minute. */
export async function benchPyTorch(report: Report): Promise<void> {
  const peer = startTrainingPeer(physicalCores(), 'cuda')
  if (!peer) return report(missing('PyTorch CUDA', 'not measured', 'RECROSS_BENCH_PYTHON is not set'))
  try {
    const { device } = await peer.device()
    if (device === null)
      return report(missing('PyTorch CUDA', 'not measured', 'this Python’s PyTorch sees no CUDA device'))
    for (const name of shapes) {
      const { title } = shapeOf(name)
      await peer.prepare(shapeOf(name))
      for (const precision of ['fp32', 'fp16'] as const) {
        const why = precision === 'fp16' ? await withoutHalf() : null
        const change = precision === 'fp16' ? ({ precision: 'half' } as const) : {}
        const ours = why === null ? await stepTime(name, 'webgpu', sized(5, 1), change) : null
        const times: number[] = []
        for (let step = 0; step <= sized(10, 1); step++) times.push(1000 * (await peer.step({ precision })).seconds)
        const theirs = median(times.slice(1))
        report(plain(`step, ${title}, PyTorch CUDA ${precision}`, theirs, 'ms', device))
        const both = `step, ${title}, WebGPU ${precision} / PyTorch CUDA ${precision}`
        if (ours === null) {
          report(missing(both, 'not measured', why!))
          continue
        }
        const row = atLeast(both, theirs / ours, 0.6)
        const aimed = name === 'bart-large' && precision === 'fp32'
        report(aimed ? row : { ...row, aim: null, holds: null })
      }
    }
  } finally {
    await peer.close()
  }
}

/** Median milliseconds of a whole step, behind one that pays for compiling. */
async function stepTime(
  name: ShapeName,
  provider: Provider,
  count: number,
  settings: Partial<TrainSettings> = {}
): Promise<number> {
  const bench = await makeBench(name, settings, provider)
  const time = await stepsOf(bench, count)
  // On the processor memory goes back; what lies on the device goes with the process.
  if (provider === 'cpu') await bench.device.close()
  return time
}

async function stepsOf({ device, feeds }: Pick<Bench, 'device' | 'feeds'>, count: number): Promise<number> {
  const times: number[] = []
  for (let step = 0; step <= count; step++) {
    const start = performance.now()
    await device.accumulate({ feeds, step, part: 0, lossScale: benchLossScale })
    await device.gradientNorm()
    await device.update({ step: step + 1, learningRate: 1e-5, scale: 1 })
    times.push(performance.now() - start)
  }
  return median(times.slice(1))
}
