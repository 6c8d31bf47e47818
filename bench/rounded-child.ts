/** One task with a base in few bits, in a process of its own for its memory: prints one line of JSON. */
import type { RoundedWeights } from '../src/main/contract/base-weights.ts'
import { loadEngine } from '../src/main/engine/load.ts'
import { peakMemory } from './peak-memory.ts'

export interface MemoryTask {
  folder: string
  base: RoundedWeights
  task: 'tune' | 'answer'
}

export interface MemoryReport {
  /** Highest resident memory of the process, in bytes. */
  peakBytes: number
  parameters: number
  /** Seconds to read the model, and (the first time) to round it. */
  loaded: number
  seconds: number
}

const { folder, base, task } = JSON.parse(process.argv[2]!) as MemoryTask
const text = 'premise '.repeat(4)
const started = performance.now()
const engine = await loadEngine({ folder, provider: 'cpu', base })
const loaded = performance.now()
if (task === 'tune') {
  const training = await engine.train([{ input: text, output: 'yes' }], {
    ...{ method: 'lora', lora: { rank: 8, alpha: 16 }, optimizer: 'adamw', learningRate: 1e-4, weightDecay: 0 },
    ...{ epsilon: 1e-8, epochs: 2, batchSize: 1, accumulation: 1, warmupSteps: 0, clipNorm: 1, labelSmoothing: 0 },
    ...{ dropout: 0, maxInputTokens: 32, maxOutputTokens: 8, seed: 1, shuffle: true, maxSteps: 2 }
  })
  for await (const step of training) if (!Number.isFinite(step.loss)) throw new Error(`A loss of ${step.loss}`)
  await training.close()
} else {
  const inputs = [text, `${text}maybe`]
  for await (const answer of engine.generate(inputs, { maxInputTokens: 32, maxNewTokens: 4, beams: 1 })) void answer
}
const report: MemoryReport = {
  ...{ peakBytes: peakMemory(), parameters: engine.info.weights.inFull / 4 },
  ...{ loaded: (loaded - started) / 1000, seconds: (performance.now() - loaded) / 1000 }
}
await engine.close()
console.log(JSON.stringify(report))
process.exit(0)
