import { plainImport } from '../../src/main/contract/kinds/data.ts'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterEach, expect, test } from 'vitest'
import { labelsFor, licenceOf, readCard, readingFor } from '../../src/main/data/download/hub-card.ts'
import { hubCacheFolder } from '../../src/main/data/download/hub-cache.ts'
import { asPattern, chosenParts, hubParts } from '../../src/main/data/download/hub-parts.ts'
import { p3Place } from '../../src/main/data/import/p3-tasks.ts'
import { fromCall } from '../../src/main/contract/wire-error.ts'
import { HubServer } from '../data/hub-server.ts'
import { newHome, openLab, until, untilJob } from '../hosts/fixture.ts'

const variables = ['HF_ENDPOINT', 'HF_HUB_OFFLINE', 'HF_HOME'] as const
const before = Object.fromEntries(variables.map((name) => [name, process.env[name]]))
afterEach(() => {
  for (const name of variables)
    if (before[name] === undefined) delete process.env[name]
    else process.env[name] = before[name]
})

const plain = plainImport('upstream', 0)

type Lab = Awaited<ReturnType<typeof openLab>>

/** Follows a download to the end of the import that it starts. */
async function arrived(lab: Lab, job: { id: string }) {
  const download = await untilJob(lab, job.id, 'finished', 'failed')
  if (download.status === 'failed') return download
  return untilJob(lab, download.outcome!.id, 'finished', 'failed')
}

function p3Rows(count: number, about: string): Buffer {
  const numbers = Array.from({ length: count }, (_, n) => n)
  return Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: 'inputs_pretokenized', data: numbers.map((n) => `${about} question number ${n}?`), type: 'STRING' },
        { name: 'targets_pretokenized', data: numbers.map((n) => (n % 2 ? 'yes' : 'no')), type: 'STRING' }
      ]
    })
  )
}

test('P3 as the hub has it: tasks, prompts and groups from its configurations, only train, split by split', async () => {
  const lab = await openLab()
  const hub = await HubServer.start()
  await lab.client.lab.saveSettings({ mirror: hub.address })
  const configs = ['imdb_Negation_template', 'imdb_Writer_Expressed', 'super_glue_cb_GPT_3_style']
  const rows = { train: 20, validation: 6, test: 5 }
  for (const config of configs)
    for (const [split, count] of Object.entries(rows))
      hub.files.set(`bigscience/P3@refs/convert/parquet/${config}/${split}/0000.parquet`, {
        content: p3Rows(count, `${config} ${split}`),
        lfs: true
      })
  hub.files.set('bigscience/P3@main/P3.py', { content: Buffer.from('a program') })
  hub.files.set('bigscience/P3@main/README.md', { content: Buffer.from('---\nlicense: apache-2.0\n---\n# P3') })

  const look = await lab.client.catalog.look({ repo: 'bigscience/P3' })
  expect(look).toMatchObject({ revision: 'refs/convert/parquet', split: 'train', licence: 'apache-2.0' })
  expect(look.parts).toHaveLength(9)
  expect(look.preview).toMatchObject({
    layout: 'P3',
    rows: [{ task: 'imdb', template: 'Negation_template', group: 'sentiment' }, {}, {}, {}, {}, {}, {}, {}, {}, {}]
  })

  // A dataset that is a program is taken from the converted branch by itself.
  const job = await lab.client.catalog.download({ by: 'hub', repo: 'bigscience/P3', repoType: 'dataset' })
  expect((await arrived(lab, job)).status).toBe('finished')
  const [dataset] = await lab.client.data.list()
  expect(dataset).toMatchObject({ kind: 'upstream', examples: 60, tasks: 2, groups: 2, licence: 'apache-2.0' })
  const tasks = await lab.client.data.tasks({ id: dataset!.id })
  expect(tasks).toMatchObject([
    { task: 'imdb', group: 'sentiment', examples: 40, templates: 2 },
    { task: 'super_glue_cb', group: 'natural language inference', examples: 20, templates: 1 }
  ])

  // As a target: the test split of the one configuration that is wanted.
  const wanted = {
    by: 'hub' as const,
    repo: 'bigscience/P3',
    repoType: 'dataset' as const,
    configs: ['super_glue_cb_GPT_3_style']
  }
  const importAs = { ...plain, kind: 'target' as const, name: 'CB' }
  await arrived(lab, await lab.client.catalog.download({ ...wanted, importAs }))
  expect(await lab.client.targets.list()).toMatchObject([{ name: 'CB', testExamples: 5 }])
  const missing = await arrived(lab, await lab.client.catalog.download({ ...wanted, configs: ['nope'] }))
  expect(missing).toMatchObject({ status: 'failed', error: { code: 'hub-nothing-to-fetch' } })
})

test('columns that are not guessed are named before the download; the cache of huggingface_hub saves fetching', async () => {
  const lab = await openLab()
  const hub = await HubServer.start()
  process.env['HF_ENDPOINT'] = hub.address
  const folder = newHome()
  process.env['HF_HOME'] = folder
  const text = Array.from({ length: 12 }, (_, n) =>
    JSON.stringify({ left: `left ${n} and more`, right: `right ${n} and more`, gold: n % 2 })
  ).join('\n')
  hub.files.set('acme/pairs/data/train.jsonl', { content: Buffer.from(text) })
  hub.files.set('acme/pairs/data/dev.jsonl', { content: Buffer.from(text.slice(0, 300).split('\n')[0]!) })

  const look = await lab.client.catalog.look({ repo: 'acme/pairs' })
  expect(look.parts.map(({ config, split }) => [config, split])).toEqual([
    ['default', 'train'],
    ['default', 'validation']
  ])
  expect(look.preview).toMatchObject({
    mapping: null,
    columns: ['left', 'right', 'gold'],
    findings: [{ code: 'mapping-needed' }]
  })
  const mapping = { input: '{left}\n{right}', output: 'gold', labels: { '0': 'no', '1': 'yes' } }
  const mapped = await lab.client.catalog.look({ repo: 'acme/pairs', mapping })
  expect(mapped.preview!.rows[1]).toMatchObject({ input: 'left 1 and more\nright 1 and more', outputs: ['yes'] })

  // The user's own cache, as huggingface_hub keeps it: a link to a blob.
  const cached = join(folder, 'hub', 'datasets--acme--pairs')
  mkdirSync(join(cached, 'blobs'), { recursive: true })
  mkdirSync(join(cached, 'snapshots', 'abc', 'data'), { recursive: true })
  writeFileSync(join(cached, 'blobs', 'x'), text)
  symlinkSync(join('..', '..', '..', 'blobs', 'x'), join(cached, 'snapshots', 'abc', 'data', 'train.jsonl'))
  hub.requests.length = 0
  const importAs = { ...plain, mapping }
  const job = await lab.client.catalog.download({ by: 'hub', repo: 'acme/pairs', repoType: 'dataset', importAs })
  expect((await arrived(lab, job)).status).toBe('finished')
  expect(hub.requests.some(({ path }) => path.includes('train.jsonl'))).toBe(false)
  await until(
    () => lab.client.data.list(),
    (all) => all.length === 1
  )
  expect((await lab.client.data.tasks({ id: (await lab.client.data.list())[0]!.id }))[0]).toMatchObject({
    task: 'pairs',
    examples: 12
  })

  process.env['HF_HUB_OFFLINE'] = '1'
  const refused = await lab.client.catalog.look({ repo: 'acme/pairs' }).catch((thrown: unknown) => fromCall(thrown))
  expect(refused).toMatchObject({ code: 'offline-mode' })
})

test.each<[string[], string[]]>([
  [
    ['data/train-00000-of-00002.parquet', 'data/train-00001-of-00002.parquet', 'data/test-00000-of-00001.parquet'],
    ['default/train 2', 'default/test 1']
  ],
  [
    ['fr/train.jsonl', 'fr/dev.jsonl', 'de/train.jsonl'],
    ['fr/train 1', 'fr/validation 1', 'de/train 1']
  ],
  [
    ['train/a.jsonl', 'test/a.jsonl'],
    ['default/train 1', 'default/test 1']
  ],
  [
    ['imdb_x/train/0000.parquet', 'imdb_x/train_r1/0000.parquet', 'anli/partial-dev_r3/0000.parquet'],
    ['imdb_x/train 1', 'imdb_x/train_r1 1', 'anli/dev_r3 1']
  ],
  [
    ['mrpc_train.tsv', 'mrpc-test.tsv', 'all.csv'],
    ['default/train 1', 'default/test 1', 'default/ 1']
  ],
  [['contest.csv'], ['default/ 1']]
])('parts of %j', (paths, expected) => {
  const parts = hubParts(paths.map((path) => ({ path, bytes: 1 })))
  expect(parts.map(({ config, split, files }) => `${config}/${split} ${files.length}`)).toEqual(expected)
})

test('the first of the wanted splits that a configuration has is taken; without splits all of it', () => {
  const parts = hubParts(
    ['a/train.csv', 'a/validation.csv', 'b/x.csv', 'c/train.csv'].map((path) => ({ path, bytes: 1 }))
  )
  const names = (splits: string[]) => chosenParts(parts, [], splits).map(({ config, split }) => `${config}/${split}`)
  expect(names(['test', 'validation'])).toEqual(['a/validation', 'b/'])
  expect(names(['train'])).toEqual(['a/train', 'b/', 'c/train'])
  expect(names([])).toHaveLength(4)
})

test('cards, caches and configurations of P3', () => {
  expect(licenceOf('---\nlicense: mit\n---\n')).toBe('mit')
  expect(licenceOf('---\nlicense:\n- cc-by-4.0\n- mit\nother: x\n---\n')).toBe('cc-by-4.0, mit')
  expect(licenceOf('no head, license: mit')).toBeNull()
  expect(hubCacheFolder({ HF_HOME: '/h' })).toBe('/h/hub')
  expect(hubCacheFolder({ HF_HUB_CACHE: '/c', HF_HOME: '/h' })).toBe('/c')
  expect(p3Place('super_glue_wsc.fixed_by_p_they_mean')).toMatchObject({
    task: 'super_glue_wsc.fixed',
    template: 'by_p_they_mean'
  })
  expect(p3Place('squad')).toBeNull()
})

const card = `---
pretty_name: "Harbour: reviews"
license:
- cc-by-4.0
language: [en, fr]
configs:
- config_name: fr
  data_files:
  - split: train
    path: "french/learn-*.csv"
  sep: ";"
- config_name: en
  default: true
  data_files:
  - split: train
    path: ["english/learn-*.csv"]
  - split: dev
    path: english/held/out.csv
dataset_info:
- config_name: en
  features:
  - name: text
    dtype: string
  - name: label
    dtype:
      class_label:
        names:
          '0': bad
          '1': good
- config_name: fr
  features:
  - name: label
    dtype:
      class_label:
        names: [mauvais, bon]
---
![badge](x.png)
# Reviews

Of <b>harbours</b>, see [here](http://x).
`

test('a card: configurations with patterns, how tables are read, words for label numbers, its prose', async () => {
  const read = readCard(card)
  expect(read).toMatchObject({ title: 'Harbour: reviews', licence: 'cc-by-4.0', languages: ['en', 'fr'] })
  expect(read.text).toBe('# Reviews\n\nOf harbours, see here.')
  expect(labelsFor(read, ['en'])).toEqual({ label: { 0: 'bad', 1: 'good' } })
  // Two configurations that disagree keep their numbers.
  expect(labelsFor(read, [])).toEqual({})
  expect(readingFor(read, ['fr'])).toEqual({ delimiter: ';' })
  // A head that is no YAML still names its licence.
  expect(readCard('---\nlicense: mit\nconfigs: [}\n---\n').licence).toBe('mit')

  const lab = await openLab()
  const hub = await HubServer.start()
  await lab.client.lab.saveSettings({ mirror: hub.address })
  const rows = (from: number, of: string, by: string) =>
    ['text', 'label'].join(by) +
    '\n' +
    Array.from({ length: 12 }, (_, n) => `"${of} review, number ${from + n}"${by}${n % 2}`).join('\n')
  const file = (path: string, content: string) =>
    hub.files.set(`acme/reviews/${path}`, { content: Buffer.from(content) })
  file('README.md', card)
  file('english/learn-1.csv', rows(0, 'an English', ','))
  file('english/learn-2.csv', rows(20, 'an English', ','))
  file('english/held/out.csv', rows(50, 'a held', ','))
  file('french/learn-1.csv', rows(0, 'a French', ';'))
  file('dataset_infos.json', '{"default": {"features": {}}}')

  const look = await lab.client.catalog.look({ repo: 'acme/reviews' })
  expect(look).toMatchObject({
    config: 'en',
    split: 'train',
    card: { title: 'Harbour: reviews', languages: ['en', 'fr'] }
  })
  expect(look.parts.map(({ config, split, files }) => `${config}/${split} ${files}`)).toEqual([
    'en/train 2',
    'en/dev 1',
    'fr/train 1'
  ])
  expect(look.preview).toMatchObject({ mapping: { labels: { 0: 'bad', 1: 'good' } } })
  expect(look.preview!.rows[1]).toMatchObject({ outputs: ['good'] })
  const french = await lab.client.catalog.look({ repo: 'acme/reviews', config: 'fr' })
  expect(french.preview!.rows[0]).toMatchObject({ input: 'a French review, number 0', outputs: ['mauvais'] })
  expect(await lab.client.catalog.look({ repo: 'acme/reviews', kind: 'target' })).toMatchObject({ split: 'dev' })

  const wanted = { by: 'hub' as const, repo: 'acme/reviews', repoType: 'dataset' as const }
  await arrived(lab, await lab.client.catalog.download({ ...wanted, configs: ['en'], split: 'train' }))
  const [english] = await lab.client.data.list()
  expect(english).toMatchObject({ examples: 24, licence: 'cc-by-4.0' })
  expect(await lab.client.data.example({ id: english!.id, exampleId: 2 })).toMatchObject({ outputs: ['good'] })
  const asTarget = {
    kind: 'target' as const,
    name: 'Reviews',
    format: null,
    reading: {},
    mapping: { input: 'text', output: 'label', labels: {} },
    sampleQueries: { size: 4, rounds: 1, seed: 1 },
    skipLimit: 0
  }
  await arrived(
    lab,
    await lab.client.catalog.download({ ...wanted, configs: ['en'], split: 'dev', importAs: asTarget })
  )
  // Numbers stay where the user wants them; what is drawn as queries is no test question.
  const [target] = await lab.client.targets.list()
  expect(target).toMatchObject({ name: 'Reviews', testExamples: 8 })
  expect(await lab.client.data.example({ id: target!.datasetId, exampleId: 1 })).toMatchObject({ outputs: ['0'] })
})

test('what a program makes of the files beside it is taken from the converted branch', async () => {
  const lab = await openLab()
  const hub = await HubServer.start()
  await lab.client.lab.saveSettings({ mirror: hub.address })
  hub.files.set('acme/odd@main/odd.py', { content: Buffer.from('a program') })
  hub.files.set('acme/odd@main/raw.csv', { content: Buffer.from('a;b\n1;2') })
  hub.files.set('acme/odd@refs/convert/parquet/default/train/0000.parquet', { content: p3Rows(3, 'odd') })
  const look = await lab.client.catalog.look({ repo: 'acme/odd' })
  expect(look).toMatchObject({
    revision: 'refs/convert/parquet',
    card: null,
    parts: [{ config: 'default', split: 'train' }]
  })
})

test.each<[string, string[], string[]]>([
  [
    'data/train-*',
    ['data/train-0.parquet', 'data/train-00000-of-00002.parquet'],
    ['data/test-0.parquet', 'data/train-x/y.csv']
  ],
  ['**/dev.jsonl', ['dev.jsonl', 'a/b/dev.jsonl'], ['a/xdev.jsonl']],
  ['data', ['data/a.csv', 'data/b/c.csv'], ['database.csv']],
  ['a?c[12].csv', ['abc1.csv', 'axc2.csv'], ['abc3.csv', 'a/c1.csv']],
  ['a+b(1).csv', ['a+b(1).csv'], ['aab1.csv']]
])('the pattern %s of a card', (pattern, fits, others) => {
  expect([...fits, ...others].filter((path) => asPattern(pattern).test(path))).toEqual(fits)
})
