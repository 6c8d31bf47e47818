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
  /** `as`: what the texts are, for encoders that put another prompt before each; passages by default. */
  embed(texts: readonly string[], signal?: AbortSignal, as?: TextKind): AsyncIterable<EmbedBatch>
}

export type TextKind = 'query' | 'passage'

export interface EncoderSettings {
  representation: Representation
  prefix: string
  maxTokens: number
}

/** A loaded model as an encoder of this representation. */
export function encoderOf(engine: Engine, settings: EncoderSettings): Encoder {
  const { pooling, normalized: usual } = representations[settings.representation]
  const { maxTokens, prefix } = settings
  // A model that compares by dot product wants the lengths of its own vectors.
  const normalized = usual && !(pooling === 'own' && engine.info.similarity === 'dot')
  return {
    fingerprint: engine.info.fingerprint,
    dimension: pooling === 'own' ? engine.info.embeddingSize : engine.info.hiddenSize,
    normalized,
    embed: (texts, signal, as = 'passage') =>
      engine.embed(prefix === '' ? texts : texts.map((text) => prefix + text), {
        maxTokens,
        ...(normalized ? { normalize: true } : {}),
        ...(pooling === 'own' ? { as } : { pooling, normalize: false }),
        ...(signal ? { signal } : {})
      })
  }
}

/** All vectors of some texts, row-major in the order of the texts. */
export async function embedAll(
  encoder: Encoder,
  texts: readonly string[],
  signal?: AbortSignal,
  as: TextKind = 'passage'
): Promise<Float32Array> {
  const { dimension } = encoder
  const all = new Float32Array(texts.length * dimension)
  for await (const { indices, vectors } of encoder.embed(texts, signal, as)) {
    if (vectors.length !== indices.length * dimension) throw wrongDimension(vectors.length / indices.length, dimension)
    indices.forEach((index, place) =>
      all.set(vectors.subarray(place * dimension, (place + 1) * dimension), index * dimension)
    )
  }
  return all
}

function wrongDimension(got: number, expected: number): LabError {
  return new LabError(
    'dimension-mismatch',
    `The encoder gave vectors of ${got} numbers, but ${expected} were expected. The model's config.json does not fit its weights.`,
    { details: { got, expected } }
  )
}
