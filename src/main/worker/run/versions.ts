import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { physicalCores } from '../../machine/cores.ts'

/** What the numbers of a run may depend on besides its inputs; the backend adds its own version. */
export function versionsOf(threads: number | undefined): Record<string, string> {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }
  return {
    node: process.versions.node,
    'onnxruntime-node': version,
    platform: `${process.platform}-${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    threads: String(threads ?? physicalCores())
  }
}
