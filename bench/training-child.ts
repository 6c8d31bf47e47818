/** Three training steps in a process of its own: run by engine.ts for its memory, prints one line of JSON. */
import { peakMemory } from './peak-memory.ts'
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

const [name, method] = process.argv.slice(2) as [ShapeName, string]
const baseBytes = process.memoryUsage.rss()
const lora = { rank: 8, alpha: 16, targets: ['q_proj', 'v_proj'] }
const { device, feeds, parameters, trained } = await makeBench(
  name,
  method === 'lora' ? { method: 'lora', lora } : { recompute: method === 'recompute' }
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
