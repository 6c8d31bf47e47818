import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import type { Client } from '../../src/main/contract/client.ts'
import { experimentSpecSchema } from '../../src/main/contract/experiments.ts'
import { contract } from '../../src/main/contract/routes.ts'
import { fromCall } from '../../src/main/contract/wire-error.ts'
import { presetSpec } from '../../src/main/features/experiments/presets.ts'
import { newId } from '../../src/main/store/new-id.ts'
import { openLab } from '../hosts/fixture.ts'
import { querySets } from '../renderer/fake/records.ts'
import { fakeRouter } from '../renderer/fake/router.ts'

/**
 * The screens are tested on a fake backend. Here it is held to the real one: it answers every route with what the contract says, it
 * refuses what is not there as the real router does, and its lists stand in the same order.
 */
type Calls = Record<string, Record<string, (input?: unknown) => Promise<unknown>>>
const fake = (): Calls => createRouterClient(fakeRouter('usual'), { context: {} }) as unknown as Calls
const routes = Object.entries(contract).flatMap(([feature, of]) => Object.keys(of).map((name) => `${feature}.${name}`))

const spec = {
  ...presetSpec('quick'),
  ...{ name: 'Study', models: { base: 'm-bart0' }, datasetId: 'ds-upstream', targetIds: ['t-cb'] }
}
const subject = { experimentId: 'e-paper' }
const ofTarget = { ...subject, targetId: 't-cb', round: 0 }
const shared = { server: 'postgres://there/lab', fingerprint: 'f' }
const place = { kind: 'slurm', name: 'Cluster', host: 'there', user: 'ada', folder: '/scratch/ada' }
const training = {
  name: 'New',
  miningIds: ['mining-open'],
  baseId: 'm-distil',
  encoderId: 'm-distil',
  indexId: 'i-dense'
}
const mining = {
  name: 'Pairs',
  datasetId: 'ds-upstream',
  modelId: 'm-bart0',
  indexId: 'i-dense',
  encoderId: 'm-distil'
}

type RouteName = {
  [Feature in keyof typeof contract]: `${Feature}.${Extract<keyof (typeof contract)[Feature], string>}`
}[keyof typeof contract]
/** Their answers hang on what was asked before: a stream, and what lies in the bin. */
const apart = ['lab.changes', 'things.restore'] as const satisfies RouteName[]

/** What each route is asked with; nothing: no input. One that is missing does not compile. */
const asked: Record<Exclude<RouteName, (typeof apart)[number]>, unknown> = {
  'lab.home': {},
  'lab.settings': {},
  'lab.saveSettings': { theme: 'dark' },
  'lab.saveToken': { token: null, plain: false },
  'lab.requests': {},
  'lab.doctor': {},
  'lab.diagnostics': {},
  'lab.usage': {},
  'lab.clean': { dryRun: true },
  'lab.verify': {},
  'lab.lookForUpdate': {},
  'lab.installers': { folder: '/here' },
  'lab.recognise': { path: '/here/data.csv' },
  'lab.folders': { path: null },
  'lab.drafts': {},
  'lab.keepDraft': { name: 'get-data', text: '{}' },
  'jobs.list': {},
  'jobs.byExperiment': {},
  'jobs.get': { id: 'j-live' },
  'jobs.expected': { kind: 'import-dataset', bytes: 1000 },
  'jobs.expectedOf': { id: 'j-live' },
  'jobs.log': { id: 'j-live' },
  'jobs.curve': { id: 'j-live' },
  'jobs.pause': { id: 'j-live' },
  'jobs.resume': { id: 'j-live' },
  'jobs.cancel': { id: 'j-live' },
  'jobs.retry': { id: 'j-crash' },
  'jobs.setPriority': { id: 'j-live', priority: 1 },
  'jobs.selfTest': { steps: 1, milliseconds: 1 },
  'jobs.remove': { id: 'j-crash' },
  'jobs.clear': {},
  'data.list': {},
  'data.get': { id: 'ds-upstream' },
  'data.tasks': { id: 'ds-upstream' },
  'data.lengths': { id: 'ds-upstream', field: 'input' },
  'data.search': { id: 'ds-upstream', text: 'river' },
  'data.example': { id: 'ds-upstream', exampleId: 3 },
  'data.rejected': { id: 'ds-upstream' },
  'data.preview': { file: '/here/data.csv' },
  'data.import': { name: 'New', kind: 'upstream', files: ['/here/data.csv'] },
  'data.upload': { upload: null, name: 'data.csv', offset: 0, chunk: new Blob(['a']), last: true },
  'data.installDemo': {},
  'targets.list': {},
  'targets.get': { id: 't-cb' },
  'targets.create': { datasetId: 'ds-upstream', name: 'New', metrics: ['em'], answerBy: 'generation' },
  'targets.update': { id: 't-cb', name: 'Other' },
  'targets.querySets': { id: 't-cb' },
  'targets.sampleQueries': { id: 't-cb', size: 16, rounds: 2, seed: 1 },
  'targets.addQueries': { id: 't-cb', texts: ['When is it?'] },
  'targets.checkLeaks': { id: 't-cb', datasetId: 'ds-upstream' },
  'targets.leaks': { id: 't-cb', datasetId: 'ds-upstream' },
  'models.list': {},
  'models.get': { id: 'm-bart0' },
  'models.look': { folder: '/here/model' },
  'models.install': { name: 'New', folder: '/here/model' },
  'models.ask': { of: { modelId: 'm-bart0' }, text: 'When is it?' },
  'models.answer': { of: { modelId: 'm-bart0' }, file: '/here/questions.csv' },
  'models.answers': { jobId: 'j-live', format: 'csv' },
  'models.exportFolder': { runId: 'e-paper-dense-0', format: 'hf' },
  'models.export': { runId: 'e-paper-dense-0' },
  'models.findRate': { modelId: 'm-bart0', datasetId: 'ds-upstream', tune: spec.tune },
  'models.rateTest': { jobId: 'j-live' },
  'models.keepRate': { id: 'm-bart0', found: null },
  'catalog.list': {},
  'catalog.download': { by: 'entry', id: 'bart0' },
  'catalog.lookAtModel': { repo: 'somebody/model' },
  'catalog.look': { repo: 'somebody/data' },
  'indices.list': {},
  'indices.get': { id: 'i-dense' },
  'indices.estimate': { datasetId: 'ds-upstream', modelId: 'm-bart0', representation: 'dense' },
  'indices.build': { datasetId: 'ds-upstream', modelId: 'm-bart0', representation: 'dense' },
  'indices.shared': { server: shared.server },
  'indices.publish': { indexId: 'i-dense', server: shared.server },
  'indices.fetchShared': shared,
  'indices.removeShared': shared,
  'indices.searchShared': { ...shared, text: 'river' },
  'indices.neighbours': { datasetId: 'ds-upstream', indexId: 'i-dense', strategy: 'dense', text: 'river' },
  'indices.retrieve': {
    ...{ datasetId: 'ds-upstream', indexId: 'i-dense', strategy: 'dense', querySetId: querySets[0]!.id },
    settings: spec.retrieval
  },
  'indices.quality': { datasetId: 'ds-upstream', indexId: 'i-dense', strategy: 'dense' },
  'indices.map': { indexId: 'i-dense', querySetId: null },
  'places.list': {},
  'places.add': place,
  'places.change': { id: 'place-1', settings: place },
  'places.check': { id: 'place-1' },
  'places.contents': { id: 'place-1' },
  'places.clean': { id: 'place-1' },
  'places.remove': { id: 'place-1' },
  'reranking.minings': {},
  'reranking.mining': { id: 'mining-open' },
  'reranking.estimateMining': mining,
  'reranking.mine': mining,
  'reranking.estimateTraining': training,
  'reranking.train': training,
  'reranking.estimateRetriever': training,
  'reranking.trainRetriever': training,
  'experiments.preset': { preset: 'paper' },
  'experiments.differences': {},
  'experiments.demoTime': {},
  'experiments.demo': { datasetId: 'ds-upstream', models: { base: 'm-bart0' }, targetIds: ['t-cb'] },
  'experiments.plan': spec,
  'experiments.start': spec,
  'experiments.list': {},
  'experiments.page': {},
  'experiments.get': { id: 'e-paper' },
  'experiments.runs': { id: 'e-paper' },
  'experiments.run': { id: 'e-paper-dense-0' },
  'experiments.scores': { id: 'e-paper' },
  'experiments.pause': { id: 'e-live' },
  'experiments.resume': { id: 'e-live' },
  'experiments.cancel': { id: 'e-live' },
  'experiments.weights': { id: 'e-paper' },
  'experiments.keepWeights': { id: 'e-paper', keep: 'best' },
  'experiments.repeatRun': { runId: 'e-paper-dense-0' },
  'experiments.importForeign': {
    ...{ name: 'Theirs', model: 'Theirs', targetId: 't-cb' },
    files: [{ path: '/here/answers.csv', strategy: 'zero-shot', round: 0 }]
  },
  'studies.schema': {},
  'studies.write': { of: { experimentId: 'e-paper' } },
  'studies.read': { text: 'study: 1\n', source: 'study.yaml' },
  'studies.sizes': { experimentIds: ['e-paper'] },
  'studies.export': { experimentIds: ['e-paper'], path: join(tmpdir(), 'study.zip') },
  'studies.packed': { jobId: 'j-live' },
  'studies.look': { path: '/here/study.zip' },
  'studies.import': { path: '/here/study.zip' },
  'studies.imported': { jobId: 'j-live' },
  'compare.table': subject,
  'compare.breakdown': { ...subject, targetId: 't-cb' },
  'compare.examples': { ...ofTarget, column: 'dense', against: 'zero-shot' },
  'compare.lineage': { runId: 'e-paper-dense-0', targetId: 't-cb', exampleId: 1 },
  'compare.retrieved': ofTarget,
  'compare.heatMap': { ...subject, column: 'dense' },
  'compare.quality': { ...subject, by: 'group' },
  'compare.settings': { experimentIds: ['e-paper'] },
  'compare.export': { ...subject, format: 'csv' },
  'things.labels': {},
  'things.label': { what: 'experiment', id: 'e-paper', note: 'Seen.' },
  'things.usedBy': { what: 'dataset', id: 'ds-upstream' },
  'things.loss': { what: 'dataset', id: 'ds-upstream' },
  'things.remove': { what: 'experiment', id: 'e-paper' },
  'things.bin': {},
  'things.emptyBin': { binIds: null }
}
async function outcome(calls: Calls, route: string, input: unknown): Promise<string> {
  const [feature = '', name = ''] = route.split('.')
  try {
    await calls[feature]![name]!(input)
    return 'answered'
  } catch (thrown) {
    const { cause } = thrown as { cause?: { issues?: unknown } }
    if (cause?.issues !== undefined) return `does not fit: ${JSON.stringify(cause.issues)}`
    const { code, message } = fromCall(thrown)
    return code === 'bug' || code === 'bad-request' ? `${code}: ${message}` : code
  }
}

test('the fake answers every route with what the contract says', async () => {
  expect([...Object.keys(asked), ...apart].sort()).toEqual(routes.toSorted())
  const said: string[] = []
  for (const [route, input] of Object.entries(asked)) {
    const calls = fake()
    if (route.startsWith('places.')) await calls['places']!['add']!(place)
    const came = await outcome(calls, route, input)
    if (came !== 'answered') said.push(`${route} ${came}`)
  }
  expect(said).toEqual([])
})

/** The same question with every id of a thing set to one that there is not. */
function aboutWhatIsGone(input: unknown): unknown {
  const ids = (of: unknown): unknown => (Array.isArray(of) ? ['gone'] : of === null ? null : 'gone')
  return Object.fromEntries(
    Object.entries(input as object).map(([key, value]: [string, unknown]) => [
      key,
      /^(id|.*Ids?)$/.test(key) && key !== 'exampleId' ? ids(value) : key === 'of' ? aboutWhatIsGone(value) : value
    ])
  )
}

test('what is gone is refused by the fake as by the real router', async () => {
  const lab = await openLab()
  const real = createRouterClient(lab.router, { context: {} }) as unknown as Calls
  // Nothing of it changes anything: one fake takes it all.
  const faked = fake()
  const different: string[] = []
  for (const [route, input] of Object.entries(asked)) {
    const gone = aboutWhatIsGone(input)
    if (JSON.stringify(gone) === JSON.stringify(input)) continue
    const [one, other] = [await outcome(faked, route, gone), await outcome(real, route, gone)]
    if (one !== other) different.push(`${route}: the fake ${one}, the real router ${other}`)
  }
  expect(different).toEqual([])
})

test('lists stand in the same order: experiments in that of their start, a page of them and jobs the newest first', async () => {
  const lab = await openLab()
  const { store, home } = lab.services
  for (const [place, at] of [9, 10, 11].entries()) {
    const createdAt = new Date(Date.UTC(2026, 10, 20, at)).toISOString()
    const id = newId('experiment')
    const asked = experimentSpecSchema.parse({ ...spec, name: `Study ${3 - place}` })
    store.experiments.insert({ id, spec: asked, status: 'finished', createdAt, finishedAt: createdAt })
    store.jobs.add({
      ...{ id: newId('job'), kind: 'self-test', title: 'Work', status: 'finished', priority: 0, dependsOn: [] },
      ...{ experimentId: null, progress: null, error: null, outcome: null, attempts: 0, createdAt, startedAt: null },
      ...{ finishedAt: createdAt, input: {}, output: null, folder: home.scratch(id), resource: 'cpu', place: null },
      ...{ cores: null, mutex: null, recorded: true }
    })
  }
  const laws = async (client: Client): Promise<void> => {
    const times = (list: readonly { createdAt: string }[]): string[] => list.map(({ createdAt }) => createdAt)
    const list = times(await client.experiments.list())
    expect(list.length).toBeGreaterThan(1)
    expect(list).toEqual(list.toSorted())
    expect(times((await client.experiments.page({})).experiments)).toEqual(list.toReversed())
    const named = (await client.experiments.page({ sort: 'name', down: false })).experiments.map((one) => one.spec.name)
    expect(named).toEqual(named.toSorted())
    const jobs = times((await client.jobs.list({})).jobs)
    expect(jobs.length).toBeGreaterThan(1)
    expect(jobs).toEqual(jobs.toSorted().toReversed())
  }
  await laws(createRouterClient(fakeRouter('usual'), { context: {} }))
  await laws(createRouterClient(lab.router, { context: {} }))
})
