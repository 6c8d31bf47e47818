import { endProcess } from '../../src/main/hosts/end-process.ts'
import { runSuites } from '../command-line.ts'

/** The report alone, as it is packed for machines that have nothing but a driver (scripts/pack-gpu-bench.ts). */
await runSuites(
  'bench -- gpu [--json] [--smoke]',
  { gpu: [() => import('../gpu.ts')] },
  ['gpu', ...process.argv.slice(2)],
  undefined
)
await endProcess()
