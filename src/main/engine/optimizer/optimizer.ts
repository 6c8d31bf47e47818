/** What the CPU trainer asks of an optimiser: state beside each weight, and one update of all weights. */
import type { GraphBuilder, Value } from '../../graph/index.ts'
import type { KernelTeam } from './team.ts'

/** A weight with its gradient and the optimiser's state, all in one shared memory. */
export interface Slot {
  readonly name: string
  readonly dims: readonly number[]
  readonly memory: number
  readonly weight: Float32Array
  readonly gradient: Float32Array
  /** As many arrays as `stateLengths` asked for. */
  readonly state: readonly Float32Array[]
  /** Whether weight decay applies to it. */
  readonly decays: boolean
  /** The weight in 8 bits, `[rows, width]`, made anew by every update; null where nothing asks for it. */
  readonly rounded: RoundedSlot | null
}

export interface RoundedSlot {
  readonly values: Int8Array
  /** The same as `[width, rows]`. */
  readonly turned: Int8Array
  /** For each row: weight ≈ value · scale. */
  readonly scale: Float32Array
}

export interface UpdateSettings {
  /** Counted from 1. */
  step: number
  learningRate: number
  /** Gradients are multiplied by this first (clipping). */
  scale: number
}

/** A weight in a graph that updates it on a device, with its gradient and state, and what they become. */
export interface GraphSlot {
  readonly dims: readonly number[]
  readonly weight: Value
  readonly gradient: Value
  readonly state: readonly Value[]
  readonly decays: boolean
}

export interface GraphUpdate {
  readonly weight: Value
  readonly state: readonly Value[]
}

export interface Optimizer {
  /** Names of the state arrays, for checkpoints. */
  stateNames(dims: readonly number[]): readonly string[]
  /** Shapes of the state arrays that checkpoints hold. */
  stateDims(dims: readonly number[]): readonly (readonly number[])[]
  /** Lengths of all arrays that `update` needs beside weight and gradient: the state, then scratch. */
  stateLengths(dims: readonly number[]): readonly number[]
  update(team: KernelTeam, slots: readonly Slot[], settings: UpdateSettings): void
  /** The same for a device: the numbers of a step by name, fed as scalars to the graph that `graph` adds to. */
  numbers(settings: UpdateSettings): Readonly<Record<string, number>>
  graph(g: GraphBuilder, slot: GraphSlot, numbers: (name: string) => Value): GraphUpdate
}

export const sizeOf = (dims: readonly number[]): number => dims.reduce((product, dim) => product * dim, 1)
