import { precisions } from './precision.ts'
import { z } from 'zod'
import { LabError } from './error.ts'
import { embeddedOver } from './embedded-over.ts'
import { representationNames } from './strategies.ts'

/** Indices in a PostgreSQL server with pgvector that several people use. */

/** The address of a server, as PostgreSQL writes it: postgres://user@host:5432/database. Throws `bad-server-address`. */
export function checkedAddress(address: string): string {
  let url: URL
  try {
    url = new URL(address)
  } catch {
    throw new LabError('bad-server-address', `"${address}" is no address of a server. ${form}`)
  }
  if (!['postgres:', 'postgresql:'].includes(url.protocol) || url.pathname.length < 2)
    throw new LabError(
      'bad-server-address',
      `"${url.protocol}//${url.host}${url.pathname}" is no address of a server. ${form}`
    )
  if (url.password !== '' || url.searchParams.has('password'))
    throw new LabError(
      'bad-server-address',
      'The address holds a password, which would end up in logs and job records. Leave it out, and put it into ~/.pgpass or PGPASSWORD.'
    )
  return address
}

const form = 'Write postgres://user@host:5432/database.'

export const sharedIndexSchema = z.object({
  /** Hash of everything that its numbers hang on. */
  fingerprint: z.string(),
  /** What its publisher called the data. */
  data: z.string(),
  /** SHA-256 over the examples in order. */
  contentHash: z.string(),
  /** Name of the encoder. */
  encoder: z.string(),
  /** Hash of the encoder's weights, configuration and tokenizer. */
  encoderFingerprint: z.string(),
  /** What its vectors are. */
  representation: z.enum(representationNames),
  /** What its vectors are made of: inputs alone, or inputs and answers. */
  over: z.enum(embeddedOver),
  /** Tokens at which its texts were cut. */
  maxTokens: z.int(),
  /** Precision in which vectors are kept. */
  vectorPrecision: z.enum(['fp32', 'fp16']),
  /** Precision in which the encoder computed. */
  modelPrecision: z.enum(precisions),
  /** How its publisher searches it. */
  search: z.enum(['exact', 'hnsw']),
  /** Numbers of a vector. */
  dimension: z.int(),
  /** How many vectors it has when it is whole. */
  vectors: z.int(),
  /** Rows that are there; fewer than `vectors` while it is being published, or when that broke off. */
  rows: z.int(),
  /** Is it searched through a graph where that is asked for? */
  hnsw: z.boolean(),
  /** When it was published, as the server writes it. */
  publishedAt: z.string()
})
export type SharedIndex = z.infer<typeof sharedIndexSchema>

/** Which rows of a shared index are looked at; empty lists leave nothing out. */
export const sharedFilterSchema = z.object({
  /** Without these tasks. */
  withoutTasks: z.array(z.string()).default([]),
  /** Without these groups. */
  withoutGroups: z.array(z.string()).default([]),
  /** Only these groups. */
  onlyGroups: z.array(z.string()).default([]),
  /** Numbers of rows, from 0. */
  withoutRows: z.array(z.int()).default([])
})
export type SharedFilter = z.infer<typeof sharedFilterSchema>
