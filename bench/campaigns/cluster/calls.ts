import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { placeSettingsSchema } from '../../../src/main/contract/places.ts'
import { PooledWorker } from '../../../src/main/jobs/pooled-worker.ts'
import type { PlaceLink } from '../../../src/main/places/link.ts'
import { PlaceWorkers } from '../../../src/main/places/place-workers.ts'
import type { Report } from './part.ts'

const patience = { hungMilliseconds: 600_000, silentMilliseconds: 60_000 }

/** With 500 runs that wait there: how often a scheduler is asked. The place answers at once, as one that is not loaded does. */
export async function callsPerMinute(report: Report): Promise<void> {
  const asked: { verb: string; at: number }[] = []
  const looked = new Set<string>()
  const link = {
    ask: async (verb: string, ask: { ids?: string[]; jobs?: { id: string; offset: number }[] }) => {
      asked.push({ verb, at: performance.now() })
      if (verb === 'missing') return []
      if (verb === 'open') return { state: 'new' }
      if (verb !== 'look') return {}
      for (const { id } of ask.jobs ?? []) looked.add(id)
      const waits = { state: 'waiting', lines: '', where: 'Priority', position: 1, expected: null }
      return {
        jobs: (ask.jobs ?? []).map(({ id, offset }) => ({
          id,
          offset,
          ...waits,
          result: null,
          error: null,
          lastWords: ''
        }))
      }
    },
    close: () => undefined
  } as unknown as PlaceLink
  const settings = placeSettingsSchema.parse({ name: 'busy', kind: 'slurm', folder: 'x' })
  const workers = new PlaceWorkers(link, settings)
  const home = mkdtempSync(join(tmpdir(), 'recross-busy-'))
  for (let at = 0; at < 500; at++) {
    const worker = new PooledWorker(workers.start(), patience)
    const id = `run-${at}`
    void worker.run({ id, kind: 'self-test', input: {}, folder: join(home, id), home, threads: 1 }, {})
  }
  while (looked.size < 500) await sleep(50)
  const before = asked.length
  const [from, memory] = [performance.now(), process.memoryUsage().rss]
  await sleep(12_000)
  const minutes = (performance.now() - from) / 60_000
  workers.close()
  rmSync(home, { recursive: true, force: true })
  const arrays = asked.filter(({ verb }) => verb === 'submit').length
  const value = (asked.length - before) / minutes
  report({
    name: 'calls of squeue a minute with 500 runs that wait',
    value,
    unit: '/min',
    aim: '≤ 60',
    holds: value <= 60,
    detail: `${arrays} array handed in; the process has ${(memory / 2 ** 20).toFixed(0)} MiB`
  })
}
