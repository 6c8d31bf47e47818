import { loadavg } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { startSlurm } from '../../../test/cluster/cluster.ts'
import { buildLargeIndex, installLargeData } from '../../../test/places/large-index.ts'
import type { TinyWorld } from '../../../test/worker/tiny-world.ts'
import { inHome, open } from './kills.ts'
import type { Report } from './part.ts'

const rows = 105_000
const shards = 4

/** An index that a cluster builds in shares, each an array task, against the one that a process of this computer builds: to the byte. */
export async function shardedIndex(world: TinyWorld, report: Report): Promise<void> {
  const cluster = await startSlurm()
  if (typeof cluster === 'string') return void process.stderr.write(`Slurm is left out: ${cluster}\n`)
  const build = (there: boolean) =>
    inHome(async (home) => {
      const lab = await open(home)
      try {
        await installLargeData(lab, world, rows)
        const settings = { name: 'slurm', kind: 'slurm', folder: join(cluster.folder, 'place'), atOnce: 2 } as const
        const place = there ? (await lab.client.places.add(settings)).id : null
        const began = performance.now()
        const cut = there ? shards : 1
        const { digests, fingerprint } = await buildLargeIndex(lab, {
          place,
          shards: cut,
          search: 'exact',
          seconds: 5400
        })
        return { seconds: (performance.now() - began) / 1000, made: { digests, fingerprint } }
      } finally {
        await lab.close()
      }
    })
  try {
    const here = await build(false)
    const there = await build(true)
    const holds = isDeepStrictEqual(there.made, here.made)
    report({
      name: `index of ${rows} texts in ${shards} shares through Slurm, same hash as one process’s`,
      ...{ value: Number(holds), unit: '', aim: '1', holds },
      detail: `${there.seconds.toFixed(0)} s against ${here.seconds.toFixed(0)} s, load ${loadavg()[0]!.toFixed(0)}; vectors ${here.made.digests[0]!.slice(0, 16)}…`
    })
  } finally {
    cluster.stop()
  }
}
