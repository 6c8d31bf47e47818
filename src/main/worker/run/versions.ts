import { cpus } from 'node:os'
import { runtimeVersion } from '../../machine/computed-on.ts'
import { physicalCores } from '../../machine/cores.ts'

/** What the numbers of a run may depend on besides its inputs; the backend adds its own version. */
export function versionsOf(threads: number | undefined): Record<string, string> {
  return {
    node: process.versions.node,
    'onnxruntime-node': runtimeVersion(),
    platform: `${process.platform}-${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    threads: String(threads ?? physicalCores())
  }
}
