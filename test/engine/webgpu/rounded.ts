/** Trains LoRA on a base in few bits on WebGPU and on the CPU, answers from it on both, and prints how far they are apart. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TrainExample, TrainSettings } from '../../../src/main/engine/engine.ts'
import { loadEngine } from '../../../src/main/engine/load.ts'
import type { RoundedWeights } from '../../../src/main/contract/base-weights.ts'
import { createModelFolder } from '../../../src/main/models/create.ts'
import { trainByteLevelBpe, writeTokenizer } from '../../../src/main/models/tokenizers/train-bpe.ts'
import { normalNumbers } from '../../../src/main/random/labelled.ts'

export interface RoundedOnDevice {
  /** Largest relative difference of a step's loss. */
  training: number
  /** The same of the losses of answers. */
  losses: number
  sameAnswers: boolean
}

const base = process.argv[2] as RoundedWeights
const examples: TrainExample[] = ['red', 'green', 'blue', 'white'].map((name) => ({
  input: `it is ${name}`,
  output: name
}))
const settings: TrainSettings = {
  ...{ method: 'lora', lora: { rank: 4, alpha: 8 }, optimizer: 'adamw', learningRate: 1e-2, weightDecay: 0 },
  ...{ epsilon: 1e-8, epochs: 3, batchSize: 4, accumulation: 1, warmupSteps: 0, clipNorm: 1, labelSmoothing: 0 },
  ...{ dropout: 0, maxInputTokens: 32, maxOutputTokens: 8, seed: 3, shuffle: true }
}

const folder = mkdtempSync(join(tmpdir(), 'rounded-webgpu-'))
try {
  const tokenizer = trainByteLevelBpe(
    examples.map(({ input }) => input),
    280
  )
  await createModelFolder(
    folder,
    {
      ...{ model_type: 't5', vocab_size: 320, pad_token_id: 1, eos_token_id: 2, decoder_start_token_id: 2 },
      ...{ d_model: 32, d_ff: 48, d_kv: 8, num_heads: 2, num_layers: 1, num_decoder_layers: 1 },
      ...{ feed_forward_proj: 'gated-gelu', tie_word_embeddings: false }
    },
    normalNumbers(1, 't5')
  )
  await writeTokenizer(folder, tokenizer, 40)
  const [cpu, device] = [await runOn('cpu'), await runOn('webgpu')]
  const found: RoundedOnDevice = {
    training: furthest(device.training, cpu.training),
    losses: furthest(device.losses, cpu.losses),
    sameAnswers: JSON.stringify(device.answers) === JSON.stringify(cpu.answers)
  }
  console.log(JSON.stringify(found))
} finally {
  rmSync(folder, { recursive: true })
}
process.exit(0)

async function runOn(provider: 'cpu' | 'webgpu') {
  const engine = await loadEngine({ folder, provider, base, threads: 1 })
  const losses = await engine.losses(examples)
  const answers: (readonly number[])[] = []
  for await (const { index, tokenIds } of engine.generate(
    examples.map(({ input }) => input),
    { maxNewTokens: 4 }
  ))
    answers[index] = tokenIds
  const training: number[] = []
  const steps = await engine.train(examples, settings)
  for await (const { loss } of steps) training.push(loss)
  await steps.close()
  await engine.close()
  return { training, losses, answers }
}

function furthest(found: readonly number[], expected: readonly number[]): number {
  return Math.max(...found.map((value, at) => Math.abs(value / expected[at]! - 1)))
}
