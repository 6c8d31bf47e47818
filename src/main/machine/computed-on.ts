import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { loadAddon } from '../../../native/index.ts'
import type { GraphBuilder } from '../contract/index-settings.ts'

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
  const plain = where === undefined && graphBuilder() !== 'addon' ? ['neighbours without the addon'] : []
  const { platform, processor } = where ?? thisOne()
  return [`onnxruntime ${runtimeVersion()}`, platform, processor, `${threads} threads`, ...plain]
}

/** Who builds graphs here. */
export function graphBuilder(): GraphBuilder {
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
