/**
 * What the lab does on a graphics card, as one report of a few minutes: whether WebGPU works, whether it computes what the processor
 * does, how long steps, vectors and answers take on both, what memory they need there and which operators were left to the processor.
 * Beside them PyTorch on CUDA, where RECROSS_BENCH_PYTHON names a Python that has it. Every part runs in a process of its own: a driver
 * that aborts or hangs ends that part, and the report says so.
 */
import { findDriver, type Driver } from './gpu/drivers.ts'
import { watchMemory } from './gpu/device-memory.ts'
import { halfGain, missing } from './gpu/rows.ts'
import { partNames, runPart } from './gpu/run-part.ts'
import { sized, smoke } from './size.ts'
import type { BenchSuite } from './suite.ts'

/** On sizes that only show whether the suite works; what the others do is tested in test/engine/webgpu. RECROSS_GPU_PARTS names others. */
const quickParts = [
  'step bart-base',
  'step bart-base in fp16',
  'T0-3B on 4-bit',
  'half precision',
  'generation',
  'PyTorch'
]

/** Seconds of the whole report. */
const budget = 450

export const suite: BenchSuite = {
  name: 'gpu',
  async run(told) {
    const start = performance.now()
    const seen = new Map<string, number>()
    const report: typeof told = (row) => {
      told(row)
      seen.set(row.name, row.value)
      const gain = halfGain(row, seen)
      if (gain) told(gain)
    }
    const left = (): number => budget - (performance.now() - start) / 1000
    const { driver, findings } = await findDriver(report)
    if (driver === null) {
      for (const name of partNames) report(missing(name, 'not measured', findings.join('; ')))
      return
    }
    // With software in place of a card only small sizes come to an end.
    const small = smoke || driver.software
    const named = process.env['RECROSS_GPU_PARTS']?.split(',') ?? (smoke ? quickParts : partNames)
    for (const name of partNames.filter((part) => named.includes(part))) {
      if (left() < 5) {
        report(missing(name, 'not measured', `the ${budget} s of the report were used up`))
        continue
      }
      await measured(name, driver, { small, seconds: Math.min(left(), sized(150, 300)) }, report)
    }
    report({
      ...{ name: 'the whole report', value: (performance.now() - start) / 1000, unit: 's' },
      ...{ aim: 'under 480', holds: performance.now() - start < 480_000 }
    })
  }
}

async function measured(
  name: string,
  driver: Driver,
  limits: { small: boolean; seconds: number },
  report: Parameters<BenchSuite['run']>[0]
): Promise<void> {
  const memory = driver.software ? null : watchMemory()
  const failure = await runPart(name, driver, limits, report)
  if (failure !== null) report(missing(name, 'not measured', failure))
  const peak = await memory?.stop()
  const what = `${name}: device memory`
  if (peak === undefined) report(missing(what, 'not measured', 'the device is this machine’s own processor'))
  else if (peak === null) report(missing(what, 'not measured', 'there is no nvidia-smi'))
  else
    report({
      ...{ name: what, value: peak.used / 2 ** 30, unit: 'GB', aim: null, holds: null },
      detail: `at most, beyond what was in use before; of ${(peak.total / 2 ** 30).toFixed(1)} GB`
    })
}
