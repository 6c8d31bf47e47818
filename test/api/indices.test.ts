import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Client } from '../../src/main/contract/client.ts'
import { openDataset } from '../../src/main/data/dataset.ts'
import type { Lab } from '../../src/main/hosts/lab.ts'
import { fingerprintModel } from '../../src/main/models/fingerprint.ts'
import { openLab, untilJob } from '../hosts/fixture.ts'
import { transports } from '../hosts/transports.ts'
import { makeTinyWorld, type TinyWorld } from '../worker/tiny-world.ts'

let world: TinyWorld
beforeAll(async () => {
  world = await makeTinyWorld()
})
afterAll(() => world.remove())

/** A real lab with the tiny dataset and the tiny model in its home. */
async function tinyLab(): Promise<{ lab: Lab; client: Client }> {
  const lab = await openLab()
  const { home, store } = lab.services
  const about = { source: 'test', licence: 'test', bytes: 1, createdAt: new Date().toISOString() }
  const dataset = openDataset(world.upstream)
  const { contentHash, count } = dataset
  dataset.close()
  mkdirSync(home.dataset('upstream'), { recursive: true })
  cpSync(world.upstream, join(home.dataset('upstream'), 'examples.db'))
  const counts = { examples: count, tasks: 2, groups: 2, duplicates: 0, rejected: 0 }
  store.datasets.insert({ id: 'upstream', name: 'Upstream', kind: 'upstream', contentHash, ...counts, ...about })
  store.datasets.insert({ id: 'target', name: 'Target', kind: 'target', contentHash: 'x', ...counts, ...about })
  cpSync(world.model, home.model('tiny'), { recursive: true })
  store.models.insert({
    id: 'tiny',
    name: 'Tiny',
    role: 'seq2seq',
    architecture: 'bart',
    parameters: 50_000,
    hiddenSize: 32,
    maxInputTokens: 64,
    fingerprint: await fingerprintModel(world.model),
    prefix: '<s> ',
    reranker: null,
    retriever: null,
    foundRate: null,
    ...about
  })
  const wire = await transports['WebSocket']!(lab)
  onTestFinished(() => wire.cut())
  return { lab, client: wire.client }
}

const what = {
  datasetId: 'upstream',
  modelId: 'tiny',
  representation: 'dense' as const,
  maxTokens: 32,
  provider: 'cpu' as const
}

describe('indices', () => {
  test('are computed by whom the request names, and by whom the lab usually takes only where it names nobody', async () => {
    const { lab, client } = await tinyLab()
    await client.lab.saveSettings({ provider: 'webgpu' })
    const { provider: _, ...open } = what
    const asked = async (request: typeof open & { provider?: 'cpu' | 'cuda' }) => {
      const { id } = await client.indices.build(request)
      await untilJob(lab, id, 'finished', 'failed')
      return lab.services.store.jobs.get(id)
    }
    const named = await asked(what)
    expect([named.status, (named.input as { provider: string }).provider]).toEqual(['finished', 'cpu'])
    expect(((await asked({ ...open, maxTokens: 16 })).input as { provider: string }).provider).toBe('auto')
    // What cannot be had here is said, not replaced.
    const cuda = await asked({ ...open, maxTokens: 8, provider: 'cuda' })
    expect((cuda.input as { provider: string }).provider).toBe('cuda')
    if (cuda.status !== 'finished')
      expect(cuda.error).toMatchObject({ code: expect.stringContaining('provider') as string })
  })

  test('are estimated, built, listed, searched, mapped and removed', async () => {
    const { lab, client } = await tinyLab()
    const estimate = await client.indices.estimate(what)
    expect(estimate).toMatchObject({ exists: null, search: 'exact', bytesDisk: 240 * 32 * 4 })
    expect(estimate.seconds).toBeGreaterThan(0)

    const job = await client.indices.build(what)
    expect(await untilJob(lab, job.id, 'finished', 'failed')).toMatchObject({ status: 'finished', error: null })
    const [index] = await client.indices.list()
    expect(index).toMatchObject({
      datasetId: 'upstream',
      modelId: 'tiny',
      dimension: 32,
      vectors: 240,
      search: 'exact',
      recall: 1
    })
    expect((await client.indices.estimate(what)).exists).toEqual(index)

    // Building it again checks what is there and keeps its record.
    const again = await client.indices.build(what)
    await untilJob(lab, again.id, 'finished')
    expect(await client.indices.list()).toEqual([index])

    const text = 'Which animal is this: owl?'
    const found = await client.indices.neighbours({
      datasetId: 'upstream',
      indexId: null,
      strategy: 'dense',
      text,
      count: 4
    })
    expect(found.neighbours).toHaveLength(4)
    const map = await client.indices.map({ indexId: index!.id, querySetId: null, sample: 20 })
    expect(map.points).toHaveLength(20)

    const quality = await client.indices.quality({ datasetId: 'upstream', indexId: index!.id, strategy: 'dense' })
    expect(quality).toMatchObject({ by: 'task', k: 10 })
    expect(quality.rows.map(({ name, queries }) => [name, queries])).toEqual([
      ['colouring', 10],
      ['naming', 10]
    ])

    await client.things.remove({ what: 'index', id: index!.id })
    expect(await client.indices.list()).toEqual([])
    expect(readdirSync(join(lab.home.path, 'indices'))).toEqual([])
  })

  test('a query set is retrieved for, without the rows that are the target’s own', async () => {
    const { lab, client } = await tinyLab()
    const { store } = lab.services
    const about = { testExamples: 1, sourceItems: 1, metrics: ['em' as const], answerBy: 'generation' as const }
    store.targets.insert({
      id: 'target',
      datasetId: 'target',
      name: 'Target',
      ...about,
      createdAt: new Date().toISOString()
    })
    const queries = [{ input: 'Colour of red fox', outputs: ['red'], sourceId: 'q' }]
    store.querySets.insert({
      id: 'set',
      targetId: 'target',
      size: 1,
      round: 0,
      origin: 'sampled',
      seed: 1,
      inTest: 0,
      queries
    })
    const ask = () =>
      client.indices.retrieve({
        datasetId: 'upstream',
        indexId: null,
        strategy: 'lexical',
        querySetId: 'set',
        settings: { budget: 5 }
      })
    const { retrieved } = await ask()
    expect(retrieved).toHaveLength(5)
    const leak = { exampleId: retrieved[0]!.exampleId, targetExampleId: 1, kind: 'exact' as const, similarity: 1 }
    store.leaks.save('target', 'upstream', 1, [leak])
    expect((await ask()).retrieved.map(({ exampleId }) => exampleId)).not.toContain(leak.exampleId)
  })

  test('refusals name what is wrong', async () => {
    const { lab, client } = await tinyLab()
    const code = async (call: Promise<unknown>): Promise<unknown> => {
      const error = await call.then(
        () => null,
        (thrown: unknown) => thrown
      )
      return (error as { data?: { code: string } }).data?.code
    }
    expect(await code(client.indices.build({ ...what, representation: 'semantic' }))).toBe('wrong-encoder')
    expect(await code(client.indices.build({ ...what, datasetId: 'target' }))).toBe('not-upstream-data')
    expect(await code(client.indices.build({ ...what, modelId: 'nobody' }))).toBe('not-found')
    const question = { datasetId: 'upstream', indexId: null, strategy: 'dense' as const, text: 'x' }
    expect(await code(client.indices.neighbours(question))).toBe('no-index')

    lab.services.store.models.update('tiny', { fingerprint: 'what was installed' })
    const job = await client.indices.build(what)
    expect((await untilJob(lab, job.id, 'failed', 'finished')).error).toMatchObject({ code: 'encoder-changed' })
    expect(existsSync(join(lab.home.path, 'indices', 'manifest.json'))).toBe(false)
  })
})
