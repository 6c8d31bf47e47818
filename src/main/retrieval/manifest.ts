import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { LabError } from '../contract/error.ts'
import { indexFormat } from '../fingerprints/index-fingerprint.ts'
import { underTodaysNames } from '../fingerprints/manifest-names.ts'
import { embeddedOver } from '../contract/embedded-over.ts'
import { precisions } from '../contract/precision.ts'
import { representationNames } from '../contract/strategies.ts'

/**
 * `<home>/indices/<fingerprint>/manifest.json`: written last, so that a folder without it does not exist. Beside it lie the
 * vectors (rows of numbers, no header; row r belongs to example r + 1) and, where there is one, the graph in hnswlib's format
 * (of 8-bit rows where it keeps those).
 */
const fields = z.object({
  format: z.int(),
  fingerprint: z.string(),
  createdAt: z.iso.datetime(),
  dataset: z.object({ contentHash: z.string() }),
  encoder: z.object({
    modelId: z.string(),
    fingerprint: z.string(),
    representation: z.enum(representationNames),
    prefix: z.string(),
    maxTokens: z.int(),
    /** What its vectors are made of; of inputs alone where that is not written down. */
    over: z.enum(embeddedOver).default('input'),
    precision: z.enum(precisions)
  }),
  vectors: z.object({
    file: z.string(),
    count: z.int(),
    dimension: z.int(),
    precision: z.enum(['fp32', 'fp16']),
    /** True where every row has length 1, so that nearness is the cosine. */
    normalized: z.boolean(),
    /** `dot`: nearness is the dot product, and search is exact; otherwise the distance, or the cosine where normalized. */
    similarity: z.enum(['distance', 'dot']).default('distance'),
    chunkRows: z.int(),
    /** SHA-256 of each chunk of `chunkRows` rows. */
    checksums: z.array(z.string()),
    /** On what they were computed, each once (`machine/computed-on.ts`); none where that was not yet written down. */
    madeOn: z.array(z.string()).default([])
  }),
  hnsw: z
    .object({
      file: z.string(),
      bytes: z.int(),
      checksum: z.string(),
      m: z.int(),
      efConstruction: z.int(),
      /** As measured: each search begins with it. */
      ef: z.int(),
      /** What the measuring began with; left out where that was not yet written down. */
      efAsked: z.int().optional(),
      builder: z.enum(['addon', 'hnswlib-node']).default('addon'),
      /** How it keeps its rows: `contract/index-settings.ts`. */
      rows: z.enum(['fp32', 'int8']).default('fp32')
    })
    .nullable(),
  /** Share of the true ten nearest that a search finds, on a sample of the rows; 1 without a graph. */
  recall: z.number(),
  seconds: z.object({ embed: z.number(), hnsw: z.number() })
})
export const manifestSchema = z.preprocess(underTodaysNames, fields)
export type Manifest = z.infer<typeof manifestSchema>

export const manifestName = 'manifest.json'

/**
 * The manifest of an index folder, or null where there is none.
 * @throws LabError `index-newer`, `index-older`, `index-damaged`
 */
export async function readManifest(folder: string): Promise<Manifest | null> {
  const path = join(folder, manifestName)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw damaged(path, 'it is not JSON', cause)
  }
  const format = z.object({ format: z.int() }).safeParse(value)
  if (format.success && format.data.format > indexFormat) {
    throw new LabError(
      'index-newer',
      `The index in ${folder} was written by a newer lab (format ${format.data.format}, this one reads up to ${indexFormat}). ` +
        'Update the lab, or build the index again.',
      { details: { folder, format: format.data.format, supported: indexFormat } }
    )
  }
  if (z.object({ encoder: z.object({ precision: z.literal('int8') }) }).safeParse(value).success) {
    throw new LabError(
      'index-older',
      `The index in ${folder} was built with the 8-bit form of an earlier version, which this one does not compute any more. Build it again, with the precision "fast" or "fp32".`,
      { details: { folder } }
    )
  }
  const manifest = manifestSchema.safeParse(value)
  if (!manifest.success) throw damaged(path, manifest.error.issues[0]?.message ?? 'fields are missing', manifest.error)
  return manifest.data
}

function damaged(path: string, reason: string, cause: unknown): LabError {
  return new LabError('index-damaged', `The index description ${path} is damaged (${reason}). Build the index again.`, {
    cause,
    details: { path, part: 'manifest' }
  })
}

export function rowBytes(vectors: { dimension: number; precision: 'fp32' | 'fp16' }): number {
  return vectors.dimension * (vectors.precision === 'fp16' ? 2 : 4)
}

/** Rows [first, end) of a chunk. */
export function chunkRange(
  chunk: number,
  vectors: { count: number; chunkRows: number }
): { first: number; end: number } {
  const first = chunk * vectors.chunkRows
  return { first, end: Math.min(vectors.count, first + vectors.chunkRows) }
}

/** How many rows lie in these chunks. */
export function rowsIn(chunks: readonly number[], vectors: { count: number; chunkRows: number }): number {
  return chunks.reduce((rows, chunk) => {
    const { first, end } = chunkRange(chunk, vectors)
    return rows + end - first
  }, 0)
}
