import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { BaseWeights } from '../src/main/contract/base-weights.ts'
import { memoryOf } from '../src/main/models/memory.ts'
import type { BenchResult } from './suite.ts'
import type { ChildReport, ChildWay } from './training-child.ts'
import { configOf, shapeOf, type ShapeName } from './training-model.ts'

type Report = (result: BenchResult) => void

/** Memory of a process that trains, against weights, gradients, moments and activations as computed beforehand. */
export async function benchMemory(name: ShapeName, way: ChildWay, report: Report): Promise<void> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(import.meta.dirname, 'training-child.ts'),
    name,
    way
  ])
  const { parameters, trained, peakBytes, baseBytes, seconds } = JSON.parse(stdout) as ChildReport
  const { batch, source, target, title } = shapeOf(name)
  const [method, how] = way.split(' ') as [string, string | undefined]
  const base: BaseWeights = how === '8-bit' || how === '4-bit' ? how : 'full'
  const computed = memoryOf(configOf(shapeOf(name)), {
    ...{ kind: 'train', trained, moments: 2, batch, inputTokens: source, outputTokens: target, dropout: false },
    ...{ recompute: way === 'recompute', beside: method === 'lora', base, precision: how === 'fast' ? 'fast' : 'fp32' },
    ...(method === 'last-blocks' ? { lastBlocks: 1 } : {})
  })
  const detail = `${(parameters / 1e6).toFixed(0)} M weights, ${(trained / 1e6).toFixed(1)} M trained; computed ${gigabytes(computed.total)}; runtime itself ${gigabytes(baseBytes)}; ${seconds.toFixed(1)} s a step`
  if (way === 'lora') {
    report({
      name: `memory, LoRA, ${title}`,
      value: peakBytes / 2 ** 30,
      unit: 'GB',
      aim: 'under 6',
      holds: peakBytes < 6 * 2 ** 30,
      detail
    })
    return
  }
  const ratio = peakBytes / computed.total
  report({
    name: `memory, ${wayNames[way] ?? way}, ${title}, peak / computed`,
    value: ratio,
    unit: '×',
    // Where little is trained, the runtime itself is a large share, which is not computed.
    ...(way in wayNames ? { aim: 'at most 1.15', holds: ratio <= 1.15 } : { aim: null, holds: null }),
    detail: `${gigabytes(peakBytes)}; ${detail}`
  })
}

const wayNames: Partial<Record<ChildWay, string>> = { full: 'full training', recompute: 'with recomputation' }

const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GB`
