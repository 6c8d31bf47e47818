import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Job } from '../../src/main/contract/jobs.ts'
import type { Lab } from '../../src/main/hosts/lab.ts'
import { usualRequest } from '../../src/main/features/indices/build.ts'
import { makeDataset } from '../data/make-dataset.ts'
import { installTinyWorld } from '../features/experiments/tiny-lab.ts'
import { until } from '../hosts/fixture.ts'
import type { TinyWorld } from '../worker/tiny-world.ts'

/** Upstream data of so many rows in a lab, beside the tiny world's model. */
export async function installLargeData(lab: Lab, world: TinyWorld, rows: number): Promise<void> {
  await installTinyWorld(lab, world)
  const path = join(lab.home.dataset('large'), 'examples.db')
  mkdirSync(dirname(path), { recursive: true })
  const texts = Array.from({ length: rows }, (_, n) => ({
    input: `row ${n % 97} of ${n} `.repeat(1 + (n % 5)),
    outputs: ['x'],
    task: 't'
  }))
  const file = makeDataset(path, texts)
  const counts = { examples: file.count, tasks: 1, groups: 1, duplicates: 0, rejected: 0, bytes: 1000 }
  lab.services.store.datasets.insert({
    ...{ id: 'large', name: 'large', kind: 'upstream', contentHash: file.contentHash, ...counts },
    ...{ source: 'test', licence: 'MIT', createdAt: '2026-11-23T06:00:00.000Z' }
  })
  file.close()
}

/** Builds its index, at a place or here, as somebody would, and gives the digests of its vectors and its graph. */
export async function buildLargeIndex(
  lab: Lab,
  {
    place,
    shards,
    search = 'hnsw',
    seconds
  }: { place: string | null; shards: number; search?: 'hnsw' | 'exact'; seconds?: number }
): Promise<{ digests: string[]; jobs: Job[]; fingerprint: string }> {
  const asked = usualRequest({ datasetId: 'large', modelId: 'tiny', representation: 'dense', provider: 'cpu' })
  let job = await lab.client.indices.build({ ...asked, maxTokens: 24, search, shards, place })
  const jobs: Job[] = []
  for (;;) {
    const { id } = job
    job = await until(
      () => lab.services.jobs.get(id),
      ({ status }) => ['finished', 'failed', 'crashed'].includes(status),
      seconds
    )
    jobs.push(job)
    if (job.outcome?.what !== 'job') break
    job = lab.services.jobs.get(job.outcome.id)
  }
  const { fingerprint } = lab.services.store.indices.list()[0]!
  const names = search === 'hnsw' ? ['vectors.f32', 'graph.hnsw'] : ['vectors.f32']
  const digests = names.map((name) =>
    createHash('sha256')
      .update(readFileSync(join(lab.home.index(fingerprint), name)))
      .digest('hex')
  )
  return { digests, jobs, fingerprint }
}
