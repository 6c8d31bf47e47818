import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { miningSettingsSchema } from '../../src/main/contract/minings.ts'
import { rerankerSettingsSchema, type RerankerSettings } from '../../src/main/contract/reranking.ts'
import { openDataset } from '../../src/main/data/dataset.ts'
import type { TrainSettings } from '../../src/main/engine/engine.ts'
import { loadEngine } from '../../src/main/engine/load.ts'
import { meanOrZero } from '../../src/main/sums/sums.ts'
import { Random } from '../../src/main/random/random.ts'
import type { Encoder } from '../../src/main/retrieval/encoder.ts'
import { drawNearnessPairs } from '../../src/main/worker/reranking/nearness.ts'
import { makeEncoder, makeMining } from './made-mining.ts'
import { relationRows, unseenTasks as unseen } from './relation-data.ts'
import { writeDataset } from './tiny-world.ts'
import { runHere } from './toy-supervision.ts'

/**
 * The data of `reranker-relations.test.ts`, where from so few sets as here the pairs are learnt by heart. The base has learnt by
 * contrast, from rows of tasks that do not judge and without labels, that rows of a task belong together; so its vectors know what the
 * reranker has to find out.
 */
const sets = 96
let folder: string
let path: string
let mining: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'recross-nearness-'))
  path = writeDataset(join(folder, 'upstream', 'examples.db'), 'upstream', relationRows())
  const dataset = openDataset(path)
  mining = await makeMining(folder, dataset, miningSettingsSchema.parse({ positives: 8, draws: 2 }), {
    ...{ sets, candidates: 40, rows: 6 },
    usefulness: (own, candidate) => (own.group === candidate.group ? -1 : 1)
  })
  await makeEncoder(join(folder, 'start'), dataset, 400)
  dataset.close()
  await teach(join(folder, 'start'), join(folder, 'encoder'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('having learnt nearness it learns the relation from sets that are too few without', async () => {
  const { quality, nearness } = await train({ nearnessPairs: 32_000, everySteps: 100 })
  expect(nearness!.pairs).toBe(32_000)
  expect(nearness!.teacherAuc).toBeGreaterThan(0.9)
  expect(quality.auc).toBeGreaterThan(0.85)
  // So the labels have taught it something, too.
  expect(quality.auc).toBeGreaterThan(nearness!.auc + 0.05)
  // With the queries of another family, what was useful is not: so it was the relation that it has learnt.
  expect(quality.otherQueriesAuc).toBeLessThan(0.6)
})

it('interrupted while it learns nearness and resumed, it comes out the same', async () => {
  const settings = { nearnessPairs: 640, everySteps: 6, epochs: 1, pairsPerSet: 8 }
  const [whole, cut] = [into(), into()]
  await train(settings, whole)
  let calls = 0
  const abort = new AbortController()
  const paused = async (): Promise<void> => {
    if (++calls === 16) abort.abort(new Error('killed'))
    abort.signal.throwIfAborted()
  }
  await expect(train(settings, cut, { signal: abort.signal, paused })).rejects.toThrow()
  expect(existsSync(join(cut, 'work', 'near-checkpoint'))).toBe(true)
  expect(existsSync(join(cut, 'work', 'near'))).toBe(false)
  await train(settings, cut)
  const weights = (of: string): Buffer => readFileSync(join(of, 'model.safetensors'))
  expect(weights(cut).equals(weights(whole))).toBe(true)
})

it('with shuffled labels nothing is learnt of nearness either', async () => {
  const { quality, nearness } = await train({ nearnessPairs: 3200, shuffledLabels: true, epochs: 1, pairsPerSet: 8 })
  expect(Math.abs(nearness!.auc - 0.5)).toBeLessThan(0.1)
  expect(Math.abs(quality.auc - 0.5)).toBeLessThan(0.1)
})

it('draws pairs of rows that do not judge, half of them near, and the same again', async () => {
  const dataset = openDataset(path)
  const drawing = {
    pairs: 400,
    seed: 7,
    without: new Set(unseen),
    shuffled: false,
    signal: new AbortController().signal
  }
  const taskOf = new Map([...dataset.iterate()].map(({ input, task }) => [input, task]))
  const pairs = await drawNearnessPairs(dataset, byWords, drawing)
  expect(pairs).toHaveLength(400)
  expect(pairs.flatMap(({ first, second }) => [first, second]).some((text) => unseen.includes(taskOf.get(text)!))).toBe(
    false
  )
  expect(await drawNearnessPairs(dataset, byWords, drawing)).toEqual(pairs)
  expect(await drawNearnessPairs(dataset, byWords, { ...drawing, seed: 8 })).not.toEqual(pairs)
  const shared = (label: number): number =>
    meanOrZero(pairs.filter((pair) => pair.label === label).map(({ first, second }) => commonWords(first, second)))
  expect(pairs.filter(({ label }) => label === 1)).toHaveLength(200)
  expect(shared(1)).toBeGreaterThan(shared(0) + 1)
  const shuffled = await drawNearnessPairs(dataset, byWords, { ...drawing, shuffled: true })
  expect(shuffled.map(({ first }) => first)).toEqual(pairs.map(({ first }) => first))
  expect(shuffled.map(({ label }) => label).toSorted()).toEqual(pairs.map(({ label }) => label).toSorted())
  expect(shuffled).not.toEqual(pairs)
  await expect(drawNearnessPairs(dataset, byWords, { ...drawing, without: new Set(taskOf.values()) })).rejects.toThrow(
    /fewer than two rows/
  )
  dataset.close()
})

const wordsOf = (text: string): string[] => text.split(/[ ,?]+/)
const commonWords = (a: string, b: string): number => wordsOf(a).filter((word) => wordsOf(b).includes(word)).length

/** Vectors that count words. */
const words = [...new Set(relationRows().flatMap(({ input }) => wordsOf(input)))]
const byWords: Encoder = {
  ...{ fingerprint: 'words', dimension: words.length, normalized: false },
  async *embed(texts) {
    const vectors = new Float32Array(texts.length * words.length)
    texts.forEach((text, at) => wordsOf(text).forEach((word) => vectors[at * words.length + words.indexOf(word)]!++))
    yield { indices: texts.map((_, at) => at), vectors }
  }
}

const usual: TrainSettings & { temperature: number } = {
  ...{ method: 'full', optimizer: 'adamw', learningRate: 2e-3, weightDecay: 0.01, epsilon: 1e-8, epochs: 10 },
  ...{ batchSize: 64, accumulation: 1, warmupSteps: 20, clipNorm: 1, labelSmoothing: 0, dropout: 0 },
  ...{ maxInputTokens: 60, maxOutputTokens: 1, seed: 5, shuffle: true, temperature: 0.05 }
}

/** Two rows of a task belong together. */
async function teach(start: string, to: string): Promise<void> {
  const random = new Random('teacher')
  const byTask = Map.groupBy(
    relationRows().filter(({ task }) => !unseen.includes(task)),
    ({ task }) => task
  )
  const pairs = [...byTask.values()].flatMap((rows) =>
    rows.map(({ input }) => ({ anchor: input, positive: random.pick(rows).input }))
  )
  const engine = await loadEngine({ folder: start, provider: 'cpu', threads: 1 })
  const training = await engine.trainContrastive(pairs, usual)
  for await (const { loss, step } of training) void [loss, step]
  await training.export(to, 'full')
  await training.close()
  await engine.close()
}

const into = (): string => mkdtempSync(join(folder, 'reranker-'))

async function train(settings: Partial<RerankerSettings>, to = into(), how: Parameters<typeof runHere>[3] = {}) {
  const { reranker } = await runHere(
    'train-reranker',
    {
      ...{ modelId: 'reranker-1', name: 'Nearness', data: { id: 'toy', name: 'Toy', path }, previous: null },
      minings: [
        {
          ...{ id: 'mining-1', name: 'Made', folder: mining, model: 'Tiny', usefulness: 'influence', sets },
          gateOpen: true
        }
      ],
      base: { id: 'encoder', name: 'Tiny encoder', folder: join(folder, 'encoder'), fingerprint: 'f' },
      ...{ iteration: 0, overridden: false, override: false, provider: 'cpu' },
      settings: rerankerSettingsSchema.parse({
        ...{ batchSize: 32, maxTokens: 60, validationTasks: unseen, everySteps: 50, patience: 2, epochs: 2 },
        ...settings
      })
    },
    to,
    how
  )
  return reranker!
}
