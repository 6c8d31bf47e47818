/** Whatever file of a user turns out to be a Git LFS pointer is called one, at every door that the lab has for files. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Job } from '../../src/main/contract/jobs.ts'
import { openDataset } from '../../src/main/data/dataset.ts'
import { mappingOf } from '../../src/main/hosts/cli/reading-options.ts'
import { readText } from '../../src/main/hosts/cli/files.ts'
import { forkStarter } from '../../src/main/hosts/fork-starter.ts'
import { workerEntry } from '../../src/main/hosts/project.ts'
import { Lab } from '../../src/main/hosts/lab.ts'
import { inspectModel } from '../../src/main/worker/install-model.ts'
import { tar, zip } from '../data/import/archives.ts'
import {
  installEncoder,
  installReranker,
  installRetriever,
  installTinyWorld
} from '../features/experiments/tiny-lab.ts'
import { untilJob } from '../hosts/fixture.ts'
import { makeTinyWorld, type TinyWorld } from '../worker/tiny-world.ts'

const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4d'.repeat(32)}\nsize 12345678\n`

let world: TinyWorld
let lab: Lab
const folder = mkdtempSync(join(tmpdir(), 'recross-lfs-'))
beforeAll(async () => {
  world = await makeTinyWorld()
  lab = await Lab.open({ host: 'cli', workers: forkStarter(workerEntry()), home: join(folder, 'home') })
  await installTinyWorld(lab, world)
  await installReranker(lab, world)
  await installEncoder(lab, world)
  await installRetriever(lab)
})
afterAll(async () => {
  await lab.close()
  world.remove()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

function file(name: string, content: string | Buffer = pointer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const rows = (): string => file('rows.jsonl', '{"input": "Is it red?", "output": "yes", "task": "t"}\n'.repeat(4))
const importing = (changes: object) =>
  lab.client.data.import({ name: 'Theirs', kind: 'upstream', files: [rows()], ...changes })
const archived = { 'repository/data/test-1000.json': pointer }
const answers = { name: 'Theirs', model: 'BART0', targetId: 'naming', datasetId: 'upstream', testExamples: 24 }

function folderOf(name: string): string {
  const path = join(folder, name)
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, 'test-1000.json'), pointer)
  return path
}

/** Predictions as the original writes them, of every row of the target. */
function rightAnswers(): string {
  const data = openDataset(world.targets[0]!.path)
  const entries = Array.from({ length: data.count }, (_, at) => {
    const { input, outputs } = data.get(at + 1)
    return { id: `naming|${at}`, input, truth: outputs, prediction: outputs[0] }
  })
  data.close()
  return file('answers.json', JSON.stringify(entries))
}

/** What goes through the API; a job tells its end. */
const doors: Record<string, () => Promise<unknown>> = {
  'a look at data': () => lab.client.data.preview({ file: file('test-1000.json') }),
  'a look at a table': () => lab.client.data.preview({ file: file('train.csv'), format: 'csv' }),
  'a look at Parquet': () => lab.client.data.preview({ file: file('train.parquet') }),
  'a look at an Excel sheet': () => lab.client.data.preview({ file: file('train.xlsx') }),
  'a look at a zip of a repository': () => lab.client.data.preview({ file: file('main.zip', zip(archived)) }),
  'an import': () => importing({ files: [file('upstream.jsonl')] }),
  'an import of several files': () => importing({ files: [rows(), file('dev.jsonl')] }),
  'an import of a folder': () => importing({ files: [folderOf('repository')] }),
  'an import of a zip of a repository': () => importing({ files: [file('main.zip', zip(archived))] }),
  'an import of a tar of a repository': () => importing({ files: [file('main.tar', tar(archived))] }),
  'an import of task groups': () => importing({ groupsFile: file('groups.json') }),
  'an import of a target': () => importing({ kind: 'target', files: [file('test.json')] }),
  "an import of a target's query sets": () => importing({ kind: 'target', querySetsFile: file('fewshot.json') }),
  'questions for a target': () => lab.client.targets.addQueries({ id: 'naming', texts: [], file: file('ask.txt') }),
  'questions to answer': () => lab.client.models.answer({ of: { modelId: 'tiny' }, file: file('q.csv') }),
  'a study file, dropped on the window': () => lab.client.studies.read({ text: pointer, source: 'study.yaml' }),
  'a study file': async () => readText(file('study.yaml')),
  "a look at a study's zip": () => lab.client.studies.look({ path: file('study.zip') }),
  "an import of a study's zip": () => lab.client.studies.import({ path: file('study.zip') }),
  'answers of another program': () =>
    lab.client.experiments.importForeign({
      ...answers,
      files: [{ path: file('predictions.json'), strategy: 'zero-shot', round: 0, retrieved: null }]
    }),
  'rows that another program retrieved': () =>
    lab.client.experiments.importForeign({
      ...{ ...answers, testExamples: null },
      files: [{ path: rightAnswers(), strategy: 'lexical', round: 0, retrieved: file('retrieved.json') }]
    }),
  'templates of prompts': async () => mappingOf({ templates: file('templates.yaml'), promptSeed: 0 })
}

describe('a Git LFS pointer in the place of a file', () => {
  test.each(Object.keys(doors))('is named in %s', async (door) => {
    expect(await said(doors[door]!)).toMatch(/Git LFS pointer.*12,345,678 bytes.*git lfs pull/)
  })
})

/** Every file that the lab reads of a model's folder, whichever they are. */
describe('a model folder', () => {
  test.each(['tiny', 'encoder', 'judge', 'near'])('%s', async (model) => {
    const from = lab.home.model(model)
    // What the lab's own trainings leave beside a model is read too.
    const names = [...new Set([...filesOf(from), 'reranker.json', 'retriever.json'])]
    expect(names).toEqual(expect.arrayContaining(['config.json', 'model.safetensors', 'tokenizer.json']))
    for (const name of names) {
      const path = join(folder, `${model}-copy`)
      rmSync(path, { recursive: true, force: true })
      cpSync(from, path, { recursive: true })
      writeFileSync(join(path, name), pointer)
      expect(await said(() => inspectModel(path, new AbortController().signal)), name).toContain('git lfs pull')
    }
  })

  test('whose weights are in shards', async () => {
    const path = join(folder, 'sharded')
    cpSync(lab.home.model('tiny'), path, { recursive: true })
    rmSync(join(path, 'model.safetensors'))
    writeFileSync(join(path, 'model.safetensors.index.json'), pointer)
    expect(await said(() => inspectModel(path, new AbortController().signal))).toContain('git lfs pull')
  })
})

function filesOf(path: string, inside = ''): string[] {
  return readdirSync(join(path, inside), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesOf(path, join(inside, entry.name)) : [join(inside, entry.name)]
  )
}

/** What a door says in the end, in one piece. */
async function said(door: () => Promise<unknown>): Promise<string> {
  const given = await door().catch((thrown: Error) => thrown.message)
  if (typeof given === 'string') return given
  const job = given as Job
  if (job?.id === undefined || job.status === undefined)
    return `It took the file: ${JSON.stringify(given)?.slice(0, 300)}`
  const over = await untilJob(lab, job.id, 'failed', 'finished', 'cancelled')
  return over.error?.message ?? `The job is ${over.status}`
}
