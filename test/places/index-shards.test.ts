import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { newHome, openLab } from '../hosts/fixture.ts'
import { makeTinyWorld } from '../worker/tiny-world.ts'
import { buildLargeIndex, installLargeData } from './large-index.ts'

test('an index whose shares are embedded by jobs of a place is the one that is built here, to the byte', async () => {
  const world = await makeTinyWorld()
  onTestFinished(() => world.remove())
  const home = await openLab()
  await installLargeData(home, world, 2600)
  const here = await buildLargeIndex(home, { place: null, shards: 1 })

  const lab = await openLab({ places: { pollMilliseconds: 100, retryMilliseconds: 200, gatherMilliseconds: 20 } })
  await installLargeData(lab, world, 2600)
  const { id: place } = await lab.client.places.add({ name: 'box', kind: 'process', folder: newHome(), atOnce: 2 })
  // Of three chunks of 1,024 rows, more shares cannot be made.
  const there = await buildLargeIndex(lab, { place, shards: 8 })
  expect(there.jobs.map(({ kind, status, error }) => `${kind} ${status} ${error?.message ?? ''}`)).toEqual([
    'embed-shard finished ',
    'build-index finished '
  ])
  const all = lab.services.store.jobs.withStatus('finished')
  expect(all.filter(({ kind }) => kind === 'embed-shard').map(({ output }) => output)).toMatchObject([
    { vectors: 1024 },
    { vectors: 1024 },
    { vectors: 552 }
  ])
  const said = lab.services.jobs.log(there.jobs.at(-1)!.id, 100).map(({ text }) => text)
  expect(said).toContain('3 of 3 chunks were embedded by other jobs.')
  expect(there.digests).toEqual(here.digests)
  expect(there.fingerprint).toBe(here.fingerprint)
  // What the shares left is in the index now.
  expect(existsSync(join(lab.home.index(there.fingerprint), 'shards'))).toBe(false)
})
