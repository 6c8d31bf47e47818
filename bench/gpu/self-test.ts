import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { physicalCores } from '../../src/main/machine/cores.ts'
import { selfTest, selfTestFlops, tolerance } from '../../src/main/engine/providers.ts'
import { plain, type BenchResult } from '../suite.ts'
import { atMost } from './rows.ts'

/** What the lab itself asks of a device before it uses it. */
export async function benchSelfTest(report: (row: BenchResult) => void): Promise<void> {
  const cpu = await selfTest('cpu')
  const { error, milliseconds } = await selfTest('webgpu')
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${physicalCores()} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GB`
  report(plain('self-test, processor', selfTestFlops / cpu.milliseconds / 1e6, 'GFLOP/s', machine))
  report(plain('self-test, WebGPU', selfTestFlops / milliseconds / 1e6, 'GFLOP/s', loadedDrivers().join(', ')))
  report(atMost('self-test, largest difference', error, tolerance, 'of products, norms, activations and a softmax'))
}

/** Drivers that are in this process: what was asked for need not be what was loaded. */
function loadedDrivers(): string[] {
  const maps = readFileSync('/proc/self/maps', 'utf8')
  const names = [
    ...maps.matchAll(/\/(lib(?:GLX_nvidia|EGL_nvidia|nvidia-gpucomp|vk_swiftshader|vulkan_\w+)[^/\s]*)$/gm)
  ]
  return [...new Set(names.map(([, name]) => name!))]
}
