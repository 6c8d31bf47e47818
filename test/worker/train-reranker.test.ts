import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { JobInput } from '../../src/main/contract/jobs.ts'
import { Random } from '../../src/main/contract/random.ts'
import { rerankerSettingsSchema, type RerankerSettings } from '../../src/main/contract/reranking.ts'
import { openDataset } from '../../src/main/data/dataset.ts'
import { createModelFolder } from '../../src/main/models/create.ts'
import { trainByteLevelBpe, writeTokenizer } from '../../src/main/models/tokenizers/train-bpe.ts'
import { MiningFolder, type MinedSet } from '../../src/main/worker/reranking/mined-set.ts'
import { pairsOf } from '../../src/main/worker/reranking/mining-report.ts'
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
  mining = await makeMining(24)
  encoder = join(toy.folder, 'encoder')
  await makeEncoder(encoder)
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
    if (++calls === 30) abort.abort(new Error('killed'))
    abort.signal.throwIfAborted()
  }
  await expect(runHere('train-reranker', input(settings), cut, { signal: abort.signal, paused })).rejects.toThrow()
  expect(existsSync(join(cut, 'reranker.json'))).toBe(false)
  expect(existsSync(join(cut, 'work', 'state.json'))).toBe(true)
  await train(settings, cut)
  const weights = (folder: string): Buffer => readFileSync(join(folder, 'model.safetensors'))
  expect(weights(cut).equals(weights(whole))).toBe(true)
  expect(existsSync(join(cut, 'work'))).toBe(false)
  const again = await runHere('train-reranker', input({}, { minings: [] as never }), cut)
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

async function makeMining(sets: number): Promise<string> {
  const folder = mkdtempSync(join(toy.folder, 'mining-'))
  mkdirSync(join(folder, 'sets'), { recursive: true })
  const dataset = openDataset(toy.dataset)
  const random = new Random('made pairs')
  const rows = [...dataset.iterate()]
  const tasks = [...new Set(rows.map(({ task }) => task))]
  const to = new MiningFolder(folder)
  const { settings, model } = toyMining(toy, { positives: 4 })
  const lines: string[] = []
  for (let set = 0; set < sets; set++) {
    const task = tasks[set % tasks.length]!
    const own = rows.filter((row) => row.task === task)
    const candidates = random.sample(
      rows.filter((row) => row.task !== task),
      12
    )
    const made: MinedSet = {
      ...{ set, task, group: own[0]!.group, baseLoss: 1, ownRows: -0.1, best: -0.1, worst: 0.1 },
      ...{ cpuSeconds: 0, trials: 0 },
      queryIds: random.sample(own, 4).map(({ id }) => id),
      candidates: candidates.map(({ id, task: from, group }, rank) => {
        const delta = (group === 'stones' ? -1 : 1) + random.normal() / 4
        return { id, query: 0, rank, task: from, group, draws: [delta, delta], delta }
      })
    }
    await to.saveSet(made)
    lines.push(...pairsOf(made, settings, 0).map((pair) => JSON.stringify(pair)))
  }
  writeFileSync(to.pairs, `${lines.join('\n')}\n`)
  await to.saveManifest({
    ...{ format: 1, dataset: { contentHash: dataset.contentHash }, source: 'random', index: null, reranker: null },
    ...{ iteration: 0, settings, learningRate: 1e-3, model: { name: model.name, fingerprint: 'f', prefix: '' } }
  })
  dataset.close()
  return folder
}

async function makeEncoder(folder: string): Promise<void> {
  const dataset = openDataset(toy.dataset)
  const texts = [...dataset.iterate()].map(({ input: text }) => text)
  dataset.close()
  const random = new Random('tiny encoder')
  await writeTokenizer(folder, trainByteLevelBpe(texts, 320), 64)
  await createModelFolder(
    folder,
    {
      ...{ model_type: 'roberta', vocab_size: 320, hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 4 },
      ...{ intermediate_size: 64, max_position_embeddings: 66, type_vocab_size: 1, hidden_act: 'gelu' },
      ...{ hidden_dropout_prob: 0, attention_probs_dropout_prob: 0, layer_norm_eps: 1e-5, initializer_range: 0.1 },
      ...{ pad_token_id: 1, bos_token_id: 0, eos_token_id: 2 }
    },
    () => random.normal()
  )
}
