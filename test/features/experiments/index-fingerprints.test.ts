/**
 * What a run's fingerprint says of an index is the same before it is built and after: how it is searched by what the search
 * follows from, and on what its vectors were computed.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { prepareExperiment } from '../../../src/main/features/experiments/prepare-experiment.ts'
import { forkStarter } from '../../../src/main/hosts/fork-starter.ts'
import { workerEntry } from '../../../src/main/hosts/project.ts'
import type { Manifest } from '../../../src/main/retrieval/manifest.ts'
import { needs } from '../../needs.ts'
import { neighbourLibrary } from '../../../native/index.ts'
import { openLab, untilJob } from '../../hosts/fixture.ts'
import { makeTinyWorld, type TinyWorld } from '../../worker/tiny-world.ts'
import { installTinyWorld, tinySpec } from './tiny-lab.ts'

// Plans take the tiny data for large data, whose index gets a graph.
const { large } = vi.hoisted(() => ({ large: { is: false } }))
vi.mock('../../../src/main/costs/index-cost.ts', async (original) => {
  const real = await original<typeof import('../../../src/main/costs/index-cost.ts')>()
  return { ...real, chooseSearch: () => (large.is ? 'hnsw' : 'exact') }
})

let world: TinyWorld
beforeAll(async () => {
  world = await makeTinyWorld()
})
afterAll(() => world.remove())

test.each([
  ['exact', false],
  ['hnsw', true]
] as const)(
  'an index that is searched %s',
  needs(neighbourLibrary().hnswRows.length > 0, 'no library builds graphs here'),
  async (search, isLarge) => {
    large.is = isLarge
    const lab = await openLab({ host: 'server', workers: forkStarter(workerEntry()) })
    await installTinyWorld(lab, world)
    const spec = tinySpec(world, { strategies: ['dense'], rounds: 1 })
    const names = (): string[] =>
      prepareExperiment(spec, lab.services.store, lab.home).runs.map((run) => run.fingerprint)
    const planned = names()
    const job = await lab.client.indices.build({
      ...{ datasetId: 'upstream', modelId: 'tiny', representation: 'dense' },
      ...{ search, provider: spec.provider }
    })
    await untilJob(lab, job.id, 'finished')
    expect(names()).toEqual(planned)

    const [index] = await lab.client.indices.list()
    const file = join(lab.home.index(index!.fingerprint), 'manifest.json')
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest
    const written = (changed: Manifest): string[] => {
      writeFileSync(file, JSON.stringify(changed))
      return names()
    }
    const { vectors, hnsw } = manifest
    // Zero-shot searches nothing.
    const elsewhere = written({ ...manifest, vectors: { ...vectors, madeOn: ['another machine'] } })
    expect(elsewhere.map((name, run) => name === planned[run])).toEqual([true, ...planned.slice(1).map(() => false)])
    if (hnsw === null) return expect(search).toBe('exact')
    // What was measured follows from the rest; where the measuring began does not.
    expect(written({ ...manifest, hnsw: { ...hnsw, ef: hnsw.ef * 4 } })).toEqual(planned)
    expect(written({ ...manifest, hnsw: { ...hnsw, efAsked: hnsw.efAsked! + 1 } })).not.toEqual(planned)
    // A graph of 8-bit rows is another one, and one that says nothing of its rows keeps them whole.
    expect(written({ ...manifest, hnsw: { ...hnsw, rows: 'int8' } })).not.toEqual(planned)
    const { rows: __, ...whole } = hnsw
    expect(written({ ...manifest, hnsw: whole as typeof hnsw })).toEqual(planned)
    const { efAsked: _, ...old } = hnsw
    expect(written({ ...manifest, hnsw: old })).not.toEqual(planned)
  }
)
