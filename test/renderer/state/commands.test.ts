import { readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { cleanup, fireEvent, screen } from '@testing-library/svelte'
import { afterEach, describe, expect, test } from 'vitest'
import type { ExperimentModels, ExperimentSpec } from '../../../src/main/contract/experiments.ts'
import { modelRoleNames } from '../../../src/main/contract/strategies.ts'
import type { Client } from '../../../src/renderer/src/api/client.ts'
import OpenZip from '../../../src/renderer/src/screens/carry/OpenZip.svelte'
import Pack from '../../../src/renderer/src/screens/carry/Pack.svelte'
import UseExperiment from '../../../src/renderer/src/screens/use/UseExperiment.svelte'
import { ImportAnswers } from '../../../src/renderer/src/state/import-answers.svelte.ts'
import { labCommand } from '../../../src/renderer/src/state/shell.ts'
import { BuildIndex } from '../../../src/renderer/src/state/wizards/build-index.svelte.ts'
import { GetData } from '../../../src/renderer/src/state/wizards/get-data.svelte.ts'
import { GetModel } from '../../../src/renderer/src/state/wizards/get-model.svelte.ts'
import { MinePairs } from '../../../src/renderer/src/state/wizards/mine-pairs.svelte.ts'
import { NewExperiment } from '../../../src/renderer/src/state/wizards/new-experiment.svelte.ts'
import { TrainReranker } from '../../../src/renderer/src/state/wizards/train-reranker.svelte.ts'
import { fakeClient, memoryDrafts, overridden } from '../client.ts'
import { shellWords } from '../../hosts/parse-command.ts'
import { type Asked, listened, type } from '../command-line.ts'
import { renderInApp } from '../in-app.ts'

afterEach(cleanup)

const odd = 'It\'s 50 % of *my* data; $HOME "x" (ä)'
const auto = () => 'auto' as const

/** A form, and by the name of a case what is entered in it. Each is begun in the wizard, and its command typed. */
interface Shown {
  command: string
  start(): Promise<unknown>
}
interface Screen<Form> {
  /** What of the wizard's code writes the command. */
  file: string
  /** The route that begins the work. */
  route: string
  make: (client: Client) => Form
  cases: Record<string, (form: Form) => void | Promise<void>>
}

/** A screen, whatever its form is. */
function tried<Form extends Shown>({ file, route, make, cases }: Screen<Form>) {
  const filled = async (client: Client, entered: string): Promise<Shown> => {
    const form = make(client)
    await cases[entered]!(form)
    return form
  }
  return { file, route, cases: Object.keys(cases), filled }
}

const enter = (values: object) => (form: { wizard: { values: object } }) =>
  void Object.assign(form.wizard.values, values)
const index = { datasetId: 'ds-upstream', representation: 'dense', modelId: 'm-small' }
const mining = { datasetId: 'ds-upstream', modelId: 'm-small', name: odd }
const training = { miningIds: ['mining-open'], baseId: 'm-distil', name: odd }
const file = { source: 'file', file: '/home/ada/my questions.csv', name: odd }
const hub = { source: 'hub', repo: 'ada/questions', configs: ['one', 'two'], split: 'train', name: 'Q' }

const screens = {
  'build an index': tried({
    file: 'state/wizards/build-index.svelte.ts',
    route: 'indices.build',
    make: (client: Client) => new BuildIndex(client, auto, memoryDrafts()),
    cases: {
      'as it comes': enter(index),
      'with everything changed': enter({
        ...index,
        ...{ maxTokens: 128, vectorPrecision: 'fp16', modelPrecision: 'fast', search: 'exact', shards: 4 }
      }),
      'with a graph as usual': enter({ ...index, search: 'hnsw' }),
      'with a graph of its own': enter({ ...index, search: 'hnsw', hnsw: { m: 8, efConstruction: 99, ef: 77 } }),
      semantic: enter({ ...index, representation: 'semantic', modelId: 'm-distil' })
    }
  }),
  'mine pairs': tried({
    file: 'state/wizards/mine-pairs.svelte.ts',
    route: 'reranking.mine',
    make: (client: Client) => new MinePairs(client, auto, memoryDrafts()),
    cases: {
      'as it comes': enter(mining),
      'with everything changed': enter({
        ...mining,
        ...{ source: 'random', usefulness: 'group-loss', sets: 40, keep: 24, labelledRows: 20, draws: 4 },
        ...{ positives: 3, seed: 7, otherTasks: 0.25, negatives: 'least-useful' }
      })
    }
  }),
  'train a reranker': tried({
    file: 'state/wizards/train-reranker.svelte.ts',
    route: 'reranking.train',
    make: (client: Client) => new TrainReranker(client, auto, memoryDrafts(), () => false),
    cases: {
      'as it comes': enter(training),
      'with everything changed': enter({
        ...training,
        ...{ override: true, shuffledLabels: true, epochs: 2, batchSize: 8, learningRate: 2e-5, maxTokens: 64 },
        ...{ pairsPerSet: 6, patience: 9, nearnessPairs: 1000, miningIds: ['mining-open', 'mining-closed'] }
      })
    }
  }),
  'train a retriever': tried({
    file: 'state/wizards/train-reranker.svelte.ts',
    route: 'reranking.trainRetriever',
    make: (client: Client) => new TrainReranker(client, auto, memoryDrafts(), () => false),
    cases: {
      'as it comes': enter({ ...training, what: 'retriever', indexId: 'i-dense' }),
      'with everything changed': enter({
        ...{ ...training, what: 'retriever', indexId: 'i-dense', override: true, shuffledLabels: true },
        ...{ headEpochs: 3, headRate: 0.01, headTemperature: 0.1 }
      })
    }
  }),
  'get a model': tried({
    file: 'state/wizards/get-model.svelte.ts',
    route: 'models.install',
    make: (client: Client) => new GetModel(client, memoryDrafts()),
    cases: {
      'a folder': enter({ source: 'folder', folder: '/home/ada/my models/bart0', name: odd }),
      'with a prefix': enter({ source: 'folder', folder: '/m', name: 'M', prefix: '<s> ' })
    }
  }),
  'download a model': tried({
    file: 'state/wizards/get-model.svelte.ts',
    route: 'catalog.download',
    make: (client: Client) => new GetModel(client, memoryDrafts()),
    cases: {
      'of the catalog': enter({ source: 'catalog', entryId: 't0-3b' }),
      'of the hub': enter({ source: 'hub', repo: 'google/flan-t5-small' })
    }
  }),
  'import data': tried({
    file: 'state/wizards/data-command.ts',
    route: 'data.import',
    make: (client: Client) => new GetData(client, memoryDrafts()),
    cases: {
      'a table': enter({ ...file, format: 'csv', mapping: { input: 'question', output: 'answer' } }),
      'read in another way': enter({
        ...{ ...file, format: 'csv', mapping: { input: '{premise}\nSo {hypothesis}?', output: 'label' } },
        reading: { encoding: 'windows-1252', delimiter: ';', quote: "'", escape: '', header: true },
        ...{ skipLimit: 3, groupsFile: '/g 1.json' }
      }),
      'a target with query sets drawn': enter({
        ...{ ...file, format: 'jsonl', mapping: { input: 'q', output: 'a', choices: 'options', id: 'key' } },
        ...{ kind: 'target', drawn: true, drawnSize: 8, drawnSets: 3, drawnSeed: 1 }
      }),
      'a target with query sets of its own': enter({
        ...{ ...file, format: 'line-array', kind: 'target', querySetsFile: "/home/ada/few shot's.json" }
      }),
      'words for labels': enter({
        ...{ ...file, format: 'tsv', reading: { delimiter: '\t', header: false } },
        mapping: { input: '1', output: '2', labels: { 0: 'no', 1: 'yes, of course'.replace(',', '') }, taskName: 'nli' }
      })
    }
  }),
  'download data': tried({
    file: 'state/wizards/data-command.ts',
    route: 'catalog.download',
    make: (client: Client) => new GetData(client, memoryDrafts()),
    cases: {
      'of the catalog': enter({ source: 'catalog', entryId: 'p3-small' }),
      'of the hub': enter({ ...hub, format: 'parquet', mapping: { input: 'text', output: 'label' } }),
      'of the hub, some bad lines allowed': enter({
        ...{ ...hub, format: 'parquet', mapping: { input: 'text', output: 'label' }, skipLimit: 5, kind: 'target' },
        ...{ drawn: true, configs: ['one'] }
      })
    }
  }),
  'bring in answers of another program': tried({
    file: 'state/import-answers.svelte.ts',
    route: 'experiments.importForeign',
    make: (client: Client) => {
      const form = new ImportAnswers(client)
      return {
        form,
        start: () => form.take(),
        get command() {
          return form.command
        }
      }
    },
    cases: {
      'two files, one with its rows': ({ form }) => {
        Object.assign(form, {
          targetId: 't-cb',
          model: odd,
          name: 'Theirs',
          datasetId: 'ds-upstream',
          testExamples: 40
        })
        form.add('/a b/zero-shot.json')
        form.add('/a b/random_round#1.json')
        form.files = form.files.map((one, at) => (at === 1 ? { ...one, retrieved: '/a b/rows 1.json' } : one))
      }
    }
  }),
  'start an experiment': tried({
    file: 'state/wizards/new-experiment.svelte.ts',
    route: 'experiments.start',
    make: (client: Client) => new NewExperiment(client, memoryDrafts()),
    cases: {
      'as in the paper': (form) => filled(form),
      'with much changed': async (form) => {
        await filled(form)
        const { settings } = form.wizard.values
        Object.assign(settings!, {
          ...{
            rounds: 3,
            queries: 8,
            seed: 5,
            retrievalSeed: 6,
            ablateGroups: ['Topic', "Ada's"],
            keepWeights: 'best'
          },
          ...{ tuneFor: 't-cb', sweep: [{ path: 'retrieval.budget', values: [64, 256] }] }
        })
        Object.assign(settings!.tune, {
          method: 'lora',
          learningRate: 2e-5,
          merge: 'mix',
          maxSteps: 200,
          clipNorm: null
        })
        Object.assign(settings!.retrieval.rerank, { pairing: 'nearest', nearest: 2 })
        Object.assign(settings!.evaluation, { beams: 1, testExamples: 50 })
        form.toggleEarlyStopping()
        form.toggleStrategy('semantic')
        form.togglePlanned({ strategy: 'dense', against: 'random' })
      },
      'quick look': (form) => filled(form, 'quick')
    }
  })
}

async function filled(form: NewExperiment, preset: 'paper' | 'quick' = 'paper'): Promise<void> {
  await form.setPreset(preset)
  Object.assign(form.wizard.values, {
    models: { base: 'm-bart0', encoder: 'm-distil', reranker: null, retriever: null },
    ...{ datasetId: 'ds-upstream', targetIds: ['t-cb'], name: odd }
  })
}

describe.each(Object.keys(screens) as (keyof typeof screens)[])('%s', (name) => {
  const { route, filled: fill, cases } = screens[name]
  test.each(cases)('%s: its command, typed, asks the lab for the same', async (entered) => {
    const wizard = listened(fakeClient())
    const form = await fill(wizard.client, entered)
    const { command } = form
    await form.start()
    const begun = (asked: Asked[]) => asked.filter((one) => one.route === route).map(({ input }) => input)
    expect(begun(wizard.asked), 'the wizard begins').toHaveLength(1)
    const typed = await type(command, studying(fakeClient()), route)
    expect(begun(typed), command).toEqual(begun(wizard.asked))
  })
})

/** Screens whose command is written where it is shown. */
const shown: Record<string, { file: string; render: () => Promise<unknown>; route: string }> = {
  'answer a file': {
    file: 'screens/use/AnswerFile.svelte',
    route: 'models.answer',
    render: () => use('file')
  },
  'take a model out': { file: 'screens/use/TakeOut.svelte', route: 'models.export', render: () => use('export') },
  pack: {
    file: 'screens/carry/Pack.svelte',
    route: 'studies.export',
    render: async () => {
      location.hash = '#/carry/pack?experiment=e-paper'
      await renderInApp(Pack, {}, fakeClient(), true)
    }
  },
  open: {
    file: 'screens/carry/OpenZip.svelte',
    route: 'studies.import',
    render: async () => {
      await renderInApp(OpenZip, {}, fakeClient(), true)
      await fireEvent.input(await screen.findByRole('textbox'), { target: { value: "/a b/ada's.zip" } })
    }
  }
}

async function use(tab: string): Promise<void> {
  location.hash = `#/experiments/use/e-paper?tab=${tab}`
  await renderInApp(UseExperiment, { id: 'e-paper' }, fakeClient(), true)
}

test.each(Object.keys(shown))('%s: the command that the screen shows is one of the lab', async (name) => {
  const { render, route } = shown[name]!
  await render()
  const command = await screen.findByText(/^npm run lab -- /, {}, { timeout: 5000 })
  const asked = await type(command.textContent, fakeClient(), route)
  expect(asked.map((one) => one.route)).toContain(route)
})

test('every file of the screens that writes a command is tried above', () => {
  const root = join(import.meta.dirname, '../../../src/renderer/src')
  const writing = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|svelte)$/.test(path) && path !== join('state', 'shell.ts'))
    .filter((path) => readFileSync(join(root, path), 'utf8').includes('labCommand('))
  const tried = [...Object.values(screens), ...Object.values(shown)].map(({ file }) => file)
  expect(writing.map((path) => relative('.', path)).sort()).toEqual([...new Set(tried)].sort())
})

test('what is no option is refused here too, and words are quoted', async () => {
  const typed = (words: string) => type(`npm run lab -- ${words}`, fakeClient(), 'indices.build')
  await expect(typed('index build --data x --model y --colour red')).rejects.toThrow(/unknown option/)
  await expect(typed('index build --data x')).rejects.toThrow(/--model/)
  await expect(typed('index build --data x --model y --search fast')).rejects.toThrow(/Allowed choices/)
  await expect(typed('knit')).rejects.toThrow(/unknown command/)
  const words = ['study', 'export', odd, '', "'", 'a b']
  expect(shellWords(labCommand(words).slice('npm run lab -- '.length))).toEqual(words)
})

/** A lab that reads an empty study: all of the experiment is in the options. */
function studying(client: Client): Client {
  const read = async ({ instead }: Parameters<Client['studies']['read']>[0]) => {
    const { preset = 'paper', models = {}, data = '', targets = [] } = instead ?? {}
    const id = (thing: string | { name: string } | null | undefined) =>
      typeof thing === 'object' && thing !== null ? thing.name : thing
    const base = id(models.base) ?? ''
    const spec: ExperimentSpec = {
      ...(await client.experiments.preset({ preset, modelId: base })),
      ...{ name: '', datasetId: id(data) ?? '', targetIds: targets.map((target) => id(target) ?? '') },
      models: Object.fromEntries(modelRoleNames.map((role) => [role, id(models[role]) ?? null])) as ExperimentModels
    }
    spec.models.base = base
    return { specs: [spec] }
  }
  return overridden(client, 'studies', { read })
}
