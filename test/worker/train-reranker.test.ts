import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { JobInput } from '../../src/main/contract/jobs.ts'
import { rerankerSettingsSchema, type RerankerSettings } from '../../src/main/contract/reranking.ts'
import { openDataset } from '../../src/main/data/dataset.ts'
import { makeEncoder, makeMining } from './made-mining.ts'
import { makeToySupervision, runHere, toyMining, type ToySupervision } from './toy-supervision.ts'

/**
 * The pairs are made, not mined: rows about stones help every task, rows about winds none, with some noise. So it is known what a
 * reranker can learn from the texts, and that it holds for tasks that it has not seen.
 */
let toy: ToySupervision
let mining: string
let encoder: string
beforeAll(async () => {
  toy = await makeToySupervision()
  encoder = join(toy.folder, 'encoder')
  const dataset = openDataset(toy.dataset)
  mining = await makeMining(toy.folder, dataset, toyMining(toy, { positives: 4 }).settings, {
    ...{ sets: 24, candidates: 12, rows: 4 },
    usefulness: (_, { group }) => (group === 'stones' ? -1 : 1)
  })
  await makeEncoder(encoder, dataset)
  dataset.close()
})
afterAll(() => toy.remove())

const unseen = ['stones_2', 'winds_2']

it('learns what helps, and is judged by tasks that it has not seen', async () => {
  const { reranker, role } = await train({})
  expect(role).toBe('pair-classifier')
  expect(reranker!.tasks.validation).toEqual(unseen)
  expect(reranker!.tasks.train.some((task) => unseen.includes(task))).toBe(false)
  expect(reranker!.quality.auc).toBeGreaterThan(0.7)
  expect(reranker!.quality.ndcg).toBeGreaterThan(0.7)
  expect(reranker!.byTask.map(({ task }) => task).sort()).toEqual(unseen)
})

it('interrupted and resumed, it comes out the same, and a finished one is not trained again', async () => {
  const whole = mkdtempSync(join(toy.folder, 'whole-'))
  const settings = { epochs: 1, everySteps: 6, patience: 9 }
  await train(settings, whole)
  const cut = mkdtempSync(join(toy.folder, 'cut-'))
  let calls = 0
  const abort = new AbortController()
  const paused = async (): Promise<undefined> => {
    if (++calls === 16) abort.abort(new Error('killed'))
    abort.signal.throwIfAborted()
  }
  await expect(runHere('train-reranker', input(settings), cut, { signal: abort.signal, paused })).rejects.toThrow()
  expect(existsSync(join(cut, 'reranker.json'))).toBe(false)
  expect(existsSync(join(cut, 'work', 'state.json'))).toBe(true)
  await train(settings, cut)
  const weights = (folder: string): Buffer => readFileSync(join(folder, 'model.safetensors'))
  expect(weights(cut).equals(weights(whole))).toBe(true)
  expect(existsSync(join(cut, 'work'))).toBe(false)
  const again = await runHere('train-reranker', input({}, { minings: [] }), cut)
  expect(again.reranker!.quality.sets).toBeGreaterThan(0)
})

it('names what does not fit: other data, a base that writes, three classes, one task, unknown tasks', async () => {
  const code = (settings: Partial<RerankerSettings>, changes: Partial<JobInput<'train-reranker'>>) =>
    runHere('train-reranker', input(settings, changes), mkdtempSync(join(toy.folder, 'bad-'))).then(
      () => 'trained',
      (error: { code: string }) => error.code
    )
  const other = await makeToySupervision({ rows: 40 })
  expect(await code({}, { data: { id: 'o', name: 'Other', path: other.dataset } })).toBe('pairs-of-other-data')
  other.remove()
  expect(await code({}, { base: { ...base(), folder: toy.model } })).toBe('wrong-role')
  const three = join(toy.folder, 'three')
  cpSync(encoder, three, { recursive: true })
  const config = JSON.parse(readFileSync(join(three, 'config.json'), 'utf8')) as object
  const labels = { architectures: ['RobertaForSequenceClassification'], id2label: { 0: 'a', 1: 'b', 2: 'c' } }
  writeFileSync(join(three, 'config.json'), JSON.stringify({ ...config, ...labels }))
  expect(await code({}, { base: { ...base(), folder: three } })).toBe('wrong-labels')
  expect(await code({ validationTasks: ['moons_1'] }, {})).toBe('unknown-task')
  const empty = { ...mined(), folder: mkdtempSync(join(toy.folder, 'empty-')) }
  expect(await code({}, { minings: [empty] })).toBe('pairs-missing')
  const damaged = mkdtempSync(join(toy.folder, 'damaged-'))
  cpSync(mining, damaged, { recursive: true })
  writeFileSync(join(damaged, 'pairs.jsonl'), '{"set":0}\n')
  expect(await code({}, { minings: [{ ...mined(), folder: damaged }] })).toBe('pairs-damaged')
})

const base = () => ({ id: 'encoder', name: 'Tiny encoder', folder: encoder, fingerprint: 'f' })
const mined = () => ({
  ...{ id: 'mining-1', name: 'Toy', folder: mining, model: 'Tiny' },
  ...{ usefulness: 'influence' as const, sets: 24, gateOpen: true }
})

function input(
  settings: Partial<RerankerSettings>,
  changes: Partial<JobInput<'train-reranker'>> = {}
): JobInput<'train-reranker'> {
  return {
    modelId: 'reranker-1',
    name: 'Toy reranker',
    data: { id: 'toy', name: 'Toy', path: toy.dataset },
    minings: [mined()],
    base: base(),
    previous: null,
    iteration: 0,
    overridden: false,
    override: false,
    provider: 'cpu',
    settings: rerankerSettingsSchema.parse({
      ...{ epochs: 4, batchSize: 16, learningRate: 2e-3, warmupSteps: 10, maxTokens: 60, validationTasks: unseen },
      ...{ everySteps: 20, patience: 2, pairsPerSet: 24, ...settings }
    }),
    ...changes
  }
}

function train(settings: Partial<RerankerSettings>, folder = mkdtempSync(join(toy.folder, 'reranker-'))) {
  return runHere('train-reranker', input(settings), folder)
}
