import { readFileSync } from 'node:fs'

/**
 * Seconds that processors have worked for this process and for its children that have ended, where the system tells (Linux); NaN elsewhere.
 * On a machine that others use it says what wall-clock time does not.
 */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage()
  try {
    // Behind the name in brackets, which may hold anything: fields 16 and 17 of proc(5), in hundredths of a second.
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)!.split(' ')
    return (user + system) / 1e6 + (Number(fields[13]) + Number(fields[14])) / 100
  } catch {
    return NaN
  }
}
