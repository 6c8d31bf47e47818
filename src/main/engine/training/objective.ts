/** What is trained for: a loss as a graph, and the batches that go with it. */
import type { Adapter } from '../../graph/index.ts'
import type { LossGraph, LossOptions } from '../../models/graphs.ts'
import type { Parameter } from '../../models/parameters.ts'
import type { Tokenizer } from '../../models/tokenizers/tokenizer.ts'
import type { Tensors } from '../tensors.ts'

/** What is trained: its configuration, its weights, and how it reads texts. */
export interface Trained<Config> {
  config: Config
  parameters: readonly Parameter[]
  tokenizer: Tokenizer
}

export interface LossBatch {
  readonly feeds: Tensors
  /** Tokens that the model reads, padding left out. */
  readonly tokens: number
}

export interface Objective {
  /** Number of examples. */
  readonly count: number
  /** Identity of examples and cutting, so that a checkpoint is not resumed with others. */
  readonly fingerprint: string
  graph(options: LossOptions & { adapter?: Adapter }): LossGraph
  /** Tokens that the model reads of an example. */
  length(example: number): number
  /** How many labels the examples have: the loss of a step is the mean over all its labels. Those of an epoch, where they differ. */
  labels(examples: readonly number[], epoch?: number): number
  /** The batch of these examples; its loss is the sum over its labels divided by `totalLabels`. */
  batch(examples: readonly number[], totalLabels: number, epoch?: number): LossBatch
}

/** Computes a value when it is first asked for, and keeps it: every epoch reads the same ids. */
export function lazily<T>(count: number, make: (index: number) => T): (index: number) => T {
  const values = new Array<T | undefined>(count)
  return (index) => (values[index] ??= make(index))
}
