/** Reads a case of the oracle: the model folder, what went in, and what PyTorch computed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { float32, type Tensor } from '../../src/main/engine/tensors.ts'
import { readConfig, type ModelConfig } from '../../src/main/models/config.ts'
import { locateParameters, type LocatedParameter } from '../../src/main/models/locate.ts'
import { openCheckpoint, openWeights } from '../../src/main/models/weights/checkpoint.ts'

export const seq2seqCases = [
  ...(['bart', 'bart-scaled', 't5', 't5-lm-adapted', 'flan-t5'] as const),
  ...(['mbart', 'pegasus', 'mt5', 'mt5-v4', 'umt5'] as const)
] as const
export const trainedCases = ['bart', 't5', 't5-lm-adapted'] as const
export const encoderCases = [
  ...(['bert', 'roberta', 'distilroberta', 'mpnet', 'distilbert'] as const),
  ...(['xlm-roberta', 'electra', 'albert', 't5-encoder'] as const),
  ...(['deberta-v3', 'deberta-v2', 'deberta-v2-c2p', 'deberta-v2-plain', 'modernbert', 'modernbert-biased'] as const)
] as const
export const pairCases = [
  ...(['roberta-pair', 'roberta-pair-one', 'electra-pair', 'albert-pair'] as const),
  ...(['deberta-pair', 'modernbert-pair', 'modernbert-pair-mean'] as const)
] as const

export interface Seq2SeqGolden {
  batches: { source: number[][]; target: number[][] }[]
  smoothing: number
  losses: number[]
  smoothedLosses: number[]
  generated: {
    batch: number
    settings: { num_beams: number; max_new_tokens: number }
    ids: number[][]
    scores: number[] | null
  }[]
}

export interface GoldenCase<G = unknown> {
  name: string
  folder: string
  config: ModelConfig
  parameters: LocatedParameter[]
  /** The model's weights by our names. */
  weights: Map<string, Float32Array>
  golden: G
  /** A tensor of golden.safetensors; throws where there is none. */
  expected(name: string): Float32Array
  expectedNames(prefix: string): string[]
}

export async function readCase<G>(name: string): Promise<GoldenCase<G>> {
  const folder = join(import.meta.dirname, 'golden', name)
  const config = await readConfig(folder)
  const checkpoint = await openCheckpoint(folder)
  const parameters = locateParameters(config, checkpoint)
  const weights = new Map<string, Float32Array>()
  for (const { name, source, dims } of parameters) {
    const size = dims.reduce((product, dim) => product * dim, 1)
    weights.set(name, source === null ? new Float32Array(size) : await checkpoint.read(source))
  }
  await checkpoint.close()
  const results = await openWeights(join(folder, 'golden.safetensors'))
  const tensors = new Map<string, Float32Array>()
  for (const tensor of results.names()) tensors.set(tensor, await results.read(tensor))
  await results.close()
  return {
    name,
    folder,
    config,
    parameters,
    weights,
    golden: JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8')) as G,
    expected: (key) => {
      const found = tensors.get(key)
      if (!found) throw new Error(`golden ${name} has no "${key}"`)
      return found
    },
    expectedNames: (prefix) => [...tensors.keys()].filter((key) => key.startsWith(prefix))
  }
}

/** Weights as feeds. */
export function weightFeeds({ parameters, weights }: GoldenCase): Record<string, Tensor> {
  return Object.fromEntries(parameters.map(({ name, dims }) => [name, float32(weights.get(name)!, dims)]))
}

/** Largest difference relative to the largest expected magnitude: how far a whole tensor is off. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity
  let difference = 0
  let magnitude = 0
  for (let index = 0; index < expected.length; index++) {
    const gap = Math.abs(actual[index]! - expected[index]!)
    if (!(gap <= difference)) difference = gap
    magnitude = Math.max(magnitude, Math.abs(expected[index]!))
  }
  return magnitude === 0 ? difference : difference / magnitude
}
