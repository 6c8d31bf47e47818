import type { JobInput } from '../contract/jobs.ts'
import { applyHead, type Head } from '../retrieval/head.ts'
import type { IndexDraft } from '../retrieval/draft.ts'
import { chunkRange, readManifest, type Manifest } from '../retrieval/manifest.ts'
import { openIndex } from '../retrieval/open-index.ts'
import type { JobContext } from './job.ts'
import { retrieverCards } from './reranking/card.ts'
import { readHead } from './reranking/retriever-folder.ts'

type Input = JobInput<'build-index'>

/**
 * The index whose vectors a trained retriever's are made from, where it is there and its vectors are the very ones: then nothing
 * is embedded anew. Null: it must be.
 */
export async function sourceOf(input: Input, contentHash: string): Promise<Manifest | null> {
  if (input.derivedFrom === null || input.modelPrecision !== 'fp32') return null
  const card = await retrieverCards.read(input.encoder.folder)
  const manifest = await readManifest(input.derivedFrom).catch(() => null)
  if (card === null || manifest === null) return null
  const { encoder, vectors, dataset } = manifest
  const same =
    encoder.fingerprint === card.index.encoder &&
    encoder.representation === card.index.representation &&
    encoder.maxTokens === input.maxTokens &&
    encoder.precision === 'fp32' &&
    vectors.precision === 'fp32' &&
    dataset.contentHash === contentHash
  return same ? manifest : null
}

/** Writes the open chunks: the vectors of the index that is there, through the head. */
export async function deriveChunks(
  { input, signal, log, report, paused }: JobContext<'build-index'>,
  draft: IndexDraft,
  chunks: readonly number[]
): Promise<void> {
  const head: Head = await readHead(input.encoder.folder)
  const index = await openIndex(input.derivedFrom!, { signal, log })
  log('The vectors are those of the index that the head was trained on, through the head: nothing is embedded anew.')
  try {
    for (const [at, chunk] of chunks.entries()) {
      signal.throwIfAborted()
      await paused()
      const { first, end } = chunkRange(chunk, draft.shape)
      const rows = Uint32Array.from({ length: end - first }, (_, row) => first + row)
      await draft.write(chunk, applyHead(head, index.read(rows)), 0)
      report({ phase: 'embedding', done: at + 1, total: chunks.length, unit: 'chunks' })
    }
  } finally {
    index.close()
  }
}
