import { fork, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rerankSettingsSchema, retrievalSettingsSchema } from '../../src/main/contract/run-settings.ts'
import type { JobInput } from '../../src/main/contract/jobs.ts'
import type { WorkInput, WorkKind, WorkOutput } from '../../src/main/contract/work.ts'
import { fromWireError } from '../../src/main/contract/wire-error.ts'
import type { FromWorker, ProgressReport, ToWorker } from '../../src/main/contract/worker-messages.ts'
import { openDataset } from '../../src/main/data/dataset.ts'
import type { Manifest } from '../../src/main/retrieval/manifest.ts'
import { makeTinyWorld, writeDataset, type TinyWorld } from './tiny-world.ts'

/** Real worker processes, a real tiny BART, a real dataset file. */
class TestWorker {
  readonly #child: ChildProcess = fork(join(import.meta.dirname, '../../src/main/worker/index.ts'), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  })
  readonly logs: string[] = []
  readonly progress: ProgressReport[] = []

  async run<K extends WorkKind>(kind: K, input: WorkInput<K>, folder: string | null): Promise<WorkOutput<K>> {
    const id = `${kind} ${Math.random()}`
    const { promise, resolve, reject } = Promise.withResolvers<WorkOutput<K>>()
    const onMessage = (message: FromWorker): void => {
      if (!('id' in message) || message.id !== id) return
      if (message.type === 'log') this.logs.push(message.text)
      if (message.type === 'progress') this.progress.push(message.progress)
      if (message.type === 'result') resolve(message.output as WorkOutput<K>)
      if (message.type === 'error') reject(fromWireError(message.error))
    }
    const onExit = (code: number | null, signal: string | null): void =>
      reject(new Error(`the worker ended with ${signal ?? code}`))
    this.#child.on('message', onMessage).on('exit', onExit)
    this.#child.send({ type: 'start', id, kind, input, folder, home: world.folder, threads: 1 } satisfies ToWorker)
    return promise.finally(() => this.#child.off('message', onMessage).off('exit', onExit))
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }
}

let world: TinyWorld
let worker: TestWorker
beforeAll(async () => {
  world = await makeTinyWorld()
  worker = new TestWorker()
})
afterAll(() => {
  worker.kill()
  world.remove()
})

const encoder = () => ({
  modelId: 'tiny',
  folder: world.model,
  representation: 'dense' as const,
  prefix: '<s> ',
  over: 'input' as const
})
const build = (changes: Partial<JobInput<'build-index'>> = {}): JobInput<'build-index'> => ({
  indexId: 'index-1',
  datasetId: 'upstream',
  dataset: world.upstream,
  encoder: encoder(),
  derivedFrom: null,
  maxTokens: 32,
  vectorPrecision: 'fp32',
  modelPrecision: 'fp32',
  search: 'exact',
  hnsw: null,
  shards: 1,
  provider: 'cpu',
  ...changes
})
const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest

describe('build-index', () => {
  it('builds, reports every example, and builds nothing the second time', async () => {
    const folder = join(world.folder, 'index')
    const output = await worker.run('build-index', build(), folder)
    expect(output).toMatchObject({ dimension: 32, vectors: 240, search: 'exact', recall: 1, bytes: 240 * 32 * 4 })
    expect(worker.progress.at(-1)).toMatchObject({ phase: 'embedding', done: 240, total: 240, unit: 'examples' })
    const again = await worker.run('build-index', build(), folder)
    expect(again).toEqual(output)
    expect(worker.logs.join()).toContain('nothing is built')
  })

  it('the cut length, the prefix and the precision each make another index', async () => {
    const fingerprints = new Set<string>()
    for (const changes of [
      {},
      { maxTokens: 8 },
      { vectorPrecision: 'fp16' as const },
      { encoder: { ...encoder(), prefix: '' } }
    ]) {
      const folder = join(world.folder, `variant-${fingerprints.size}`)
      fingerprints.add((await worker.run('build-index', build(changes), folder)).fingerprint)
    }
    expect(fingerprints.size).toBe(4)
  })

  it.each([
    [
      'no such encoder',
      {
        encoder: {
          modelId: 'x',
          folder: '/nowhere',
          representation: 'dense' as const,
          prefix: '',
          over: 'input' as const
        }
      },
      /\/nowhere/
    ],
    ['no such dataset', { dataset: '/nowhere/examples.db' }, /no dataset at/]
  ])('%s: a clear error and no index', async (_, changes, message) => {
    const folder = join(world.folder, 'refused')
    await expect(worker.run('build-index', build(changes), folder)).rejects.toThrow(message)
    expect(existsSync(join(folder, 'manifest.json'))).toBe(false)
  })
})

describe('an index that is searched otherwise than planned', () => {
  const folder = () => join(world.folder, 'rebuilt')
  const hnsw = { m: 4, efConstruction: 20, ef: 10 }
  const ask = (search?: string) => {
    const planned = search === undefined ? {} : { search }
    const index = { indexId: 'index-1', folder: folder(), encoder: encoder(), ...planned }
    const strategy = 'dense' as const
    const input = {
      dataset: world.upstream,
      strategy,
      indices: [index],
      text: 'owl',
      count: 3,
      provider: 'cpu' as const
    }
    return worker.run('neighbours', input, null)
  }

  it('is refused by name, however it came to be: rebuilt, damaged, or built by something else', async () => {
    await worker.run('build-index', build({ search: 'hnsw', hnsw }), folder())
    const { ef } = manifestOf(folder()).hnsw!
    // Named by where measuring began, which is known before it is built.
    expect(ef).toBeGreaterThan(hnsw.ef)
    const asBuilt = `graph 4 20 from ${hnsw.ef}`
    await ask()
    await ask(asBuilt)
    for (const other of ['exact', 'graph 8 20 from 10', 'graph 4 40 from 10', 'graph 4 20 from 11', `graph 4 20 ${ef}`])
      await expect(ask(other)).rejects.toMatchObject({ code: 'index-changed' })
    const manifest = manifestOf(folder())
    const path = join(folder(), 'manifest.json')
    writeFileSync(path, JSON.stringify({ ...manifest, hnsw: { ...manifest.hnsw, builder: 'hnswlib-node' } }))
    await expect(ask(asBuilt)).rejects.toMatchObject({ code: 'index-changed' })
    await ask(`${asBuilt} by hnswlib-node`)
    writeFileSync(path, JSON.stringify({ ...manifest, createdAt: new Date(0).toISOString() }))
    writeFileSync(join(folder(), 'graph.hnsw'), 'damaged')
    await expect(ask(asBuilt)).rejects.toMatchObject({ code: 'index-changed' })
  })
})

describe('questions to an index', () => {
  const index = () => ({ indexId: 'index-1', folder: join(world.folder, 'index'), encoder: encoder() })

  it('neighbours: the nearest of an upstream text is itself; a second question to the warm worker gets the same answer', async () => {
    const dataset = openDataset(world.upstream)
    const text = dataset.get(17).input
    dataset.close()
    const ask = () =>
      worker.run(
        'neighbours',
        { dataset: world.upstream, strategy: 'dense', indices: [index()], text, count: 5, provider: 'cpu' },
        null
      )
    const first = await ask()
    expect(first.neighbours).toHaveLength(5)
    expect(first.neighbours[0]!.input).toBe(text)
    expect(first.neighbours[0]!.score).toBeCloseTo(0, 4)
    expect((await ask()).neighbours).toEqual(first.neighbours)
  })

  it.each(['random', 'zero-shot'] as const)('neighbours by %s make no sense', async (strategy) => {
    const input = { dataset: world.upstream, strategy, indices: [], text: 'x', count: 5, provider: 'cpu' as const }
    await expect(worker.run('neighbours', input, null)).rejects.toMatchObject({ code: 'no-neighbours' })
  })

  describe('retrieval-quality', () => {
    const question = (dataset: string, changes: Partial<WorkInput<'retrieval-quality'>> = {}) => ({
      ...{ dataset, strategy: 'lexical' as const, indices: [], reranker: null, by: 'task' as const },
      ...{ k: 5, perName: 6, seed: 1, provider: 'cpu' as const, rerank: rerankSettingsSchema.parse({}), ...changes }
    })
    const folder = (name: string) => join(world.folder, name, 'examples.db')
    const row = (task: string, item: number, input: string, wording = 0) => {
      const about = { task, group: 'all', template: `v${wording}`, sourceId: `${task}|all|v${wording}|#${item}` }
      return { ...about, input, outputs: ['x'], choices: null }
    }

    it('sees what is nearest: the same task, one of another before it, or nothing but the other wordings', async () => {
      const tasksOf = (rare: (task: string, item: number) => string) =>
        ['one', 'two'].flatMap((task) =>
          Array.from({ length: 12 }, (_, item) => row(task, item, `${task} ${rare(task, item)}`))
        )
      const path = writeDataset(
        folder('apart'),
        'upstream',
        tasksOf((task, item) => `${task}${item}`)
      )
      const found = await worker.run('retrieval-quality', question(path), null)
      expect(found.rows.map(({ name, queries }) => [name, queries])).toEqual([
        ['one', 6],
        ['two', 6]
      ])
      expect(found.mean).toMatchObject({ recall: 1, mrr: 1, ndcg: 1 })
      expect(found.mean.chance).toBeCloseTo(11 / 23, 12)
      // A rare word that one example of the other task has as well brings that one first, then four of the own task.
      const mixed = writeDataset(
        folder('mixed'),
        'upstream',
        tasksOf((_, item) => `number${item}`)
      )
      const second = await worker.run('retrieval-quality', question(mixed), null)
      expect(second.mean.recall).toBeCloseTo(4 / 5, 12)
      expect(second.mean.mrr).toBeCloseTo(1 / 2, 12)
      expect(second.mean.ndcg).toBeCloseTo(1.948459 / 2.948459, 6)
      // Three wordings share a word that nothing else has: they are the query's own, and nothing else is found.
      const alone = ['one', 'two'].flatMap((task) =>
        Array.from({ length: 36 }, (_, at) => row(task, at % 12, `${task}item${at % 12}`, Math.floor(at / 12)))
      )
      const own = await worker.run(
        'retrieval-quality',
        question(writeDataset(folder('alone'), 'upstream', alone)),
        null
      )
      expect(own.mean).toMatchObject({ recall: 0, mrr: 0, ndcg: 0 })
      expect(own.mean.chance).toBeCloseTo(33 / 69, 12)
      await expect(worker.run('retrieval-quality', question(path, { by: 'group' }), null)).rejects.toMatchObject({
        code: 'nothing-to-measure'
      })
    })

    it('measures an index, the same every time; a strategy without queries is refused', async () => {
      const asked = question(world.upstream, { strategy: 'dense', indices: [index()], by: 'group' })
      const found = await worker.run('retrieval-quality', asked, null)
      expect(found.rows.map(({ name }) => name)).toEqual(['colours', 'words'])
      expect(found.mean.recall).toBeGreaterThan(found.mean.chance)
      expect({ ...(await worker.run('retrieval-quality', asked, null)), seconds: 0 }).toEqual({ ...found, seconds: 0 })
      const random = worker.run('retrieval-quality', { ...asked, strategy: 'random' }, null)
      await expect(random).rejects.toMatchObject({ code: 'no-neighbours' })
    })
  })

  it('retrieve: as many as the budget, each once', async () => {
    const output = await worker.run(
      'retrieve',
      {
        dataset: world.upstream,
        strategy: 'dense',
        indices: [index()],
        reranker: null,
        queries: ['Which animal is this: owl?', 'Colour of red fox'],
        answers: null,
        settings: retrievalSettingsSchema.parse({ budget: 12 }),
        excludedIds: [],
        seed: 1,
        provider: 'cpu'
      },
      null
    )
    expect(output.retrieved).toHaveLength(12)
    expect(new Set(output.retrieved.map(({ exampleId }) => exampleId)).size).toBe(12)
  })

  it('embedding map: the sample and the queries, finite, the same for the same seed', async () => {
    const input = {
      dataset: world.upstream,
      index: index(),
      queries: ['Colour of red fox'],
      answers: null,
      sample: 60,
      quick: false,
      seed: 3,
      provider: 'cpu' as const
    }
    const { points } = await worker.run('embedding-map', input, null)
    expect(points).toHaveLength(61)
    expect(points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true)
    expect(points.filter(({ query }) => query === 0)).toHaveLength(1)
    expect(new Set(points.map(({ group }) => group))).toEqual(new Set(['words', 'colours', null]))
    expect((await worker.run('embedding-map', input, null)).points).toEqual(points)
    // The quick picture has the same points elsewhere.
    const { points: quick } = await worker.run('embedding-map', { ...input, quick: true }, null)
    expect(quick.map(({ exampleId }) => exampleId)).toEqual(points.map(({ exampleId }) => exampleId))
    expect(new Set(quick.map(({ x }) => x)).size).toBeGreaterThan(30)
    const other = await worker.run('embedding-map', { ...input, seed: 4 }, null)
    expect(other.points).not.toEqual(points)
  })

  it('an index of another encoder is refused', async () => {
    const question = worker.run(
      'neighbours',
      { dataset: world.upstream, strategy: 'semantic', indices: [index()], text: 'x', count: 3, provider: 'cpu' },
      null
    )
    await expect(question).rejects.toMatchObject({ code: 'index-of-other-encoder' })
  })
})
