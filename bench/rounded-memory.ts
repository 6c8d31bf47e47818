/**
 * The memory that a large T5 takes with its base in 4 and in 8 bits: tuned with LoRA, and answering. Of T0-3B's shape, with random
 * weights; of 11 billion weights where RECROSS_BENCH_LARGE=11b asks for it. Every figure is a process of its own, from the folder as it
 * would come: the first of a form also rounds the weights and keeps them.
 */
import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { execFile } from 'node:child_process'
import { makeLargeModel, type LargeShape } from './large-model.ts'
import type { MemoryReport, MemoryTask } from './rounded-child.ts'
import { smoke } from './size.ts'
import type { BenchResult, BenchSuite } from './suite.ts'

/** Aims in GB: of the 3-billion one as the lab's users are promised it, of the 11-billion one in 4 bits. */
interface Large {
  name: string
  shape: LargeShape
  bases: readonly MemoryTask['base'][]
  aims: Record<MemoryTask['task'], number>
}

const common = { heads: 32, headWidth: 64, vocabulary: 32_128, layers: 24 }
const three: Large = {
  ...{ name: '3-billion T5', shape: { ...common, width: 2048, feedForward: 5120 } },
  ...{ bases: ['4-bit', '8-bit'], aims: { tune: 6, answer: 5 } }
}
const eleven: Large = {
  ...{ name: '11-billion T5', shape: { ...common, width: 4096, feedForward: 10_240, heads: 64 } },
  ...{ bases: ['4-bit'], aims: { tune: 12, answer: 12 } }
}
const tiny: Large = {
  ...{ name: 'tiny T5', shape: { width: 64, feedForward: 128, heads: 2, headWidth: 32, vocabulary: 512, layers: 2 } },
  ...{ bases: ['4-bit', '8-bit'], aims: { tune: 6, answer: 5 } }
}

export const suite: BenchSuite = {
  name: 'rounded: memory of a large base',
  async run(report) {
    const large = smoke ? tiny : process.env['RECROSS_BENCH_LARGE'] === '11b' ? eleven : three
    const scratch = mkdtempSync(join(process.env['RECROSS_BENCH_SCRATCH'] ?? tmpdir(), 'recross-large-'))
    try {
      const weights = weightsOf(large.shape)
      const missing = whatIsMissing(scratch, weights)
      if (missing !== null) return report({ ...unmeasured(large.name), detail: `not measured: ${missing}` })
      const folder = join(scratch, 'model')
      await makeLargeModel(folder, large.shape)
      for (const base of large.bases)
        for (const task of ['tune', 'answer'] as const) report(await measure(large, { folder, base, task }))
    } finally {
      rmSync(scratch, { recursive: true, force: true })
    }
  }
}

async function measure({ name, aims }: Large, task: MemoryTask): Promise<BenchResult> {
  const child = join(import.meta.dirname, 'rounded-child.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [child, JSON.stringify(task)], { maxBuffer: 1 << 26 })
  const { peakBytes, parameters, seconds, loaded } = JSON.parse(stdout) as MemoryReport
  const value = peakBytes / 1e9
  const aim = aims[task.task]
  return {
    ...{ name: `${name}, ${task.base}: ${task.task === 'tune' ? 'tuned with LoRA' : 'answers'}`, value, unit: 'GB' },
    ...{ aim: `under ${aim}`, holds: value < aim },
    detail:
      `${(parameters / 1e9).toFixed(2)} billion weights; read in ${loaded.toFixed(0)} s, then ` +
      `${task.task === 'tune' ? 'two steps with a text of 32 tokens' : 'four tokens for each of two texts'} in ${seconds.toFixed(0)} s; ` +
      `highest resident memory of the process`
  }
}

function unmeasured(name: string): BenchResult {
  return { name: `${name}: memory`, value: NaN, unit: 'GB', aim: null, holds: null }
}

/** Room for the model in bf16 and what is rounded of it, on the disk and in memory; null where there is enough. */
function whatIsMissing(folder: string, weights: number): string | null {
  const { bavail, bsize } = statfsSync(folder)
  const disk = weights * 4
  if (bavail * bsize < disk) return `${(disk / 1e9).toFixed(0)} GB of disk are needed in ${folder}`
  const memory = weights * 1.3
  return freemem() < memory ? `${(memory / 1e9).toFixed(1)} GB of free memory are needed` : null
}

function weightsOf({ width, feedForward, heads, headWidth, vocabulary, layers }: LargeShape): number {
  const attention = 4 * width * heads * headWidth
  return layers * (3 * attention + 2 * 3 * width * feedForward) + 2 * vocabulary * width
}
