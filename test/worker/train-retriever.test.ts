import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jobSchemas } from '../../src/main/contract/jobs.ts'
import { miningSettingsSchema } from '../../src/main/contract/minings.ts'
import { retrieverSettingsSchema, type RetrieverCard } from '../../src/main/contract/retrievers.ts'
import { openDataset } from '../../src/main/data/dataset.ts'
import { loadEngine } from '../../src/main/engine/load.ts'
import { HeadTrainer, identityHead } from '../../src/main/retrieval/head.ts'
import { readManifest } from '../../src/main/retrieval/manifest.ts'
import { openIndex } from '../../src/main/retrieval/open-index.ts'
import { distilledList, headScorer } from '../../src/main/worker/reranking/head-lists.ts'
import { readRankedSets } from '../../src/main/worker/reranking/pairs-file.ts'
import { areaOf } from '../../src/main/worker/reranking/quality.ts'
import { readHead } from '../../src/main/worker/reranking/retriever-folder.ts'
import { makeEncoder, makeMining } from './made-mining.ts'
import { relationRows, unseenTasks } from './relation-data.ts'
import { makeTinyModel, writeDataset } from './tiny-world.ts'
import { runHere } from './toy-supervision.ts'

let folder: string
let path: string
let mining: string
const signal = new AbortController().signal
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'recross-retriever-'))
  const rows = relationRows()
  path = writeDataset(join(folder, 'upstream', 'examples.db'), 'upstream', rows)
  const dataset = openDataset(path)
  mining = await makeMining(folder, dataset, miningSettingsSchema.parse({ positives: 8, draws: 2 }), {
    ...{ sets: 64, candidates: 40, rows: 6 },
    usefulness: (own, candidate) => (own.group === candidate.group ? -1 : 1)
  })
  await makeEncoder(join(folder, 'encoder'), dataset, 400)
  await makeTinyModel(join(folder, 'bart'), rows)
  dataset.close()
  await buildIndex('semantic', 'encoder', 'from-encoder', '')
  await buildIndex('dense', 'bart', 'from-bart', '<s> ')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each([
  ['a sentence encoder', 'encoder', 'from-encoder'],
  ['a base model', 'bart', 'from-bart']
])('a head on the vectors of %s', (_, model, index) => {
  it('brings near what is useful for tasks that it has not seen, and searches with an index of its own', async () => {
    const into = mkdtempSync(join(folder, 'retriever-'))
    const card = await train(model, index, into)
    expect(card.tasks.validation).toEqual(unseenTasks.toSorted())
    expect(card.quality.auc).toBeGreaterThan(0.8)
    expect(card.quality.auc).toBeGreaterThan(card.before.auc + 0.1)
    expect(card.quality.recall!).toBeGreaterThan(card.before.recall!)
    expect(card.quality.ndcg).toBeGreaterThan(card.before.ndcg)

    // Its index is that of the encoder through the head; embedding every text with the whole model gives the same numbers.
    const derived = await buildIndex('trained', basename(into), 'derived', '', join(folder, index))
    const embedded = await buildIndex('trained', basename(into), 'embedded', '')
    expect(derived.logs.join(' ')).toMatch(/nothing is embedded anew/)
    expect(embedded.logs.join(' ')).not.toMatch(/nothing is embedded anew/)
    const [a, b] = [await openIndex(join(folder, 'derived')), await openIndex(join(folder, 'embedded'))]
    const rows = Uint32Array.from({ length: a.count }, (_, row) => row)
    const [x, y] = [a.read(rows), b.read(rows)]
    expect(Math.max(...x.map((value, place) => Math.abs(value - y[place]!)))).toBeLessThan(2e-5)
    expect(a.manifest.fingerprint).toBe(b.manifest.fingerprint)
    // The nearest are those that a look at every product finds.
    const query = x.subarray(0, a.dimension)
    const near = [...(await a.search(query.slice(), 10)).rows]
    const products = [...rows].map((row) =>
      query.reduce((sum, value, place) => sum + value * x[row * a.dimension + place]!, 0)
    )
    const wanted = [...rows].sort((one, two) => products[two]! - products[one]!).slice(0, 10)
    expect(near.map((row) => products[row]!.toFixed(5))).toEqual(wanted.map((row) => products[row]!.toFixed(5)))
    for (const open of [a, b]) open.close()
    for (const name of ['derived', 'embedded']) rmSync(join(folder, name), { recursive: true })
  })
})

it('with shuffled labels it is no better than the vectors themselves', async () => {
  const card = await train('encoder', 'from-encoder', mkdtempSync(join(folder, 'control-')), { shuffledLabels: true })
  expect(card.quality.auc).toBeLessThan(card.before.auc + 0.1)
})

it('learns from the scores of a reranker, without labels', async () => {
  const dataset = openDataset(path)
  const { sets } = await readRankedSets(mining, dataset)
  dataset.close()
  const [unseen, seen] = [true, false].map((wanted) =>
    sets.filter(({ task }) => unseenTasks.includes(task) === wanted)
  ) as [typeof sets, typeof sets]
  // A judge that knows the families by their words.
  const family = (text: string): string =>
    Object.entries({ s: /ruby|opal|jade|onyx|topaz|agate/, w: /north|south|gale|breeze|storm|gust/ }).find(
      ([, words]) => words.test(text)
    )?.[0] ?? (/robin|crow|finch|heron|stork|swan/.test(text) ? 'b' : 't')
  const judge = {
    scorePairs: (pairs: readonly (readonly [string, string])[]) =>
      Promise.resolve(pairs.map(([query, text]) => (family(query) === family(text) ? 4 : -4)))
  }
  const index = await openIndex(join(folder, 'from-encoder'))
  const scoring = { maxTokens: 60, signal }
  const trainer = new HeadTrainer(identityHead(index.dimension), { learningRate: 3e-3, temperature: 0.05, decay: 0 })
  for (let epoch = 0; epoch < 6; epoch++)
    for (const set of seen) trainer.step(await distilledList(index, set, judge, scoring))
  const before = await areaOf(headScorer(index, identityHead(index.dimension), unseen), unseen, scoring)
  expect(await areaOf(headScorer(index, trainer.head, unseen), unseen, scoring)).toBeGreaterThan(Math.max(0.85, before))
  index.close()
})

it('names an index of other data, and is not trained twice', async () => {
  const other = writeDataset(join(folder, 'other', 'examples.db'), 'upstream', relationRows().slice(0, 80))
  await buildIndex('semantic', 'encoder', 'of-other', '', null, other)
  const into = mkdtempSync(join(folder, 'bad-'))
  await expect(train('encoder', 'of-other', into)).rejects.toMatchObject({ code: 'index-of-other-data' })
  expect(existsSync(join(into, 'config.json'))).toBe(false)
  const made = mkdtempSync(join(folder, 'twice-'))
  const first = await train('encoder', 'from-encoder', made, { epochs: 1 })
  expect(await train('encoder', 'gone', made)).toEqual(first)
})

it('is a folder that sentence-transformers reads: the head is a dense layer', async () => {
  const into = mkdtempSync(join(folder, 'layout-'))
  await train('bart', 'from-bart', into, { epochs: 1 })
  const modules = JSON.parse(readFileSync(join(into, 'modules.json'), 'utf8')) as { path: string; type: string }[]
  expect(modules.map(({ type }) => type.split('.').at(-1))).toEqual(['Transformer', 'Pooling', 'Dense', 'Normalize'])
  const head = await readHead(into)
  expect(head.inputs).toBe(head.outputs)
  const engine = await loadEngine({ folder: into, provider: 'cpu', threads: 1 })
  expect(engine.info.role).toBe('encoder')
  await engine.close()
})

async function train(
  model: string,
  index: string,
  into: string,
  settings: Partial<RetrieverCard['settings']> = {}
): Promise<RetrieverCard> {
  const { retriever, role } = await runHere(
    'train-retriever',
    {
      ...{ modelId: 'retriever-1', name: 'Trained', data: { id: 'toy', name: 'Toy', path }, reranker: null },
      minings: [
        {
          ...{ id: 'mining-1', name: 'Made', folder: mining, model: 'Tiny', usefulness: 'influence', sets: 64 },
          gateOpen: true
        }
      ],
      index: { id: index, folder: join(folder, index) },
      base: { id: model, name: model, folder: join(folder, model) },
      ...{ overridden: false, override: false, provider: 'cpu' },
      settings: retrieverSettingsSchema.parse({
        ...{ epochs: 20, learningRate: 3e-3, validationTasks: unseenTasks, ...settings }
      })
    },
    into
  )
  expect(role).toBe('encoder')
  return retriever!
}

async function buildIndex(
  representation: 'semantic' | 'dense' | 'trained',
  model: string,
  name: string,
  prefix: string,
  derivedFrom: string | null = null,
  dataset = path
) {
  const logs: string[] = []
  const input = jobSchemas['build-index'].input.parse({
    ...{ indexId: name, datasetId: 'upstream', dataset, derivedFrom, maxTokens: 48, search: 'exact' },
    encoder: { modelId: model, folder: join(folder, model), representation, prefix }
  })
  await runHere('build-index', input, join(folder, name), { logs })
  return { logs, manifest: await readManifest(join(folder, name)) }
}
