import { readFileSync } from 'node:fs'

/**
 * How many processes this system has ended since it was started because memory ran out; null where it does not tell (only Linux
 * does). Two of these, before and after, say whether a killed process may have been one of them.
 */
export function memoryKills(): number | null {
  if (process.platform !== 'linux') return null
  try {
    const count = /^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1]
    return count === undefined ? null : Number(count)
  } catch {
    return null
  }
}
