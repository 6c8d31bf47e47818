/**
 * Training on a device that keeps tensors: weights, gradients and the optimiser's state stay there from step to step, and only
 * the loss and the length of the gradient come back. One graph gives the gradients of a batch; a few others update the weights, each a
 * part of them, so that of one part alone old and new values lie there at the same time.
 */
import { LabError } from '../../contract/error.ts'
import { GraphBuilder, type Graph } from '../../graph/index.ts'
import { DeviceMemory } from '../device-memory.ts'
import { sizeOf } from '../optimizer/optimizer.ts'
import { RoundedOnDevice } from '../rounded-on-device.ts'
import { bindSymbols, GraphSession, type SessionOptions } from '../session.ts'
import { scalar, type Tensor, type Tensors } from '../tensors.ts'
import type { DeviceOptions } from './cpu-device.ts'
import { stateKey, weightKey, type DeviceBatch, type DeviceTensor, type TrainingDevice } from './device.ts'
import { gradientName, lossName, lossScaleName, squaresName, sumName } from './graph.ts'
import { LossSession } from './loss-session.ts'
import type { TrainedWeight } from './trainable.ts'

/** Names of the update graph's inputs; the outputs are called the same with `new/` before them. */
const updated = (name: string): string => `new/${name}`
const numberName = (name: string): string => `number/${name}`

export class GpuDevice implements TrainingDevice {
  readonly #options: DeviceOptions
  readonly #memory: DeviceMemory
  /** Weights and optimiser's state by their names in checkpoints. */
  readonly #state: Map<string, Tensor>
  /** Weights that are not trained. */
  readonly #frozen: Map<string, Tensor>
  /** Those of them that lie in fewer bits. */
  readonly #rounded: RoundedOnDevice | null
  readonly #steps = new Map<boolean, GraphSession>()
  readonly #updates: readonly Update[]
  readonly #loss: LossSession
  #gradients: Map<string, Tensor> | null = null
  #squares = 0
  /** What the gradients of this step are too large by: a power of two, so that dividing by it is exact. */
  #lossScale = 1

  private constructor(
    options: DeviceOptions,
    memory: DeviceMemory,
    parts: {
      state: Map<string, Tensor>
      frozen: Map<string, Tensor>
      rounded: RoundedOnDevice | null
      updates: readonly Update[]
    }
  ) {
    this.#options = options
    this.#loss = new LossSession(
      () => this.#open(options.loss(), options.session),
      (graph) => this.#weightFeeds(graph)
    )
    this.#memory = memory
    this.#state = parts.state
    this.#frozen = parts.frozen
    this.#rounded = parts.rounded
    this.#updates = parts.updates
  }

  static async open(options: DeviceOptions): Promise<GpuDevice> {
    const { weights, trained, optimizer, session } = options
    const memory = await DeviceMemory.open(session.provider!)
    const state = new Map<string, Tensor>()
    for (const { name, dims, initial } of trained) {
      state.set(weightKey(name), await memory.upload(initial ?? weights.data(name), dims))
      for (const [index, kind] of optimizer.stateNames(dims).entries()) {
        const own = optimizer.stateDims(dims)[index]!
        state.set(stateKey(kind, name), await memory.upload(new Float32Array(sizeOf(own)), own))
      }
    }
    const frozen = new Map<string, Tensor>()
    const changing = new Set(trained.map(({ name }) => name))
    for (const { name, dims } of weights.parameters) {
      if (!changing.has(name) && !weights.rounded?.has(name))
        frozen.set(name, await memory.upload(weights.data(name), dims))
    }
    const rounded = weights.rounded && (await RoundedOnDevice.open(weights.rounded, session.provider!))
    const updates: Update[] = []
    for (const weights of partsOf(trained)) {
      const graph = updateGraph(weights, optimizer)
      const onDevice = graph.outputs.map(({ name }) => name)
      updates.push({ weights, session: await GraphSession.create(graph, { ...session, onDevice }) })
    }
    return new GpuDevice(options, memory, { state, frozen, rounded, updates })
  }

  async accumulate({ feeds, step, part, lossScale = 1 }: DeviceBatch): Promise<number> {
    const before = this.#gradients
    const session = await this.#step(before !== null)
    const masks = this.#options.masks.feeds(session.graph, bindSymbols(session.graph, feeds, true), step, part)
    const sums = Object.fromEntries([...(before ?? [])].map(([name, tensor]) => [sumName(name), tensor]))
    const scaled = this.#options.half ? { [lossScaleName]: scalar(lossScale) } : {}
    this.#lossScale = this.#options.half ? lossScale : 1
    const results = await session.run({ ...this.#weightFeeds(session.graph), ...feeds, ...masks, ...sums, ...scaled })
    dispose(before?.values())
    this.#gradients = new Map(this.#options.trained.map(({ name }) => [name, results[gradientName(name)]!]))
    this.#squares = Number(results[squaresName]!.data[0])
    return Number(results[lossName]!.data[0])
  }

  async gradientNorm(): Promise<number> {
    return Math.sqrt(this.#squares) / this.#lossScale
  }

  async notFinite(): Promise<string[]> {
    const names = [...(this.#gradients?.keys() ?? [])]
    const gradients = await this.gradients()
    return names.filter((_, index) => !gradients[index]!.every(Number.isFinite))
  }

  async gradients(): Promise<readonly Float32Array[]> {
    const all: Float32Array[] = []
    for (const tensor of this.#gradients?.values() ?? []) {
      const values = new Float32Array(tensor.size)
      await this.#memory.download(tensor, values)
      all.push(this.#lossScale === 1 ? values : values.map((value) => value / this.#lossScale))
    }
    return all
  }

  discard(): void {
    dispose(this.#gradients?.values())
    this.#gradients = null
  }

  async update(settings: { step: number; learningRate: number; scale: number }): Promise<void> {
    if (!this.#gradients) throw new LabError('bad-training-step', 'There are no gradients to update with.')
    const unscaled = { ...settings, scale: settings.scale / this.#lossScale }
    const numbers = Object.entries(this.#options.optimizer.numbers(unscaled)).map(([name, value]): [string, Tensor] => [
      numberName(name),
      scalar(value)
    ])
    for (const { weights, session } of this.#updates) {
      const gradients = weights.map(({ name }) => [gradientName(name), this.#gradients!.get(name)!] as const)
      const feeds: Tensors = {
        ...Object.fromEntries(this.#state),
        ...Object.fromEntries(gradients),
        ...Object.fromEntries(numbers)
      }
      const read = new Set(session.graph.inputs.map(({ value }) => value.name))
      const results = await session.run(Object.fromEntries(Object.entries(feeds).filter(([name]) => read.has(name))))
      for (const { name } of session.graph.outputs) {
        const key = name.slice(updated('').length)
        this.#state.get(key)!.dispose()
        this.#state.set(key, results[name]!)
      }
      // What is used is freed before the next part's new values are made.
      for (const { name } of weights) {
        this.#gradients.get(name)!.dispose()
        this.#gradients.delete(name)
      }
    }
    this.#gradients = null
  }

  evaluate(feeds: Tensors): Promise<number> {
    return this.#loss.of(feeds)
  }

  /** Downloads everything, and brings the model's own weights up to date. */
  async state(): Promise<readonly DeviceTensor[]> {
    const tensors: DeviceTensor[] = []
    const { weights, trained, optimizer } = this.#options
    const fetch = async (name: string, dims: readonly number[], data: Float32Array): Promise<void> => {
      await this.#memory.download(this.#state.get(name)!, data)
      tensors.push({ name, dims, data })
    }
    for (const { name, dims } of trained) {
      await fetch(weightKey(name), dims, weights.has(name) ? weights.data(name) : new Float32Array(sizeOf(dims)))
      for (const [index, kind] of optimizer.stateNames(dims).entries()) {
        const own = optimizer.stateDims(dims)[index]!
        await fetch(stateKey(kind, name), own, new Float32Array(sizeOf(own)))
      }
    }
    return tensors
  }

  async restore(read: (name: string, target: Float32Array) => Promise<void>): Promise<void> {
    for (const [name, old] of this.#state) {
      const data = new Float32Array(old.size)
      await read(name, data)
      this.#state.set(name, await this.#memory.upload(data, old.dims))
      old.dispose()
    }
  }

  async close(): Promise<void> {
    await this.state()
    dispose(this.#state.values())
    dispose(this.#frozen.values())
    dispose(this.#gradients?.values())
    await this.#rounded?.close()
    const updates = this.#updates.map(({ session }) => session)
    for (const session of [...this.#steps.values(), ...updates, this.#loss]) await session.release()
    await this.#memory.close()
  }

  async #step(accumulate: boolean): Promise<GraphSession> {
    const known = this.#steps.get(accumulate)
    if (known) return known
    const { graph } = this.#options.gradients({ accumulate, sparseRows: false, squares: true })
    const onDevice = graph.outputs.map(({ name }) => name).filter((name) => name !== lossName && name !== squaresName)
    const session = await this.#open(graph, { ...this.#options.session, onDevice })
    this.#steps.set(accumulate, session)
    return session
  }

  async #open(graph: Graph, options: SessionOptions): Promise<GraphSession> {
    await this.#rounded?.bring(graph.inputs.map(({ value }) => value.name))
    return GraphSession.create(graph, options)
  }

  #weightFeeds(graph: Graph): Tensors {
    const feeds: Record<string, Tensor> = {}
    for (const { value, role } of graph.inputs) {
      if (role.kind === 'weight') feeds[value.name] = this.#weight(value.name)
    }
    return feeds
  }

  #weight(name: string): Tensor {
    return this.#state.get(weightKey(name)) ?? this.#frozen.get(name) ?? this.#rounded!.get(name)!
  }
}

/** A part of the trained weights, and what updates them. */
interface Update {
  weights: readonly TrainedWeight[]
  session: GraphSession
}

/** About so many parts: each holds new values of its own weights while it runs. More would be more waits for the device. */
const updateParts = 8

/** Weights in their order, each part an eighth of all or one weight that is larger. */
function partsOf(trained: readonly TrainedWeight[]): TrainedWeight[][] {
  const most = trained.reduce((sum, { dims }) => sum + sizeOf(dims), 0) / updateParts
  const parts: TrainedWeight[][] = []
  let room = 0
  for (const weight of trained) {
    const size = sizeOf(weight.dims)
    if (parts.length === 0 || size > room) {
      parts.push([])
      room = Math.max(most, size)
    }
    parts.at(-1)!.push(weight)
    room -= size
  }
  return parts
}

/** Weights, gradients and state in, weights and state out. */
function updateGraph(trained: readonly TrainedWeight[], optimizer: DeviceOptions['optimizer']): Graph {
  const g = new GraphBuilder({ name: 'update' })
  const numbers = new Map(
    Object.keys(optimizer.numbers({ step: 1, learningRate: 0, scale: 1 })).map((name) => [
      name,
      g.input(numberName(name), [])
    ])
  )
  for (const weight of trained) addUpdate(g, weight, optimizer, (name) => numbers.get(name)!)
  return g.build()
}

function addUpdate(
  g: GraphBuilder,
  { name, dims, decays }: TrainedWeight,
  optimizer: DeviceOptions['optimizer'],
  numbers: (name: string) => ReturnType<GraphBuilder['input']>
): void {
  const keys = optimizer.stateNames(dims).map((kind) => stateKey(kind, name))
  const slot = {
    dims,
    weight: g.input(weightKey(name), dims),
    gradient: g.input(gradientName(name), dims),
    state: keys.map((key, index) => g.input(key, optimizer.stateDims(dims)[index]!)),
    decays
  }
  const { weight, state } = optimizer.graph(g, slot, numbers)
  g.output(updated(weightKey(name)), weight)
  keys.forEach((key, index) => g.output(updated(key), state[index]!))
}

function dispose(tensors: Iterable<Tensor> | undefined): void {
  for (const tensor of tensors ?? []) tensor.dispose()
}
