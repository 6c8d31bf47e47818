import { vectorSize, withAnswer, type EmbeddedOver } from '../contract/embedded-over.ts'
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
  /**
   * `as`: what the texts are, for encoders that put another prompt before each; passages by default. `answers`: one for each text,
   * where the encoder makes its vectors of both.
   */
  embed(
    texts: readonly string[],
    signal?: AbortSignal,
    as?: TextKind,
    answers?: readonly string[] | null
  ): AsyncIterable<EmbedBatch>
}

export type TextKind = 'query' | 'passage'

export interface EncoderSettings {
  representation: Representation
  prefix: string
  maxTokens: number
  /** What its vectors are made of. Missing: inputs alone. */
  over?: EmbeddedOver | undefined
}

/** A loaded model as an encoder of this representation. */
export function encoderOf(engine: Engine, settings: EncoderSettings): Encoder {
  const { pooling, normalized: usual, answers: how } = representations[settings.representation]
  const { maxTokens, prefix, over = 'input' } = settings
  // A model that compares by dot product wants the lengths of its own vectors.
  const normalized = usual && !(pooling === 'own' && engine.info.similarity === 'dot')
  const prefixed = (texts: readonly string[]) => (prefix === '' ? texts : texts.map((text) => prefix + text))
  return {
    fingerprint: engine.info.fingerprint,
    dimension: vectorSize(settings, { own: engine.info.embeddingSize, hidden: engine.info.hiddenSize }),
    normalized,
    embed(texts, signal, as = 'passage', answers = null) {
      const both = over === 'both'
      if (both && answers?.length !== texts.length)
        throw new Error('Vectors over inputs and answers are to be made of texts without answers.')
      // A sentence encoder reads both as one text; of a base model its decoder reads the answer.
      const joined = both && how === 'joined'
      return engine.embed(prefixed(joined ? texts.map((text, at) => withAnswer(text, answers![at]!)) : texts), {
        maxTokens,
        ...(normalized ? { normalize: true } : {}),
        ...(pooling === 'own' ? { as } : { pooling, normalize: false }),
        ...(both && !joined ? { answers: prefixed(answers!) } : {}),
        ...(signal ? { signal } : {})
      })
    }
  }
}

/** All vectors of some texts, row-major in the order of the texts. */
export async function embedAll(
  encoder: Encoder,
  texts: readonly string[],
  signal?: AbortSignal,
  { as = 'passage', answers = null }: { as?: TextKind; answers?: readonly string[] | null } = {}
): Promise<Float32Array> {
  const { dimension } = encoder
  const all = new Float32Array(texts.length * dimension)
  for await (const { indices, vectors } of encoder.embed(texts, signal, as, answers)) {
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
