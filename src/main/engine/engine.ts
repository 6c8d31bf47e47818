/**
 * The engine's public surface: what a worker's job may do with a model. Everything else in this folder is its own affair.
 * A model folder is in Hugging Face layout (config.json, weights, tokenizer).
 */

import type { BaseWeights } from '../contract/base-weights.ts'
import type { Provider, ProviderChoice } from '../contract/providers.ts'
import type { Precision, TunePrecision } from '../contract/precision.ts'
import type { ArchitectureName } from '../models/config.ts'
import type { PoolingMode } from '../models/pooling.ts'

/** An execution provider of ONNX Runtime, or `auto`: the best one that passes a self-test on this machine. */

export interface LoadOptions {
  /** Model folder in Hugging Face layout. */
  folder: string
  /** Adapter or delta made by `train`, applied on top of the folder's weights. */
  patch?: string
  provider?: ProviderChoice
  /** Threads for the CPU provider; default: physical cores. */
  threads?: number
  /** How embeddings, scores and answers are computed; `fast` on the CPU alone. Default fp32. */
  precision?: Precision
  /** The precision in which the model will be trained, where it was loaded for that: it says where `auto` lies. Default fp32. */
  tuning?: TunePrecision
  /** In how many bits the linear layers lie in memory. Other than `full`, nothing but LoRA trains on them. Default full. */
  base?: BaseWeights
  /** Whether what was rounded is kept in the model's folder. Default true; false for a folder that is not the lab's. */
  keepRounded?: boolean
}

export interface ModelInfo {
  architecture: ArchitectureName
  role: 'seq2seq' | 'encoder' | 'pair-classifier'
  parameters: number
  /** Bytes of the weights in memory, what they would be in full, and what they take on a card that keeps them (null: none does). */
  weights: { bytes: number; inFull: number; onCard: number | null }
  hiddenSize: number
  /** Numbers in a vector of `embed`, where nothing else is asked for. */
  embeddingSize: number
  /** How the model wants its vectors to be compared. */
  similarity: 'cosine' | 'dot'
  vocabularySize: number
  /** Longest input in tokens that the model reads, null where there is no limit (T5). */
  maxInputTokens: number | null
  /** What the model folder asks for and the lab does not do, or does otherwise; in sentences. */
  notes: readonly string[]
  provider: Provider
  /** Why this provider, in a sentence for the log. */
  providerReason: string
  /** SHA-256 over weights, config and tokenizer files: the identity of what the model computes. */
  fingerprint: string
}

export interface EmbedOptions {
  /** Inputs are cut at this many tokens. */
  maxTokens?: number
  /** Padded tokens per batch. */
  tokenBudget?: number
  /** What the texts are, for models that put another prompt before each; without it the model's usual prompt. */
  as?: 'query' | 'passage'
  /** Overrides what a sentence-transformers folder says, its prompts and dense layers too; mean pooling without one. */
  pooling?: PoolingMode
  normalize?: boolean
  /**
   * An answer for each text: behind the text's vector comes the decoder's state at the answer's first token, so that it has twice as many
   * numbers. For a BART alone.
   */
  answers?: readonly string[]
  signal?: AbortSignal
}

/** Vectors of `indices`, row-major `[indices.length, dimension]`, in the order of `indices` (batches are length-sorted). */
export interface EmbedBatch {
  indices: readonly number[]
  vectors: Float32Array
}

export interface GenerateOptions {
  maxInputTokens?: number
  maxNewTokens?: number
  /** 1 is greedy. */
  beams?: number
  tokenBudget?: number
  signal?: AbortSignal
}

export interface Generated {
  index: number
  text: string
  tokenIds: readonly number[]
  /** Sum of log-probabilities of the answer, length-normalised as in beam search; null for greedy. */
  score: number | null
}

export interface ChoiceScores {
  index: number
  /** Mean log-likelihood per token of each choice given the input. */
  logLikelihoods: readonly number[]
  /** Position of the best choice. */
  best: number
}

export interface TrainExample {
  input: string
  /** The label text. */
  output: string
  /** Other right answers: where there are any, one of all is drawn for each epoch. */
  others?: readonly string[]
}

/** Two texts and the class they belong to: 1 where the second is useful for the first, otherwise 0. */
export interface LabelledPair {
  first: string
  second: string
  label: number
}

/** Two texts that mean the same or belong together. */
export interface ContrastivePair {
  anchor: string
  positive: string
}

export interface TrainSettings {
  method: 'full' | 'last-blocks' | 'lora'
  /** For `last-blocks`: how many blocks of encoder and of decoder, counted from the end. */
  lastBlocks?: number
  /** `targets`: linear layers by the last part of their names; without them the architecture's own. */
  lora?: { rank: number; alpha: number; targets?: readonly string[]; dropout?: number }
  optimizer: 'adamw' | 'adafactor'
  learningRate: number
  weightDecay: number
  epsilon: number
  betas?: readonly [number, number]
  epochs: number
  batchSize: number
  accumulation: number
  warmupSteps: number
  /** Of the rate after the warm-up: it falls evenly to 0 (`linear`, also where it is missing), or stays. */
  schedule?: 'linear' | 'constant'
  /** Largest global norm of the gradients; null to leave them as they are. */
  clipNorm: number | null
  labelSmoothing: number
  /** Missing: `mean`, over all labels of a step. */
  lossReduction?: 'mean' | 'sum'
  /**
   * `fast`: products of the layers' inputs and of their gradients in 8 bits; gradients of weights, the head, norms and attention
   * in fp32. Weights that are trained are kept in full, and rounded again by every update. On the CPU alone. `half`: all products in
   * 16 bits, weights, norms, softmax and sums in fp32; on WebGPU alone. Missing: `fp32`.
   */
  precision?: TunePrecision
  /** Ends there, whatever the epochs say. */
  maxSteps?: number
  /** null: as the model's config says; 0: none. */
  dropout: number | null
  maxInputTokens: number
  maxOutputTokens: number
  /** Put before every input and output (BART0 wants "<s> "). */
  prefix?: string
  seed: number
  /** `by-length`: in random order, but with texts of like length together, so that batches hardly need padding. */
  shuffle: boolean | 'by-length'
  /** Recompute activations in the backward pass to save memory. */
  recompute?: boolean
  /** Stop when the loss on held-out examples has not improved for `patience` checks. */
  earlyStopping?: { heldOut: number; everySteps: number; patience: number }
}

export interface TrainStep {
  step: number
  totalSteps: number
  epoch: number
  loss: number
  gradientNorm: number
  learningRate: number
  tokens: number
  /** Present at a held-out check. */
  heldOutLoss?: number
  /** The lowest held-out loss so far and its step, from the first check on. Whoever wants those weights exports them there. */
  best?: { step: number; heldOutLoss: number }
  /** True on the last step that is yielded. */
  last: boolean
}

/** A training in progress: iterate it for steps; save a checkpoint at any step; export the result at the end. */
export interface Training extends AsyncIterable<TrainStep> {
  /** Atomically replaces the checkpoint in `folder` (weights, moments, schedule, data order, random state). */
  saveCheckpoint(folder: string): Promise<void>
  /** Writes `patch.safetensors` (adapter or delta against the base) or full `model.safetensors` into `folder`. */
  export(folder: string, kind: 'patch' | 'full'): Promise<void>
  close(): Promise<void>
}

/** Labelled examples by whose loss short trainings are judged. */
export interface Reference {
  readonly examples: number
}

/** Many short trainings from the same weights. The weights are as they were after every call. */
export interface Trials {
  /** Reads the examples once, for any number of trainings. */
  reference(examples: readonly TrainExample[]): Reference
  /** Mean cross-entropy per output token of the reference, in nats. */
  loss(reference: Reference): Promise<number>
  /** The same for each reference after one training on these examples; `change` is put over the settings. */
  lossesAfter(
    examples: readonly TrainExample[],
    references: readonly Reference[],
    change?: Partial<Pick<TrainSettings, 'seed' | 'learningRate'>>
  ): Promise<number[]>
  /**
   * For each reference and each example alone: by how much a small step of gradient descent on the example changes the
   * reference's loss, in nats per unit of the step's length; negative where it helps (−⟨g_reference, g_example⟩ / ‖g_example‖
   * over the weights that the settings train). Clipping and Adam make a step's length the same for all examples, so that a
   * large gradient is no merit (as LESS, Xia et al., 2024).
   */
  influence(examples: readonly TrainExample[], references: readonly Reference[]): Promise<number[][]>
  close(): Promise<void>
}

export interface Engine {
  readonly info: ModelInfo
  /** Token counts of texts, not cut. */
  countTokens(texts: readonly string[]): number[]
  embed(texts: readonly string[], options?: EmbedOptions): AsyncIterable<EmbedBatch>
  generate(inputs: readonly string[], options?: GenerateOptions): AsyncIterable<Generated>
  /** Rank classification: which of the choices is most likely after the input. */
  rankChoices(
    inputs: readonly { input: string; choices: readonly string[] }[],
    options?: { maxInputTokens?: number; tokenBudget?: number; signal?: AbortSignal }
  ): AsyncIterable<ChoiceScores>
  /** Mean cross-entropy per output token of each example, in the order given. */
  losses(
    examples: readonly TrainExample[],
    options?: { maxInputTokens?: number; maxOutputTokens?: number }
  ): Promise<number[]>
  /**
   * Scores of text pairs by a pair classifier (the reranker): the probability that the second is useful for the first, or its
   * logit as it leaves the model (of class 1; of the only one). Means of logits and of probabilities order differently.
   */
  scorePairs(
    pairs: readonly (readonly [string, string])[],
    options?: { maxTokens?: number; score?: 'probability' | 'logit'; signal?: AbortSignal }
  ): Promise<number[]>
  /**
   * Starts or, where `checkpoint` holds a checkpoint, resumes a training of an encoder-decoder. An engine trains once: its
   * weights change in place, and its other methods then see the changed ones: at once on the CPU, on a device that keeps the
   * weights when a checkpoint or the result is saved. A LoRA adapter takes effect when its patch is loaded.
   */
  train(examples: readonly TrainExample[], settings: TrainSettings, checkpoint?: string): Promise<Training>
  /** The same for a pair classifier, with cross-entropy over the labels. `maxInputTokens` cuts a pair; outputs are not cut. */
  trainPairs(pairs: readonly LabelledPair[], settings: TrainSettings, checkpoint?: string): Promise<Training>
  /**
   * The same for any encoder, so that its embeddings serve retrieval: in a batch, each anchor is to find its own positive among
   * all positives (InfoNCE over cosine similarities). Similarities are divided by `temperature`, 0.05 by default.
   */
  trainContrastive(
    pairs: readonly ContrastivePair[],
    settings: TrainSettings & { temperature?: number },
    checkpoint?: string
  ): Promise<Training>
  /**
   * Opens an encoder-decoder for many short trainings, each from the weights as they are now: nothing is loaded anew in
   * between. Until they are closed the engine trains nothing else.
   */
  trials(settings: TrainSettings): Promise<Trials>
  close(): Promise<void>
}
