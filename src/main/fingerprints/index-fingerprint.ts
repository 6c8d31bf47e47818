import { createHash } from 'node:crypto'
import type { EmbeddedOver } from '../contract/embedded-over.ts'
import type { Precision } from '../contract/precision.ts'
import type { Representation } from '../contract/strategies.ts'

/** Everything that decides which numbers an index holds. How it is searched (graph or exactly) is not part of it. */
export interface IndexIdentity {
  /** Content hash of the dataset. */
  datasetHash: string
  /** Fingerprint of the encoder's folder: weights, tokenizer, config, pooling files. */
  encoderFingerprint: string
  representation: Representation
  /** Put before every text. */
  prefix: string
  maxTokens: number
  /** What its vectors are made of; missing: inputs alone. */
  over?: EmbeddedOver | undefined
  vectorPrecision: 'fp32' | 'fp16'
  modelPrecision: Precision
}

/** Raised when the same identity would give other numbers, or the files another layout. */
export const indexFormat = 1

/** The name of an index, and of its folder: 32 hexadecimal digits. Same name, same vectors. */
export function indexFingerprint(identity: IndexIdentity): string {
  const lines = [
    `recross-lab index ${indexFormat}`,
    identity.datasetHash,
    identity.encoderFingerprint,
    identity.representation,
    JSON.stringify(identity.prefix),
    identity.maxTokens,
    identity.vectorPrecision,
    identity.modelPrecision,
    // Indices over inputs alone have the names that they had when there were no others.
    ...(identity.over === 'both' ? ['over inputs and answers'] : [])
  ]
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 32)
}
