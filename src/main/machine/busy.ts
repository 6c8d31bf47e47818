import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

/** Share of all cores that was at work over the next moments, 0…1, whoever worked. */
export async function busyShare(signal?: AbortSignal): Promise<number> {
  const before = times()
  await sleep(moments, undefined, { signal })
  const after = times()
  const all = after.all - before.all
  return all <= 0 ? 0 : 1 - (after.idle - before.idle) / all
}

/** In milliseconds. */
const moments = 300

function times(): { idle: number; all: number } {
  const every = cpus().map((core) => core.times)
  const sum = (of: (core: (typeof every)[number]) => number) => every.reduce((total, core) => total + of(core), 0)
  return {
    idle: sum(({ idle }) => idle),
    all: sum(({ user, nice, sys, irq, idle }) => user + nice + sys + irq + idle)
  }
}
