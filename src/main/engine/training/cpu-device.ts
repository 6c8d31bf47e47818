/**
 * Training on the CPU, and on providers that keep no tensors of their own: weights, gradients and moments lie in shared memory,
 * the session reads weights and writes gradients there without a copy, and the kernels update everything in place.
 */
import type { Graph } from '../../graph/index.ts'
import { canWriteDirectly } from '../direct-outputs.ts'
import { ParameterMemory } from '../optimizer/memory.ts'
import { sizeOf, type Optimizer, type Slot } from '../optimizer/optimizer.ts'
import { chunksOf, roundedLengths, roundedSlot } from '../optimizer/chunks.ts'
import { KernelTeam } from '../optimizer/team.ts'
import { bindSymbols, GraphSession, type SessionOptions } from '../session.ts'
import { quantizedNames } from '../../models/context.ts'
import { float32, tensor, type Tensor, type Tensors } from '../tensors.ts'
import type { WeightStore } from '../weights.ts'
import { stateKey, weightKey, type DeviceBatch, type DeviceTensor, type TrainingDevice } from './device.ts'
import type { DropoutMasks } from './dropout.ts'
import { GradientStep } from './gradient-step.ts'
import type { GradientGraph, GradientOptions } from './graph.ts'
import { LossSession } from './loss-session.ts'
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
  /** Trained layers, without `.weight`, that the graph reads in 8 bits. */
  roundedLayers: ReadonlySet<string>
  /** Frozen layers in fewer bits, for the fast precision or for good; null where there are none. */
  quantized: { get(name: string): Tensor | undefined } | null
  /** Whether weights may lie in shared memory; see `canShareMemory`. */
  sharedMemory: boolean
  /** Gradients are computed in half precision, from a loss that is scaled; on devices alone. */
  half: boolean
}

export class CpuDevice implements TrainingDevice {
  readonly #options: DeviceOptions
  readonly #slots: readonly Slot[]
  readonly #team: KernelTeam
  readonly #steps = new Map<boolean, GradientStep>()
  readonly #loss: LossSession
  #batches = 0

  constructor(options: DeviceOptions) {
    this.#options = options
    this.#loss = new LossSession(
      () => GraphSession.create(options.loss(), options.session),
      (graph) => this.#weightFeeds(graph)
    )
    const { trained, weights, optimizer, threads, sharedMemory, roundedLayers } = options
    const isRounded = (name: string) => name.endsWith('.weight') && roundedLayers.has(name.slice(0, -'.weight'.length))
    const memory = new ParameterMemory(
      trained.map(({ name, dims }) => ({
        lengths: [
          ...[sizeOf(dims), sizeOf(dims), ...optimizer.stateLengths(dims)],
          ...(isRounded(name) ? roundedLengths(dims) : [])
        ]
      })),
      sharedMemory
    )
    this.#slots = trained.map(({ name, dims, initial, decays }, index): Slot => {
      const allocation = memory.allocations[index]!
      const [weight, gradient, ...others] = allocation.arrays as [Float32Array, Float32Array, ...Float32Array[]]
      const states = optimizer.stateLengths(dims).length
      const [state, beside] = [others.slice(0, states), others.slice(states)]
      if (initial) weight.set(initial)
      else weights.move(name, weight)
      const rounded = isRounded(name) ? roundedSlot(beside, weight.length) : null
      return { name, dims, memory: allocation.memory, weight, gradient, state, decays, rounded }
    })
    this.#team = new KernelTeam(
      memory.memories,
      this.#slots.flatMap((slot) => chunksOf(slot)),
      threads
    )
    this.#team.round()
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

  evaluate(feeds: Tensors): Promise<number> {
    return this.#loss.of(feeds)
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
    this.#team.round()
  }

  async close(): Promise<void> {
    for (const { session } of this.#steps.values()) await session.release()
    await this.#loss.release()
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
    const own = new Map(this.#slots.flatMap(roundedTensors))
    const quantized = [...read].flatMap((name) => {
      const tensor = own.get(name) ?? this.#options.quantized?.get(name)
      return tensor ? [[name, tensor] as const] : []
    })
    return {
      ...Object.fromEntries(quantized),
      ...this.#options.weights.feeds(graph),
      ...Object.fromEntries(trained.map(({ name, dims, weight }) => [name, float32(weight, dims)]))
    }
  }
}

function roundedTensors({ name, dims, rounded }: Slot): (readonly [string, Tensor])[] {
  if (!rounded) return []
  const [rows, width] = dims as [number, number]
  const names = quantizedNames(name.slice(0, -'.weight'.length))
  return [
    [names.values, tensor('int8', rounded.values, dims)],
    [names.turned, tensor('int8', rounded.turned, [width, rows])],
    [names.scale, float32(rounded.scale, [rows])]
  ]
}
