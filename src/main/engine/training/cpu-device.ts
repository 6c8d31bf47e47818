/**
 * Training on the CPU, and on providers that keep no tensors of their own: weights, gradients and moments lie in shared memory,
 * the session reads weights and writes gradients there without a copy, and the kernels update everything in place.
 */
import type { Graph } from '../../graph/index.ts'
import { canWriteDirectly } from '../direct-outputs.ts'
import { ParameterMemory, paddedLength } from '../optimizer/memory.ts'
import { sizeOf, type Optimizer, type Slot } from '../optimizer/optimizer.ts'
import { KernelTeam, type Chunk } from '../optimizer/team.ts'
import { bindSymbols, GraphSession, type SessionOptions } from '../session.ts'
import { float32, type Tensor, type Tensors } from '../tensors.ts'
import type { WeightStore } from '../weights.ts'
import { stateKey, weightKey, type DeviceBatch, type DeviceTensor, type TrainingDevice } from './device.ts'
import type { DropoutMasks } from './dropout.ts'
import { GradientStep } from './gradient-step.ts'
import { lossName, type GradientGraph, type GradientOptions } from './graph.ts'
import type { TrainedWeight } from './trainable.ts'

export interface DeviceOptions {
  weights: WeightStore
  trained: readonly TrainedWeight[]
  /** Makes the gradient graph. */
  gradients: (options: Omit<GradientOptions, 'recompute'>) => GradientGraph
  /** The graph of the loss alone, without dropout. */
  loss: () => Graph
  optimizer: Optimizer
  masks: DropoutMasks
  session: SessionOptions
  threads: number
  /** Layers in fewer bits, for the fast precision or for good; null where there are none. */
  quantized: { get(name: string): Tensor | undefined } | null
  /** Whether weights may lie in shared memory; see `canShareMemory`. */
  sharedMemory: boolean
}

/** A thread takes this many elements at a time: four arrays of them fit into a core's cache. */
const chunkElements = 1 << 16

export class CpuDevice implements TrainingDevice {
  readonly #options: DeviceOptions
  readonly #slots: readonly Slot[]
  readonly #team: KernelTeam
  readonly #steps = new Map<boolean, GradientStep>()
  #evaluation: GraphSession | null = null
  #batches = 0

  constructor(options: DeviceOptions) {
    this.#options = options
    const { trained, weights, optimizer, threads, sharedMemory } = options
    const memory = new ParameterMemory(
      trained.map(({ dims }) => ({ lengths: [sizeOf(dims), sizeOf(dims), ...optimizer.stateLengths(dims)] })),
      sharedMemory
    )
    this.#slots = trained.map(({ name, dims, initial, decays }, index): Slot => {
      const allocation = memory.allocations[index]!
      const [weight, gradient, ...state] = allocation.arrays as [Float32Array, Float32Array, ...Float32Array[]]
      if (initial) weight.set(initial)
      else weights.move(name, weight)
      return { name, dims, memory: allocation.memory, weight, gradient, state, decays }
    })
    this.#team = new KernelTeam(memory.memories, this.#slots.flatMap(chunksOf), threads)
  }

  async accumulate({ feeds, step, part }: DeviceBatch): Promise<number> {
    const first = this.#batches === 0
    const gradients = await this.#step(!first)
    const { graph } = gradients.session
    const bindings = bindSymbols(graph, feeds, true)
    const masks = this.#options.masks.feeds(graph, bindings, step, part)
    const loss = await gradients.run({ ...feeds, ...masks }, bindings, first)
    this.#batches++
    return loss
  }

  async gradientNorm(): Promise<number> {
    return Math.sqrt(this.#team.sumSquares())
  }

  async notFinite(): Promise<string[]> {
    return this.#slots.filter(({ gradient }) => !gradient.every(Number.isFinite)).map(({ name }) => name)
  }

  async gradients(): Promise<readonly Float32Array[]> {
    return this.#slots.map(({ gradient }) => gradient)
  }

  discard(): void {
    this.#batches = 0
  }

  async update(settings: { step: number; learningRate: number; scale: number }): Promise<void> {
    this.#options.optimizer.update(this.#team, this.#slots, settings)
    this.#batches = 0
  }

  async evaluate(feeds: Tensors): Promise<number> {
    this.#evaluation ??= await GraphSession.create(this.#options.loss(), this.#options.session)
    const results = await this.#evaluation.run({ ...this.#weightFeeds(this.#evaluation.graph), ...feeds }, [lossName])
    return Number(results[lossName]!.data[0])
  }

  async state(): Promise<readonly DeviceTensor[]> {
    const { optimizer } = this.#options
    return this.#slots.flatMap(({ name, dims, weight, state }) => [
      { name: weightKey(name), dims, data: weight },
      ...optimizer.stateNames(dims).map((kind, index) => {
        const data = state[index]!
        return { name: stateKey(kind, name), dims: optimizer.stateDims(dims)[index]!, data }
      })
    ])
  }

  async restore(read: (name: string, target: Float32Array) => Promise<void>): Promise<void> {
    for (const { name, data } of await this.state()) await read(name, data)
  }

  async close(): Promise<void> {
    for (const { session } of this.#steps.values()) await session.release()
    await this.#evaluation?.release()
    await this.#team.close()
  }

  async #step(accumulate: boolean): Promise<GradientStep> {
    const known = this.#steps.get(accumulate)
    if (known) return known
    const { session: options } = this.#options
    const gradients = this.#options.gradients({ accumulate, sparseRows: true })
    const direct = (options.provider ?? 'cpu') === 'cpu' && (await canWriteDirectly())
    const session = await GraphSession.create(gradients.graph, { ...options, direct })
    const step = new GradientStep(gradients, session, this.#slots, this.#weightFeeds(gradients.graph))
    this.#steps.set(accumulate, step)
    return step
  }

  #weightFeeds(graph: Graph): Tensors {
    const read = new Set(graph.inputs.map(({ value }) => value.name))
    const trained = this.#slots.filter(({ name }) => read.has(name))
    const quantized = [...read].flatMap((name) => {
      const tensor = this.#options.quantized?.get(name)
      return tensor ? [[name, tensor] as const] : []
    })
    return {
      ...Object.fromEntries(quantized),
      ...this.#options.weights.feeds(graph),
      ...Object.fromEntries(trained.map(({ name, dims, weight }) => [name, float32(weight, dims)]))
    }
  }
}

function chunksOf({ memory, weight, gradient, state, decays }: Slot): Chunk[] {
  const chunks: Chunk[] = []
  const [first, second] = [state[0] ?? weight, state[1] ?? weight]
  for (let start = 0; start < weight.length; start += chunkElements) {
    chunks.push({
      memory,
      addresses: [weight, gradient, first, second].map((array) => array.byteOffset + start * 4) as [
        number,
        number,
        number,
        number
      ],
      count: Math.min(chunkElements, paddedLength(weight.length) - start),
      decays
    })
  }
  return chunks
}
