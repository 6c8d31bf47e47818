import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { loadAddon } from '../../../native/index.ts'
import type { HnswBuilder } from '../contract/index-settings.ts'

export interface Processor {
  /** Such as linux-x64. */
  platform: string
  processor: string
}

/**
 * What the last digits of a run's numbers hang on besides its settings: sums are taken in another order with other
 * threads, another processor's instructions or another version of the runtime. By name of the processor, which says more
 * than its instructions, so that runs are taken for equal too seldom rather than too often.
 */
export function computedOn(threads: number, where?: Processor): string[] {
  const plain = where === undefined && hnswBuilder() !== 'addon' ? ['neighbours without the addon'] : []
  const { platform, processor } = where ?? thisOne()
  return [`onnxruntime ${runtimeVersion()}`, platform, processor, `${threads} threads`, ...plain]
}

/** Raised when the same texts would give other vectors: 2, sums over tokens are cut alike whatever the number of threads. */
export const embeddingVersion = 'embedding 2'

/** The same for the vectors of an index, one line. The number of threads does not change them. */
export function vectorsComputedOn(provider: string, where?: Processor): string {
  const { platform, processor } = where ?? thisOne()
  return [embeddingVersion, `onnxruntime ${runtimeVersion()}`, platform, processor, provider].join(', ')
}

/** The same for vectors that are made from those of another index. */
export function derivedOn(madeOn: readonly string[]): string[] {
  return madeOn.length === 0 ? ['derived from unknown'] : madeOn.map((maker) => `derived from ${maker}`)
}

/** What is to be said of an addon that is not used because it is older than its sources; null: nothing. */
export function staleAddonNotice(): string | null {
  if (!loadAddon().stale) return null
  return 'The native search was built from older sources and is not used: search is slower, and graphs are built by another library. Run "node native/build.mjs" in the folder of the lab, then start it again.'
}

/** Who builds graphs here. */
export function hnswBuilder(): HnswBuilder {
  return loadAddon().addon === null ? 'hnswlib-node' : 'addon'
}

function thisOne(): Processor {
  return {
    platform: `${process.platform}-${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown processor'
  }
}

export function runtimeVersion(): string {
  return (createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }).version
}
