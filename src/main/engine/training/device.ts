/** Where a training step happens. The trainer decides what to do and when; a device holds the numbers and does it. */
import type { Tensors } from '../tensors.ts'

/** One batch: what the graph is fed besides weights and dropout masks. */
export interface DeviceBatch {
  readonly feeds: Tensors
  /** Which batch of which step, for the dropout masks. */
  readonly step: number
  readonly part: number
  /** What the loss is multiplied by while gradients are computed in half precision, the same for all batches of a step. Default 1. */
  readonly lossScale?: number
}

export interface TrainingDevice {
  /** Adds the gradients of a batch to those of the step's earlier batches; gives the batch's loss. */
  accumulate(batch: DeviceBatch): Promise<number>
  /** Euclidean length of all gradients of the step, without the loss's scale. Not finite where a gradient is not. */
  gradientNorm(): Promise<number>
  /** Names of weights whose gradients hold a value that is not finite. */
  notFinite(): Promise<string[]>
  /** The gradients of the step so far, without the loss's scale, one array a trained weight, in their order; valid until the next batch. */
  gradients(): Promise<readonly Float32Array[]>
  /** Begins a new step and leaves the weights as they are. */
  discard(): void
  /** Updates all weights with gradients times `scale`, and begins a new step. `step` counts from 1. */
  update(settings: { step: number; learningRate: number; scale: number }): Promise<void>
  /** Loss of a batch without dropout and without gradients. */
  evaluate(feeds: Tensors): Promise<number>
  /** The trained weights and the optimiser's state by name, as ordinary arrays; valid until the next update. */
  state(): Promise<readonly DeviceTensor[]>
  /** Replaces weights and optimiser's state by what `state` gave. */
  restore(read: (name: string, target: Float32Array) => Promise<void>): Promise<void>
  close(): Promise<void>
}

export interface DeviceTensor {
  readonly name: string
  readonly dims: readonly number[]
  readonly data: Float32Array
}

/** Names in a checkpoint. */
export const weightKey = (name: string): string => `weight/${name}`
export const stateKey = (state: string, name: string): string => `${state}/${name}`
