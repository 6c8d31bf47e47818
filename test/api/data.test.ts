import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fromCall } from '../../src/main/contract/wire-error.ts'
import type { LabError } from '../../src/main/contract/error.ts'
import { bundledFolder } from '../../src/main/hosts/project.ts'
import { HubServer } from '../data/hub-server.ts'
import { newHome, openLab, until, untilJob } from '../hosts/fixture.ts'

type Row = [string, string[], string]
const words = 'amber birch cedar delta ember fjord grove heath islet jetty knoll ledge marsh north oasis'.split(' ')
const story = (n: number): string =>
  Array.from({ length: 14 }, (_, k) => words[(n * 7 + k * (n + 3)) % 15]! + n).join(' ')
const upstreamRows: Row[] = Array.from({ length: 60 }, (_, n) => [
  `Sum up: ${story(n)}`,
  [`sum ${n}`],
  `stories|train|sum|#${n}`
])
const testRows: Row[] = Array.from({ length: 40 }, (_, n) => [
  `Is this ${n % 2 ? 'good' : 'bad'}? ${story(100 + (n >> 1))}`,
  [n % 2 ? 'yes' : 'no'],
  `taste|test|ask${n % 2}|#${n >> 1}`
])

function writeRows(folder: string, name: string, rows: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify(rows))
  return path
}

async function thrownBy(call: Promise<unknown>): Promise<LabError> {
  return call.then(
    () => {
      throw new Error('The call did not throw.')
    },
    (thrown: unknown) => fromCall(thrown)
  )
}

test('data comes in, is browsed, checked for leaks, and goes with what depends on it', async () => {
  const lab = await openLab()
  const { client } = lab
  const folder = newHome()
  const finished = async (job: { id: string }) => untilJob(lab, job.id, 'finished', 'failed')

  const leaked: Row = [`Please sum up the following. ${story(105)}`, ['x'], 'stories|train|other|#99']
  const upstreamFile = writeRows(folder, 'upstream.json', [...upstreamRows, leaked])
  await finished(await client.data.import({ name: 'Stories', kind: 'upstream', files: [upstreamFile] }))
  const [upstream] = await client.data.list()
  expect(upstream).toMatchObject({ name: 'Stories', kind: 'upstream', examples: 61, tasks: 1, duplicates: 0 })
  const { id } = upstream!

  expect(await client.data.tasks({ id })).toMatchObject([{ task: 'stories', examples: 61, templates: 2 }])
  expect((await client.data.search({ id, text: story(7).split(' ')[0]!, limit: 5 })).total).toBeGreaterThan(0)
  expect((await client.data.search({ id, text: '', task: 'stories', limit: 2, offset: 59 })).examples[0]!.id).toBe(60)
  expect((await client.data.lengths({ id, field: 'input' })).counts.length).toBeGreaterThan(0)
  expect(await client.data.example({ id, exampleId: 3 })).toMatchObject({ outputs: ['sum 2'], sourceItem: 3 })
  expect((await thrownBy(client.data.example({ id, exampleId: 99 }))).code).toBe('no-such-example')
  expect(await client.data.rejected({ id })).toEqual([])

  const query: Row = [testRows[0]![0], testRows[0]![1], 'taste|train|ask0|#7']
  const target = await client.data.import({
    name: 'Taste',
    kind: 'target',
    files: [writeRows(folder, 'test.json', testRows)],
    querySetsFile: writeRows(folder, 'fewshot.json', { 2: { 'round#0': [query, ['new?', ['no'], '']] } })
  })
  expect((await finished(target)).error).toBeNull()
  const [made] = await client.targets.list()
  expect(made).toMatchObject({ name: 'Taste', testExamples: 40, sourceItems: 20, metrics: ['em', 'soft-em'] })
  expect(await client.targets.querySets({ id: made!.id })).toMatchObject([
    { size: 2, round: 0, origin: 'imported', inTest: 1 }
  ])

  // Nobody asked for the check: it is made by itself.
  const found = await until(
    () => client.targets.leaks({ id: made!.id, datasetId: id }),
    ({ checked }) => checked
  )
  expect(found.leaks).toMatchObject([{ exampleId: 61, kind: 'near' }])

  const sampled = await client.targets.sampleQueries({ id: made!.id, size: 4, rounds: 2, seed: 1 })
  expect(sampled.map(({ round, origin, inTest }) => [round, origin, inTest])).toEqual([
    [0, 'sampled', 4],
    [1, 'sampled', 4]
  ])
  await client.targets.sampleQueries({ id: made!.id, size: 4, rounds: 1, seed: 1, fromDatasetId: id })
  const sets = await client.targets.querySets({ id: made!.id })
  expect(sets.map(({ size, origin, inTest }) => [size, origin, inTest])).toEqual([
    [2, 'imported', 1],
    [4, 'sampled', 0]
  ])

  const created = await client.targets.create({
    datasetId: made!.datasetId,
    name: 'Good taste',
    metrics: ['accuracy'],
    answerBy: 'choices'
  })
  expect(created).toMatchObject({ id: made!.id, name: 'Good taste', metrics: ['accuracy'], sourceItems: 20 })
  const refused = { datasetId: id, name: 'x', metrics: ['em' as const], answerBy: 'generation' as const }
  expect((await thrownBy(client.targets.create(refused))).code).toBe('not-target-data')

  const loss = await client.things.loss({ what: 'dataset', id: made!.datasetId })
  expect(loss.lost.map(({ kind }) => kind)).toEqual(['target', 'query-set', 'query-set'])
  await client.things.remove({ what: 'dataset', id: made!.datasetId })
  expect(await client.targets.list()).toEqual([])
  expect(existsSync(lab.home.dataset(made!.datasetId))).toBe(false)
})

test('the same content again is recognised, whatever its name', async () => {
  const lab = await openLab()
  const folder = newHome()
  const files = [writeRows(folder, 'a.json', upstreamRows)]
  const first = await lab.client.data.import({ name: 'A', kind: 'upstream', files })
  await untilJob(lab, first.id, 'finished')
  writeFileSync(join(folder, 'b.jsonl'), upstreamRows.map((row) => JSON.stringify(row)).join('\r\n'))
  const second = await lab.client.data.import({ name: 'B', kind: 'upstream', files: [join(folder, 'b.jsonl')] })
  await untilJob(lab, second.id, 'finished')
  expect((await lab.client.data.list()).map(({ name }) => name)).toEqual(['A'])
  expect(readdirSync(join(lab.home.path, 'datasets'))).toHaveLength(1)
  const log = (await lab.client.jobs.log({ id: second.id })).map(({ text }) => text).join('\n')
  expect(log).toContain('already here as "A"')
})

test('a worker killed in the middle of an import leaves no half dataset; the job can be tried again', async () => {
  const lab = await openLab()
  const folder = newHome()
  const path = join(folder, 'big.jsonl')
  const line = (n: number) => JSON.stringify({ input: `${n} ${story(n)}`, output: 'x', task: `t${n % 9}` })
  writeFileSync(path, Array.from({ length: 60_000 }, (_, n) => line(n)).join('\n'))
  const job = await lab.client.data.import({ name: 'Big', kind: 'upstream', files: [path] })
  const phases = ['reading', 'full text']
  for (const phase of phases) {
    await until(
      () => lab.services.jobs.get(job.id),
      ({ status, progress }) => status === 'running' && progress?.phase === phase
    )
    process.kill(lab.pool.workers().find(({ busy }) => busy)!.pid!, 'SIGKILL')
    await untilJob(lab, job.id, 'crashed')
    expect(await lab.client.data.list()).toEqual([])
    expect(readdirSync(join(lab.home.path, 'datasets'))).toEqual([])
    await lab.client.jobs.retry({ id: job.id })
  }
  await untilJob(lab, job.id, 'finished')
  expect(await lab.client.data.list()).toMatchObject([{ name: 'Big', examples: 60_000 }])
  const [id] = readdirSync(join(lab.home.path, 'datasets'))
  expect(readdirSync(lab.home.dataset(id!))).toEqual(['examples.db'])
})

test('an import that fails leaves nothing, and says what is wrong; missing files are told at once', async () => {
  const lab = await openLab()
  const folder = newHome()
  writeFileSync(join(folder, 'bad.jsonl'), '{"input":"a","output":"b"}\n{"input":"a"}\n')
  const files = [join(folder, 'bad.jsonl')]
  const job = await lab.client.data.import({ name: 'Bad', kind: 'upstream', files })
  const { error } = await untilJob(lab, job.id, 'failed')
  expect(error).toMatchObject({ code: 'too-many-bad-lines', details: { rejected: [{ line: 2, field: 'output' }] } })
  expect(readdirSync(join(lab.home.path, 'datasets'))).toEqual([])
  expect((await thrownBy(lab.client.data.preview({ file: '/nowhere' }))).code).toBe('file-missing')
  expect(await lab.client.data.preview({ file: files[0]! })).toMatchObject({ format: 'jsonl', problems: [{ line: 2 }] })
})

test('a file is uploaded in pieces, under its own name only; another of that name is another file', async () => {
  const lab = await openLab()
  const { client } = lab
  const first = { upload: null, name: '../../evil.json', offset: 0, chunk: new Blob(['[["a",']), last: false }
  const { upload } = await client.data.upload(first)
  const { path, bytes } = await client.data.upload({
    ...first,
    upload,
    offset: 6,
    chunk: new Blob(['["b"],"c"]]']),
    last: true
  })
  expect(path).toBe(join(lab.home.uploads, upload, 'evil.json'))
  expect([bytes, readFileSync(path, 'utf8')]).toEqual([17, '[["a",["b"],"c"]]'])
  expect((await thrownBy(client.data.upload({ ...first, upload, offset: 99 }))).code).toBe('upload-offset')
  expect((await thrownBy(client.data.upload({ ...first, name: '..' }))).code).toBe('upload-name')
  expect((await thrownBy(client.data.upload({ ...first, upload: '../../datasets' }))).code).toBe('outside-home')
  const second = await client.data.upload({ ...first, chunk: new Blob(['[]']), last: true })
  expect([readFileSync(path, 'utf8'), readFileSync(second.path, 'utf8')]).toEqual(['[["a",["b"],"c"]]', '[]'])
})

test('a model is downloaded from a mirror and installed; offline, nothing is asked for', async () => {
  const lab = await openLab()
  const hub = await HubServer.start()
  const encoder = join(bundledFolder(), 'demo', 'encoder')
  for (const name of readdirSync(encoder, { recursive: true, encoding: 'utf8' }))
    if (/\.\w+$/.test(name))
      hub.files.set(`some/encoder/${name}`, {
        content: readFileSync(join(encoder, name)),
        lfs: name.endsWith('.safetensors'),
        ...(name.endsWith('.safetensors') ? { trouble: { kind: 'cut' as const, times: 1 } } : {})
      })
  await lab.client.lab.saveSettings({ mirror: hub.address, offline: true })
  const wanted = { by: 'hub' as const, repo: 'some/encoder', repoType: 'model' as const }
  expect((await thrownBy(lab.client.catalog.download(wanted))).code).toBe('offline-mode')
  expect(hub.requests).toEqual([])

  await lab.client.lab.saveSettings({ offline: false })
  const job = await lab.client.catalog.download(wanted)
  await untilJob(lab, job.id, 'finished')
  const [model] = await until(
    () => lab.client.models.list(),
    (models) => models.length > 0
  )
  expect(model).toMatchObject({ name: 'some/encoder', role: 'encoder', source: 'hub:some/encoder' })
  expect(readdirSync(join(lab.home.path, 'downloads'))).toEqual([])
  expect((await lab.client.things.loss({ what: 'model', id: model!.id })).lost).toEqual([])
  await lab.client.things.remove({ what: 'model', id: model!.id })
  expect(existsSync(lab.home.model(model!.id))).toBe(false)
})

test('a model is installed from a folder; a broken one is refused and leaves nothing', async () => {
  const lab = await openLab()
  const folder = join(bundledFolder(), 'demo', 'encoder')
  const job = await lab.client.models.install({ name: 'Encoder', folder })
  await untilJob(lab, job.id, 'finished')
  expect(await lab.client.models.list()).toMatchObject([{ name: 'Encoder', role: 'encoder', source: folder }])
  const broken = newHome()
  writeFileSync(join(broken, 'config.json'), '{"model_type":"mamba"}')
  const bad = await lab.client.models.install({ name: 'Broken', folder: broken })
  expect((await untilJob(lab, bad.id, 'failed')).error?.code).toBe('unknown-architecture')
  expect(readdirSync(join(lab.home.path, 'models'))).toHaveLength(1)
  expect((await thrownBy(lab.client.models.install({ name: 'x', folder: '/nowhere' }))).code).toBe('model-missing')
})

test('a folder of the hub’s own cache, copied from another computer, is installed by its snapshot in use', async () => {
  const lab = await openLab()
  const cache = join(newHome(), 'models--lab--encoder')
  for (const snapshot of ['old', 'new']) mkdirSync(join(cache, 'snapshots', snapshot), { recursive: true })
  mkdirSync(join(cache, 'blobs'))
  mkdirSync(join(cache, 'refs'))
  writeFileSync(join(cache, 'refs', 'main'), 'new')
  const encoder = join(bundledFolder(), 'demo', 'encoder')
  for (const name of readdirSync(encoder)) {
    cpSync(join(encoder, name), join(cache, 'blobs', name), { recursive: true })
    symlinkSync(join('..', '..', 'blobs', name), join(cache, 'snapshots', 'new', name))
  }
  const job = await lab.client.models.install({ name: 'Encoder', folder: cache })
  expect((await untilJob(lab, job.id, 'finished', 'failed')).error).toBeNull()
  const [model] = await lab.client.models.list()
  const installed = lab.home.model(model!.id)
  expect(readdirSync(installed).sort()).toEqual(readdirSync(encoder).sort())
  expect(lstatSync(join(installed, 'config.json')).isSymbolicLink()).toBe(false)
})

test('the demo is installed whole, and once', async () => {
  const lab = await openLab()
  const demo = await lab.client.data.installDemo()
  expect(demo.targetIds).toHaveLength(4)
  expect(await lab.client.data.installDemo()).toEqual(demo)
  expect(await lab.client.data.list()).toHaveLength(5)
  expect((await lab.client.models.list()).map(({ id }) => id).sort()).toEqual(
    Object.values(demo.models)
      .filter((id) => id !== null)
      .sort()
  )
  const reranker = await lab.client.models.get({ id: demo.models.reranker! })
  expect(reranker.reranker!.base.fingerprint).toBe(
    (await lab.client.models.get({ id: demo.models.encoder! })).fingerprint
  )
  expect((await lab.client.experiments.demo(demo)).strategies).toContain('recross')
  const targets = await lab.client.targets.list()
  expect(targets.every(({ testExamples, sourceItems }) => testExamples > sourceItems)).toBe(true)
  for (const { id } of targets) expect((await lab.client.targets.querySets({ id })).length).toBeGreaterThan(0)
  expect((await lab.client.catalog.list()).find(({ id }) => id === 'demo')).toMatchObject({ installed: true })
})

test('data is not deleted while a job works with it', async () => {
  const lab = await openLab({ jobs: { slots: { accelerator: 0 } } })
  const files = [writeRows(newHome(), 'a.json', upstreamRows)]
  await untilJob(lab, (await lab.client.data.import({ name: 'A', kind: 'upstream', files })).id, 'finished')
  const { id } = (await lab.client.data.list())[0]!
  const dataset = lab.home.dataset(id)
  const encoder = { modelId: 'm', folder: lab.home.model('m'), representation: 'dense' as const }
  const job = lab.services.jobs.add('build-index', { indexId: 'i', datasetId: id, dataset, encoder }, { title: 'Look' })
  const refused = await thrownBy(lab.client.things.remove({ what: 'dataset', id }))
  expect(refused).toMatchObject({ code: 'in-use', message: expect.stringContaining('"Look"') as string })
  lab.services.jobs.cancel(job.id)
  await lab.client.things.remove({ what: 'dataset', id })
  expect(await lab.client.data.list()).toEqual([])
})
