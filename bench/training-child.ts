/** Three training steps in a process of its own: run by engine.ts for its memory, prints one line of JSON. */
import { peakMemory } from './peak-memory.ts'
import type { BaseWeights } from '../src/main/contract/base-weights.ts'
import { makeBench, type ShapeName } from './training-model.ts'

export interface ChildReport {
  parameters: number
  trained: number
  /** Largest resident memory of the process, in bytes. */
  peakBytes: number
  /** Resident memory before anything was made: the runtime itself. */
  baseBytes: number
  seconds: number
}

/** How a child trains: with all values kept or not, by an adapter or the last blocks, in which precision, on which base. */
export type ChildWay =
  'full' | 'recompute' | 'lora' | 'last-blocks' | 'lora fast' | 'full fast' | 'lora 8-bit' | 'lora 4-bit'

const [name, way] = process.argv.slice(2) as [ShapeName, ChildWay]
const baseBytes = process.memoryUsage.rss()
const lora = { rank: 8, alpha: 16, targets: ['q_proj', 'v_proj'] }
const [method, how] = way.split(' ') as [string, string | undefined]
const { device, feeds, parameters, trained } = await makeBench(
  name,
  {
    ...(method === 'lora' ? { method: 'lora', lora } : method === 'last-blocks' ? { method, lastBlocks: 1 } : {}),
    ...(method === 'recompute' ? { recompute: true } : {}),
    ...(how === 'fast' ? { precision: 'fast' } : {})
  },
  'cpu',
  how === undefined || how === 'fast' ? 'full' : (how as BaseWeights)
)
let seconds = 0
for (let step = 0; step < 3; step++) {
  const start = performance.now()
  await device.accumulate({ feeds, step, part: 0 })
  await device.gradientNorm()
  await device.update({ step: step + 1, learningRate: 1e-5, scale: 1 })
  seconds = (performance.now() - start) / 1000
}
const report: ChildReport = { parameters, trained, baseBytes, peakBytes: peakMemory(), seconds }
console.log(JSON.stringify(report))
process.exit(0)
