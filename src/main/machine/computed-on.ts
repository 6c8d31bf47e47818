import { createRequire } from 'node:module'
import { cpus } from 'node:os'

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
export function computedOn(threads: number, where: Processor = thisOne()): string[] {
  return [`onnxruntime ${runtimeVersion()}`, where.platform, where.processor, `${threads} threads`]
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
