import { LabError } from '../contract/error.ts'
import { representations, type Representation } from '../contract/strategies.ts'
import type { EmbedBatch, Engine } from '../engine/engine.ts'

/** Turns texts into vectors; the same one must have made the index that is searched with them. */
export interface Encoder {
  /** Identity of what it computes. */
  readonly fingerprint: string
  readonly dimension: number
  /** True where every vector has length 1. */
  readonly normalized: boolean
  embed(texts: readonly string[], signal?: AbortSignal): AsyncIterable<EmbedBatch>
}

export interface EncoderSettings {
  representation: Representation
  prefix: string
  maxTokens: number
}

/** A loaded model as an encoder of this representation. */
export function encoderOf(engine: Engine, settings: EncoderSettings): Encoder {
  const { pooling, normalized } = representations[settings.representation]
  const { maxTokens, prefix } = settings
  return {
    fingerprint: engine.info.fingerprint,
    dimension: engine.info.hiddenSize,
    normalized,
    embed: (texts, signal) =>
      engine.embed(prefix === '' ? texts : texts.map((text) => prefix + text), {
        maxTokens,
        normalize: normalized,
        ...(pooling === 'own' ? {} : { pooling }),
        ...(signal ? { signal } : {})
      })
  }
}

/** All vectors of some texts, row-major in the order of the texts. */
export async function embedAll(
  encoder: Encoder,
  texts: readonly string[],
  signal?: AbortSignal
): Promise<Float32Array> {
  const { dimension } = encoder
  const all = new Float32Array(texts.length * dimension)
  for await (const { indices, vectors } of encoder.embed(texts, signal)) {
    if (vectors.length !== indices.length * dimension) throw wrongDimension(vectors.length / indices.length, dimension)
    indices.forEach((index, place) =>
      all.set(vectors.subarray(place * dimension, (place + 1) * dimension), index * dimension)
    )
  }
  return all
}

export function wrongDimension(got: number, expected: number): LabError {
  return new LabError(
    'dimension-mismatch',
    `The encoder gave vectors of ${got} numbers, but ${expected} were expected. The model's config.json does not fit its weights.`,
    { details: { got, expected } }
  )
}
