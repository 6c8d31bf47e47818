import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatasetFile } from '../../src/main/contract/dataset-file.ts'
import { Random } from '../../src/main/random/random.ts'
import type { Encoder } from '../../src/main/retrieval/encoder.ts'
import { buildIndex, type BuildOptions } from '../../src/main/retrieval/build.ts'
import type { Manifest } from '../../src/main/retrieval/manifest.ts'
import { makeDataset } from '../data/make-dataset.ts'

/** A folder of this test file's own, removed by `remove`. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'recross-retrieval-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Six tasks in three groups; words of a task occur in its examples, so that both words and vectors can tell them apart. */
export function taskDataset(folder: string, count = 300): DatasetFile {
  const random = new Random(7)
  const rows = Array.from({ length: count }, (_, i) => {
    const task = i % 6
    const words = Array.from({ length: 8 }, () => `w${task}x${random.below(30)}`)
    return {
      input: `${words.join(' ')} shared common${random.below(5)} row${i}`,
      outputs: [`answer ${task}`],
      task: `task-${task}`,
      group: `group-${task >> 1}`
    }
  })
  return makeDataset(join(folder, 'examples.db'), rows)
}

/**
 * FAKE: a deterministic encoder instead of a model. A text's vector is the sum of a random direction per word; with
 * `normalized` it has length 1. Tests with a real model are in test/worker/index-jobs.test.ts.
 */
export function wordEncoder(dimension = 24, normalized = true): Encoder & { texts: number } {
  const encoder = {
    fingerprint: `words-${dimension}-${normalized}`,
    dimension,
    normalized,
    /** How many texts were embedded so far. */
    texts: 0,
    async *embed(texts: readonly string[], signal?: AbortSignal) {
      // Two batches, the second half first: as with length-sorted batches, order is not that of the texts.
      const half = texts.length >> 1
      const order = texts.map((_, i) => i)
      for (const indices of [order.slice(half), order.slice(0, half)]) {
        signal?.throwIfAborted()
        if (indices.length === 0) continue
        const vectors = new Float32Array(indices.length * dimension)
        indices.forEach((index, place) =>
          vectors.set(vectorOf(texts[index]!, dimension, normalized), place * dimension)
        )
        encoder.texts += indices.length
        yield { indices, vectors }
      }
    }
  }
  return encoder
}

function vectorOf(text: string, dimension: number, normalized: boolean): Float32Array {
  const sum = new Float32Array(dimension)
  for (const word of text.split(' ')) {
    const random = new Random(word)
    for (let i = 0; i < dimension; i++) sum[i] = sum[i]! + random.normal()
  }
  if (!normalized) return sum
  const length = Math.hypot(...sum)
  return sum.map((number) => number / length)
}

/** Build options with the fake encoder; override what the test is about. */
export function buildOptions(
  dataset: DatasetFile,
  folder: string,
  encoder: Encoder,
  overrides: Partial<BuildOptions> = {}
): BuildOptions {
  return {
    dataset,
    folder,
    encoder: async () => encoder,
    encoderFingerprint: encoder.fingerprint,
    modelId: 'words',
    modelPrecision: 'fp32',
    vectorPrecision: 'fp32',
    representation: encoder.normalized ? 'semantic' : 'dense',
    similarity: encoder.normalized ? 'cosine' : 'distance',
    prefix: '',
    maxTokens: 64,
    dimension: encoder.dimension,
    search: 'exact',
    threads: 2,
    madeOn: ['this machine'],
    chunkRows: 32,
    ...overrides
  }
}

export async function builtIndex(
  dataset: DatasetFile,
  folder: string,
  encoder: Encoder,
  overrides: Partial<BuildOptions> = {}
): Promise<Manifest> {
  return buildIndex(buildOptions(dataset, folder, encoder, overrides))
}
