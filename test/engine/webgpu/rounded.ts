/**
 * A base in few bits on WebGPU beside the CPU: losses, answers, vectors, the gradients of LoRA and where its steps lead, for a BART and
 * a T5 in both forms. Prints how far they are apart, what ran on the processor and which weights were brought with a run.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TrainExample, TrainSettings } from '../../../src/main/engine/engine.ts'
import { createInference } from '../../../src/main/engine/inference/index.ts'
import { loadModel, type LoadedModel } from '../../../src/main/engine/loaded-model.ts'
import { GraphSession } from '../../../src/main/engine/session.ts'
import type { Tensor, Tensors } from '../../../src/main/engine/tensors.ts'
import { seq2seqObjective } from '../../../src/main/engine/training/seq2seq-objective.ts'
import { openDevice } from '../../../src/main/engine/training/start.ts'
import type { RoundedWeights } from '../../../src/main/contract/base-weights.ts'
import type { Seq2SeqConfig } from '../../../src/main/models/config.ts'
import { createModelFolder, type ConfigFields } from '../../../src/main/models/create.ts'
import { trainByteLevelBpe, writeTokenizer } from '../../../src/main/models/tokenizers/train-bpe.ts'
import { normalNumbers } from '../../../src/main/random/labelled.ts'

export interface RoundedOnDevice {
  model: string
  base: RoundedWeights
  /** Largest relative difference of a loss, and of the losses of steps. */
  losses: number
  training: number
  /** Largest difference of an element, relative to the largest of all. */
  gradients: number
  vectors: number
  sameAnswers: boolean
  /** Adapter weights whose gradients are not 0. */
  learning: number
}

export interface RoundedReport {
  compared: RoundedOnDevice[]
  /** Runs of operators by kind, of the sessions that take a training step. */
  device: Record<string, number>
  processor: Record<string, number>
  /** Weights that lay in ordinary memory when a session on the device was run. */
  brought: string[]
  /** Tensors that were brought to the device to stay there, and those of them that were not freed when all was closed. */
  uploads: number
  left: number
}

// Widths that are no multiples of a block.
const ids = { vocab_size: 320, bos_token_id: 0, pad_token_id: 1, eos_token_id: 2, decoder_start_token_id: 2 }
const models: Record<string, ConfigFields> = {
  bart: {
    ...{ model_type: 'bart', ...ids, d_model: 36, encoder_layers: 1, decoder_layers: 1, encoder_ffn_dim: 52 },
    ...{ decoder_ffn_dim: 52, max_position_embeddings: 40, encoder_attention_heads: 2, decoder_attention_heads: 2 }
  },
  t5: {
    ...{ model_type: 't5', ...ids, d_model: 36, d_ff: 52, d_kv: 18, num_heads: 2, num_layers: 1 },
    ...{ num_decoder_layers: 1, feed_forward_proj: 'gated-gelu', tie_word_embeddings: false }
  }
}
const examples: TrainExample[] = ['red', 'green', 'blue', 'white'].map((name) => ({
  input: `it is ${name}`,
  output: name
}))
const steps = 3
const inputs = examples.map(({ input }) => input)
const settings: TrainSettings = {
  ...{ method: 'lora', lora: { rank: 4, alpha: 8 }, optimizer: 'adamw', learningRate: 1e-2, weightDecay: 0 },
  ...{ epsilon: 1e-8, epochs: 3, batchSize: 4, accumulation: 1, warmupSteps: 0, clipNorm: 1, labelSmoothing: 0 },
  ...{ dropout: 0, maxInputTokens: 32, maxOutputTokens: 8, seed: 3, shuffle: true }
}

const home = mkdtempSync(join(tmpdir(), 'rounded-webgpu-'))
const watched = watchSessions(join(home, 'profile'))
const compared: RoundedOnDevice[] = []
try {
  const tokenizer = trainByteLevelBpe(inputs, 280)
  for (const [model, config] of Object.entries(models)) {
    const folder = join(home, model)
    await createModelFolder(folder, config, normalNumbers(1, model))
    await writeTokenizer(folder, tokenizer, 40)
    for (const base of ['4-bit', '8-bit'] as const) compared.push({ model, base, ...(await compare(folder, base)) })
  }
  const report: RoundedReport = { compared, ...watched.report() }
  console.log(JSON.stringify(report))
} finally {
  rmSync(home, { recursive: true })
}
process.exit(0)

async function compare(folder: string, base: RoundedWeights): Promise<Omit<RoundedOnDevice, 'model' | 'base'>> {
  const model = await loadModel({ folder, provider: 'cpu', base, threads: 1 })
  const cpu = await runOn(model)
  // Without the provider's self-test, which takes as long as all of this.
  const device = await runOn({ ...model, provider: 'webgpu' })
  return {
    losses: furthest(device.losses, cpu.losses),
    training: furthest(device.training, cpu.training),
    gradients: apart(device.gradients, cpu.gradients),
    vectors: apart(device.vectors, cpu.vectors),
    sameAnswers: JSON.stringify(device.answers) === JSON.stringify(cpu.answers),
    learning: cpu.gradients.filter((gradient) => gradient.some((value) => value !== 0)).length
  }
}

async function runOn(model: LoadedModel) {
  const { rounded } = model.weights
  const inference = createInference({ ...model, weight: (name) => model.weights.data(name), rounded, live: false })
  const losses = await inference.losses(examples)
  const answers: (readonly number[])[] = []
  for await (const { index, tokenIds } of inference.generate(inputs, { maxNewTokens: 4 })) answers[index] = tokenIds
  const vectors: Float32Array[] = []
  for await (const batch of inference.embed(inputs)) vectors.push(Float32Array.from(batch.vectors))
  await inference.close()
  return { losses, answers, vectors, ...(await train(model)) }
}

/** Losses of some steps, and the gradients of the last: by then those of an adapter's lower half are not 0 any more. */
async function train(model: LoadedModel): Promise<{ training: number[]; gradients: Float32Array[] }> {
  const objective = seq2seqObjective({ ...model, config: model.config as Seq2SeqConfig }, examples, settings)
  const { device } = await openDevice(model, objective, settings)
  const order = examples.map((_, index) => index)
  const { feeds } = objective.batch(order, objective.labels(order))
  const training: number[] = [await device.evaluate(feeds)]
  for (let step = 0; step < steps; step++) {
    training.push(await device.accumulate({ feeds, step, part: 0 }))
    if (step + 1 < steps) await device.update({ step: step + 1, learningRate: 0.02, scale: 1 })
  }
  const gradients = (await device.gradients()).map((gradient) => Float32Array.from(gradient))
  await device.close()
  return { training, gradients }
}

function furthest(found: readonly number[], expected: readonly number[]): number {
  return Math.max(...found.map((value, at) => Math.abs(value / expected[at]! - 1)))
}

function apart(found: readonly Float32Array[], expected: readonly Float32Array[]): number {
  let [difference, largest] = [0, 0]
  expected.forEach((values, index) =>
    values.forEach((value, at) => {
      const own = Math.abs(value - found[index]![at]!)
      // Not `Math.max`: a NaN must count as the largest.
      if (!(own <= difference)) difference = own
      largest = Math.max(largest, Math.abs(value))
    })
  )
  return difference / largest
}

/** Profiles the sessions on the device that take a step, and watches what all of them are fed. */
function watchSessions(prefix: string): { report(): Omit<RoundedReport, 'compared'> } {
  const profiled: GraphSession[] = []
  const brought = new Set<string>()
  const kept = new Set<Tensor>()
  let uploads = 0
  const watchFreeing = (tensor: Tensor): void => {
    uploads++
    kept.add(tensor)
    const dispose = tensor.dispose.bind(tensor)
    tensor.dispose = () => {
      kept.delete(tensor)
      dispose()
    }
  }
  const create = GraphSession.create.bind(GraphSession)
  GraphSession.create = async (graph, options) => {
    if (options?.provider !== 'webgpu') return create(graph, options)
    const isStep = graph.outputs.some(({ name }) => name.startsWith('gradient/'))
    const session = await create(graph, isStep ? { ...options, profile: `${prefix}${profiled.length}` } : options)
    if (isStep) profiled.push(session)
    const run = session.run.bind(session)
    const weights = graph.inputs.flatMap(({ value, role }) => (role.kind === 'weight' ? [value.name] : []))
    session.run = async (feeds: Tensors, only) => {
      for (const name of weights) if (feeds[name]?.location === 'cpu') brought.add(`${graph.name}: ${name}`)
      const results = await run(feeds, only)
      if (graph.name === 'upload') watchFreeing(results['y']!)
      return results
    }
    const release = session.release.bind(session)
    session.release = async () => {
      if (isStep) session.endProfile()
      await release()
    }
    return session
  }
  return { report: () => ({ ...placement(prefix), brought: [...brought], uploads, left: kept.size }) }
}

interface Event {
  cat: string
  name: string
  args?: { op_name?: string; provider?: string }
}

function placement(prefix: string): Pick<RoundedReport, 'device' | 'processor'> {
  const found = { device: {} as Record<string, number>, processor: {} as Record<string, number> }
  const folder = join(prefix, '..')
  for (const file of readdirSync(folder).filter((name) => name.startsWith('profile'))) {
    for (const { cat, name, args } of JSON.parse(readFileSync(join(folder, file), 'utf8')) as Event[]) {
      if (cat !== 'Node' || !name.endsWith('_kernel_time') || !args?.op_name) continue
      const counts = args.provider === 'CPUExecutionProvider' ? found.processor : found.device
      counts[args.op_name] = (counts[args.op_name] ?? 0) + 1
    }
  }
  return found
}
