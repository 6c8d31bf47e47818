/** Memory in use on the cards of this machine, as nvidia-smi sees it five times a second. */
import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'

interface DevicePeak {
  /** Bytes beyond those in use at the beginning, on the card where that was most. */
  used: number
  total: number
}

export interface MemoryWatch {
  /** null where nvidia-smi is not there. */
  stop(): Promise<DevicePeak | null>
}

const query = ['--query-gpu=index,memory.used,memory.total', '--format=csv,noheader,nounits']

export function watchMemory(): MemoryWatch {
  const before = spawnSync('nvidia-smi', query, { encoding: 'utf8' })
  if (before.status !== 0) return { stop: async () => null }
  const first = new Map(
    before.stdout
      .trim()
      .split('\n')
      .map(readLine)
      .map((card) => [card.index, card])
  )
  let peak: DevicePeak = { used: 0, total: [...first.values()][0]?.total ?? 0 }
  const child = spawn('nvidia-smi', [...query, '-lms', '200'], { stdio: ['ignore', 'pipe', 'ignore'] })
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { index, used, total } = readLine(line)
    const more = used - (first.get(index)?.used ?? 0)
    if (more > peak.used) peak = { used: more, total }
  })
  return {
    stop: async () => {
      child.kill()
      return peak
    }
  }
}

/** `0, 1234, 81920`: number of the card, MiB in use, MiB of all. */
function readLine(line: string): { index: number; used: number; total: number } {
  const [index, used, total] = line.split(',').map(Number) as [number, number, number]
  return { index, used: used * 2 ** 20, total: total * 2 ** 20 }
}
