import { expect, test } from 'vitest'
import type { Finding } from '../../../src/main/contract/import.ts'
import type { ExperimentSpec } from '../../../src/main/contract/experiments.ts'
import type { Model } from '../../../src/main/contract/models.ts'
import { LabState } from '../../../src/renderer/src/state/lab.svelte.ts'
import { BuildIndex } from '../../../src/renderer/src/state/wizards/build-index.svelte.ts'
import { GetData } from '../../../src/renderer/src/state/wizards/get-data.svelte.ts'
import { GetModel } from '../../../src/renderer/src/state/wizards/get-model.svelte.ts'
import { MinePairs } from '../../../src/renderer/src/state/wizards/mine-pairs.svelte.ts'
import { NewExperiment } from '../../../src/renderer/src/state/wizards/new-experiment.svelte.ts'
import { TrainReranker } from '../../../src/renderer/src/state/wizards/train-reranker.svelte.ts'
import { texts } from '../../../src/renderer/src/texts/texts.ts'
import { fakeClient, labError, memoryDrafts, overridden } from '../client.ts'

test('a look at a file fills in format, columns and a name', async () => {
  const form = new GetData(fakeClient(), memoryDrafts())
  form.wizard.values.source = 'file'
  form.setFile('/home/ada/my questions.csv')
  await form.look()
  expect(form.wizard.values).toMatchObject({
    format: 'csv',
    name: 'my questions',
    mapping: { input: 'question', output: 'answer' }
  })
})

test('nobody goes past a check before it has looked, nor past what it has found', async () => {
  const client = fakeClient()
  let findings: Finding[] = [
    {
      code: 'bad-lines',
      level: 'stop',
      message: '2 rows cannot be read.',
      remedies: [{ label: 'Set aside', skipLimit: 2 }]
    },
    { code: 'columns-left-out', level: 'ask', message: 'The column "note" holds texts.', remedies: [] },
    {
      code: 'encoding-told',
      level: 'note',
      message: 'Windows-1252',
      remedies: [{ label: 'UTF-8', reading: { encoding: 'utf-8' } }]
    }
  ]
  const asked: unknown[] = []
  const preview = async (input: Parameters<typeof client.data.preview>[0]) => {
    asked.push(input)
    return { ...(await client.data.preview(input)), findings }
  }
  const form = new GetData({ ...client, data: { ...client.data, preview } }, memoryDrafts())
  const { wizard } = form
  Object.assign(wizard.values, { source: 'file' })
  form.setFile('/a.csv')
  wizard.goTo('check')
  expect(wizard.missing).not.toBeNull()
  await form.look()
  expect(wizard.missing).toMatch(/settled/)
  await form.mend(findings[0]!.remedies[0]!)
  expect(wizard.values.skipLimit).toBe(2)
  expect(wizard.missing).toMatch(/whether to go on/)
  form.accept('columns-left-out', true)
  expect(wizard.missing).toBeNull()
  expect(form.command).toContain('--skip-bad-lines 2')
  expect(form.command).toContain('--accept columns-left-out')
  // Another reading has other columns.
  await form.mend(findings[2]!.remedies[0]!)
  expect(asked.at(-1)).toMatchObject({ reading: { encoding: 'utf-8' }, mapping: null })
  expect(form.command).toContain('--encoding utf-8')
  findings = []
  form.setFile('/b.csv')
  expect(wizard.values).toMatchObject({ accepted: [], reading: {}, skipLimit: 0 })
  expect(wizard.missing).not.toBeNull()
})

test('a dropped file travels in pieces and arrives whole', async () => {
  const client = fakeClient()
  const sent: { offset: number; size: number; last: boolean }[] = []
  const upload = (input: { name: string; offset: number; chunk: Blob; last: boolean }) => {
    sent.push({ offset: input.offset, size: input.chunk.size, last: input.last })
    return Promise.resolve({
      upload: 'upload-1',
      path: `/downloads/${input.name}`,
      bytes: input.offset + input.chunk.size
    })
  }
  const form = new GetData({ ...client, data: { ...client.data, upload } }, memoryDrafts())
  const size = 1_300_000
  await form.take(new File([new Uint8Array(size)], 'big.jsonl'))
  expect(sent.map((piece) => piece.offset)).toEqual([0, 524_288, 1_048_576])
  expect(sent.reduce((sum, piece) => sum + piece.size, 0)).toBe(size)
  expect(sent.map((piece) => piece.last)).toEqual([false, false, true])
  expect(form.wizard.values.file).toBe('/downloads/big.jsonl')
  expect(form.uploading).toBeNull()
})

test('an empty file is sent as one last piece', async () => {
  const form = new GetData(fakeClient(), memoryDrafts())
  await form.take(new File([], 'empty.csv'))
  expect(form.problem).toBeNull()
  expect(form.wizard.values.file).toContain('empty.csv')
})

test.each([
  ['catalog', { entryId: 'p3-small' }, 'npm run lab -- download p3-small'],
  [
    'file',
    { file: "/a b/it's.csv", name: 'Mine', kind: 'target' },
    `npm run lab -- import '/a b/it'\\''s.csv' --name Mine --target`
  ]
] as const)('the command of a %s import', (source, values, command) => {
  const form = new GetData(fakeClient(), memoryDrafts())
  Object.assign(form.wizard.values, { source, ...values })
  expect(form.command).toBe(command)
})

test('a failed start shows the problem and keeps the form', async () => {
  const form = new GetModel(fakeClient('failing'), memoryDrafts())
  Object.assign(form.wizard.values, { source: 'hub', repo: 'a/b' })
  await form.start()
  expect(form.problem?.code).toBe('database-unreadable')
  expect(form.wizard.values).toMatchObject({ repo: 'a/b' })
})

test('the name of a model follows its folder until the user names it', () => {
  const form = new GetModel(fakeClient(), memoryDrafts())
  form.setFolder('/models/bart0')
  expect(form.wizard.values.name).toBe('bart0')
  form.setFolder('/models/bart0-large')
  expect(form.wizard.values.name).toBe('bart0-large')
  form.wizard.values.name = 'Mine'
  form.setFolder('/models/other')
  expect(form.wizard.values.name).toBe('Mine')
})

test('nobody goes past a model folder that the lab cannot run, nor past one that was changed after the look', async () => {
  const client = fakeClient()
  let broken = true
  const look = (input: { folder: string }) =>
    broken ? Promise.reject(labError('config', 'config.json: gpt2 is not known.')) : client.models.look(input)
  const form = new GetModel(overridden(client, 'models', { look }), memoryDrafts())
  const { wizard } = form
  wizard.values.source = 'folder'
  form.setFolder('/models/gpt2')
  wizard.goTo('name')
  expect(wizard.step.id).toBe('check')
  await form.check()
  expect(wizard.missing).toMatch(/runs/)
  expect(form.look.problem?.message).toMatch(/gpt2/)
  broken = false
  await form.check()
  expect(wizard.missing).toBeNull()
  wizard.next()
  expect(wizard.step.id).toBe('name')
  form.setFolder('/models/other')
  expect(wizard.canReach('name')).toBe(false)
})

test('another kind of likeness asks for another model', () => {
  const form = new BuildIndex(fakeClient(), () => 'auto', memoryDrafts())
  form.setRepresentation('semantic')
  form.wizard.values.modelId = 'm-distil'
  form.setRepresentation('dense')
  expect(form.wizard.values.modelId).toBeNull()
})

test('the estimate says when the very same index exists', async () => {
  const form = new BuildIndex(fakeClient(), () => 'auto', memoryDrafts())
  Object.assign(form.wizard.values, { datasetId: 'ds-upstream', representation: 'dense', modelId: 'm-bart0' })
  await form.estimate.load()
  expect(form.estimate.value?.exists?.id).toBe('i-dense')
})

test('settings of the graph and several processes are asked for only where they are wanted', () => {
  const form = new BuildIndex(fakeClient(), () => 'auto', memoryDrafts())
  const { values } = form.wizard
  Object.assign(values, { datasetId: 'ds-upstream', representation: 'dense', modelId: 'm-bart0' })
  values.hnsw.ef = 128
  expect(form.command).not.toContain('--ef')
  Object.assign(values, { search: 'hnsw', shards: 4 })
  expect(form.command).toContain('--search hnsw --ef 128 --shards 4')
  form.wizard.goTo('review')
  expect(form.wizard.step.id).toBe('review')
  values.hnsw.m = 0
  form.wizard.goTo('options')
  expect(form.wizard.missing).toContain('Links of an example')
})

const filled = async (storage = memoryDrafts()) => {
  const form = new NewExperiment(fakeClient(), storage)
  await form.setPreset('paper')
  Object.assign(form.wizard.values, {
    models: { base: 'm-bart0', encoder: 'm-distil', reranker: null, retriever: null },
    datasetId: 'ds-upstream',
    name: 'Mine'
  })
  form.fitStrategies()
  form.toggleTarget('t-cb')
  return form
}

test('zero-shot cannot be left out, the order of strategies is fixed', async () => {
  const form = await filled()
  form.toggleStrategy('zero-shot')
  form.toggleStrategy('random')
  form.toggleStrategy('random')
  expect(form.wizard.values.strategies).toEqual(['zero-shot', 'random', 'lexical', 'semantic', 'dense'])
})

test('the semantic strategy needs an encoder', async () => {
  const form = await filled()
  form.toggleStrategy('lexical')
  form.wizard.values.models.encoder = null
  form.wizard.goTo('plan')
  expect(form.wizard.step.id).toBe('strategies')
  form.toggleStrategy('semantic')
  form.wizard.goTo('plan')
  expect(form.wizard.step.id).toBe('plan')
})

test.each([
  ['rounds', 0],
  ['rounds', 2.5],
  ['queries', Number.NaN]
] as const)('%s of %s does not go on', async (field, value) => {
  const form = await filled()
  if (form.wizard.values.settings) form.wizard.values.settings[field] = value
  form.wizard.goTo('plan')
  expect(form.wizard.step.id).toBe('settings')
})

test.each(['everySteps', 'patience', 'heldOutShare'] as const)(
  'early stopping with %s of 0 does not go on',
  async (field) => {
    const form = await filled()
    form.toggleEarlyStopping()
    form.wizard.goTo('plan')
    expect(form.wizard.step.id).toBe('plan')
    form.wizard.values.settings!.tune.earlyStopping![field] = 0
    form.wizard.goTo('plan')
    expect(form.wizard.step.id).toBe('settings')
    form.toggleEarlyStopping()
    expect(form.spec.tune.earlyStopping).toBeNull()
  }
)

test('what is started is what was entered, and the form is empty afterwards', async () => {
  const form = await filled()
  const spec: ExperimentSpec = form.spec
  expect(spec).toMatchObject({ name: 'Mine', targetIds: ['t-cb'], models: { base: 'm-bart0' }, rounds: 5 })
  const experiment = await form.start()
  expect(experiment?.spec).toEqual(spec)
  expect(form.wizard.values.settings).toBeNull()
})

test('the command of an experiment names what differs from the preset, and nothing else', async () => {
  const form = await filled()
  const plain =
    'npm run lab -- experiment run --name Mine --preset paper --model m-bart0 --encoder m-distil --data ds-upstream --targets t-cb --strategies zero-shot random lexical semantic dense'
  expect(form.command).toBe(plain)
  const { settings } = form.wizard.values
  if (!settings) throw new Error('the preset was not loaded')
  settings.rounds = 2
  settings.tune.learningRate = 2e-5
  settings.ablateGroups = ['Topic']
  expect(form.command).toBe(`${plain} --rounds 2 --set tune.learningRate=0.00002 'ablateGroups=["Topic"]'`)
  settings.tune.merge = 'mix'
  form.toggleEarlyStopping()
  expect(form.command).toContain(
    `tune.merge=mix 'tune.earlyStopping={"heldOutShare":0.1,"everySteps":10,"patience":3}'`
  )
})

test('comparisons are named before the start, go along with their strategies, and stand in the plan and the command', async () => {
  const form = await filled()
  const pair = { strategy: 'semantic', against: 'zero-shot' } as const
  expect(form.spec.planned).toEqual([])
  form.togglePlanned(pair)
  form.togglePlanned({ strategy: 'semantic', against: 'random' })
  expect(form.spec.planned).toHaveLength(2)
  expect(form.command).toContain('--planned semantic:zero-shot semantic:random')
  expect(form.command).not.toContain('planned=')
  // A strategy that is left out takes its comparisons along; no experiment names what it does not run.
  form.toggleStrategy('random')
  expect(form.spec.planned).toEqual([pair])
  form.togglePlanned(pair)
  expect(form.spec.planned).toEqual([])
  expect(form.command).not.toContain('--planned')
})

const materials = async (client = fakeClient()) => {
  const lab = new LabState(client, () => undefined)
  await Promise.all([lab.models.load(), lab.datasets.load(), lab.targets.load()])
  return lab
}

test('each new start puts in again what goes without saying', async () => {
  const lab = await materials()
  lab.models.set((lab.models.value ?? []).filter(({ id }) => id === 'm-bart0' || id === 'm-distil'))
  const form = new NewExperiment(fakeClient(), memoryDrafts())
  for (let start = 0; start < 3; start++) {
    form.settle(lab)
    expect(form.wizard.values).toMatchObject({
      models: { base: 'm-bart0', encoder: 'm-distil', reranker: null, retriever: null },
      datasetId: 'ds-upstream'
    })
    form.wizard.values.models.base = 'another'
    form.wizard.reset()
    expect(form.wizard.starts).toBe(start + 1)
  }
})

test('a trained retriever is taken for the retriever, and for the encoder only where that is said', async () => {
  const lab = await materials()
  const encoder = (lab.models.value ?? []).find(({ id }) => id === 'm-distil')!
  const trained: Model = { ...encoder, id: 'm-near', retriever: {} as Model['retriever'] }
  lab.models.set([trained, ...(lab.models.value ?? [])])
  const form = new NewExperiment(fakeClient(), memoryDrafts())
  form.settle(lab)
  expect(form.wizard.values.models).toMatchObject({ encoder: 'm-distil', retriever: 'm-near' })
  form.wizard.values.models.encoder = 'm-near'
  form.settle(lab)
  expect(form.wizard.values.models.encoder).toBe('m-near')
  lab.models.set([trained])
  form.wizard.reset()
  form.settle(lab)
  expect(form.wizard.values.models).toMatchObject({ encoder: null, retriever: 'm-near' })
})

test.each(['models', 'datasetId', 'targetIds'] as const)(
  'a half-filled form forgets a %s that was deleted meanwhile',
  async (field) => {
    const lab = await materials()
    const form = await filled()
    const gone = { models: { base: 'gone', encoder: 'gone' }, datasetId: 'gone', targetIds: ['t-cb', 'gone'] }
    Object.assign(form.wizard.values, { [field]: gone[field] })
    form.settle(lab)
    expect(JSON.stringify(form.wizard.values[field])).not.toContain('gone')
    if (field === 'targetIds') expect(form.wizard.values.targetIds).toEqual(['t-cb'])
  }
)

test('another base model gets other settings, and what the user has changed stays', async () => {
  const preset = ({ modelId }: { modelId: string | null }) =>
    fakeClient()
      .experiments.preset({ preset: 'paper' })
      .then((spec) => ({ ...spec, tune: { ...spec.tune, learningRate: modelId === 'm-small' ? 1e-3 : 6e-6 } }))
  const form = new NewExperiment(overridden(fakeClient(), 'experiments', { preset }), memoryDrafts())
  form.wizard.values.models.base = 'm-bart0'
  await form.setPreset('paper')
  form.wizard.values.settings!.tune.epochs = 7
  form.wizard.values.models.base = 'm-small'
  await form.fit()
  expect(form.wizard.values.settings?.tune).toMatchObject({ learningRate: 1e-3, epochs: 7 })
  form.wizard.values.settings!.tune.learningRate = 5e-4
  form.wizard.values.models.base = 'm-bart0'
  await form.fit()
  expect(form.wizard.values.settings?.tune).toMatchObject({ learningRate: 5e-4, epochs: 7 })
})

test("of a preset's strategies those are chosen that there are models for, until the user has said which", async () => {
  const form = new NewExperiment(fakeClient(), memoryDrafts())
  const { values } = form.wizard
  values.models.base = 'm-bart0'
  await form.setPreset('paper')
  expect(values.unchanged?.strategies).toContain('semantic')
  expect(form.leftOut).toContain('semantic')
  expect(values.strategies).not.toContain('semantic')
  expect(values.strategies).toContain('zero-shot')
  values.models.encoder = 'm-distil'
  form.fitStrategies()
  expect(form.leftOut).not.toContain('semantic')
  expect(values.strategies).toContain('semantic')
  form.toggleStrategy('dense')
  const own = [...values.strategies]
  values.models.encoder = null
  form.fitStrategies()
  expect(values.strategies).toEqual(own)
  expect(form.leftOut).toEqual([])
})

test('an experiment can be taken as the start of another: the same but for its name', async () => {
  const client = fakeClient()
  const { spec } = await client.experiments.get({ id: 'e-paper' })
  const form = new NewExperiment(client, memoryDrafts())
  await form.copy('e-paper', 'strategies')
  expect(form.wizard.step.id).toBe('strategies')
  expect(form.spec).toEqual({ ...spec, name: `${spec.name}, changed` })
})

test('nobody trains on pairs whose gate is closed without saying so', () => {
  const form = new TrainReranker(
    fakeClient(),
    () => 'auto',
    memoryDrafts(),
    (id) => id === 'mining-closed'
  )
  const { wizard } = form
  expect(wizard.missing).not.toBeNull()
  form.toggle('mining-open')
  expect(wizard.missing).toBeNull()
  form.toggle('mining-closed')
  expect(wizard.missing).toBe(texts.reranking.trainWizard.choose)
  expect(form.command).not.toContain('--override')
  wizard.values.override = true
  expect(wizard.missing).toBeNull()
  expect(form.command).toContain('mining-open mining-closed')
  expect(form.command).toContain('--override')
})

test('the command for mining names what differs from the usual', () => {
  const form = new MinePairs(fakeClient(), () => 'auto', memoryDrafts())
  Object.assign(form.wizard.values, { datasetId: 'ds-upstream', modelId: 'm-small', name: 'First try' })
  expect(form.command).toContain("--name 'First try' --data ds-upstream --model m-small")
  expect(form.command).not.toContain('--set ')
  Object.assign(form.wizard.values, { sets: 40, keep: 24 })
  expect(form.command).toContain('--sets 40 --set keep=24')
  form.wizard.values.draws = 1
  form.wizard.goTo('options')
  expect(form.wizard.missing).toContain(texts.reranking.mineWizard.draws)
})

test('a target without query sets is no dead end: they are drawn where the plan misses them', async () => {
  let drawn: unknown = null
  const base = overridden(fakeClient(), 'targets', {
    sampleQueries: (input: unknown) => {
      drawn = input
      return Promise.resolve([])
    }
  })
  const plan = (spec: ExperimentSpec) =>
    drawn === null
      ? Promise.reject(labError('too-few-query-sets', 'none', { targetId: 't-cb', size: 16, rounds: 2 }))
      : fakeClient().experiments.plan(spec)
  const form = new NewExperiment(overridden(base, 'experiments', { plan }), memoryDrafts())
  await form.setPreset('paper')
  Object.assign(form.wizard.values, { datasetId: 'ds-upstream', name: 'Mine' })
  form.wizard.values.models.base = 'm-bart0'
  form.toggleTarget('t-cb')
  await form.plan.load()
  expect(form.lacksQueries).toEqual({ id: 't-cb', size: 16, rounds: 2 })
  await form.sampleQueries()
  expect(drawn).toMatchObject({ id: 't-cb', size: 16, rounds: 2 })
  expect(form.lacksQueries).toBeNull()
  expect(form.plan.value).not.toBeNull()
})

test("the original's tuples are brought in by the same wizard, and the command says so", async () => {
  const asked: unknown[] = []
  const mine = (request: unknown) => {
    asked.push(request)
    return fakeClient().reranking.mine({ name: 'T', datasetId: 'ds-upstream', modelId: 'm-bart0' })
  }
  const form = new MinePairs(overridden(fakeClient(), 'reranking', { mine }), () => 'auto', memoryDrafts())
  const { values } = form.wizard
  Object.assign(values, { origin: 'tuples', datasetId: 'ds-upstream', name: 'Theirs' })
  expect(form.wizard.steps.map(({ id }) => id)).toEqual(['origin', 'data', 'tuples', 'review'])
  form.wizard.goTo('review')
  expect(form.wizard.step.id).toBe('tuples')
  expect(form.wizard.missing).toBe(texts.wizards.missing.file)
  values.tuples = ['/a/better tuple.json', '/a/worse.json']
  form.wizard.goTo('review')
  expect(form.wizard.step.id).toBe('review')
  expect(form.command).toBe(
    "npm run lab -- reranker mine --name Theirs --data ds-upstream --tuples '/a/better tuple.json' /a/worse.json"
  )
  values.labelledBy = 'a T5 of ours'
  expect(form.command).toContain("--labelled-by 'a T5 of ours'")
  await form.start()
  expect(asked[0]).toMatchObject({ tuples: values.tuples, modelId: 'a T5 of ours', rerankerId: null, place: null })
  expect(form.guilty()).toBe('tuples')
})
