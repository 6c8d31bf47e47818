/** How many cores there really are. Two hardware threads of one core share its multipliers, so matrix products gain nothing from both. */
import { readFileSync } from 'node:fs'
import { availableParallelism, arch, platform } from 'node:os'

let counted: number | null = null

export function physicalCores(): number {
  counted ??= Math.max(1, Math.min(availableParallelism(), countCores()))
  return counted
}

function countCores(): number {
  if (platform() === 'linux') {
    const cores = linuxCores()
    if (cores > 0) return cores
  }
  // Desktop x64 processors mostly run two threads on a core; ARM ones do not.
  return arch() === 'x64' && platform() !== 'linux' ? Math.ceil(availableParallelism() / 2) : availableParallelism()
}

/** Distinct (socket, core) pairs; 0 where the kernel does not tell. */
function linuxCores(): number {
  try {
    const cores = new Set<string>()
    for (const block of readFileSync('/proc/cpuinfo', 'utf8').split('\n\n')) {
      const core = /^core id\s*:\s*(\d+)/m.exec(block)?.[1]
      const socket = /^physical id\s*:\s*(\d+)/m.exec(block)?.[1]
      if (core !== undefined && socket !== undefined) cores.add(`${socket}/${core}`)
    }
    return cores.size
  } catch {
    return 0
  }
}
