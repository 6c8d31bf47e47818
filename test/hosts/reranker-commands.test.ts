import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Model } from '../../src/main/contract/models.ts'
import type { Example } from '../../src/main/contract/data.ts'
import type { Mining } from '../../src/main/contract/minings.ts'
import { openDataset } from '../../src/main/data/dataset.ts'
import { forkStarter } from '../../src/main/hosts/fork-starter.ts'
import { Lab } from '../../src/main/hosts/lab.ts'
import { projectFolder, workerEntry } from '../../src/main/hosts/project.ts'
import { makeEncoder } from '../worker/made-mining.ts'
import { makeToySupervision, type ToySupervision } from '../worker/toy-supervision.ts'

let toy: ToySupervision
let home: string

/** A home with the toy's data; models are installed by command. */
beforeAll(async () => {
  toy = await makeToySupervision()
  home = mkdtempSync(join(tmpdir(), 'recross-home-'))
  const dataset = openDataset(toy.dataset)
  await makeEncoder(join(toy.folder, 'encoder'), dataset)
  const first = await Lab.open({ home, host: 'cli', workers: forkStarter(workerEntry()) })
  cpSync(dirname(toy.dataset), first.home.dataset('toy'), { recursive: true })
  first.services.store.datasets.insert({
    ...{ id: 'toy', name: 'Toy', kind: 'upstream', contentHash: dataset.contentHash, examples: dataset.count },
    ...{ tasks: 6, groups: 2, duplicates: 0, rejected: 0, bytes: 1000, source: 'test', licence: 'MIT' },
    createdAt: '2026-11-27T06:00:00.000Z'
  })
  dataset.close()
  await first.close()
})
afterAll(() => {
  toy.remove()
  rmSync(home, { recursive: true, force: true, maxRetries: 5 })
})

/** Runs the command line in a process of its own. */
async function lab(...words: string[]): Promise<string> {
  const script = join(projectFolder(), 'scripts', 'lab.ts')
  const run = promisify(execFile)(process.execPath, [script, '--home', home, ...words])
  return run.then(
    ({ stdout }) => stdout,
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => `exit ${code}: ${stdout}${stderr}`
  )
}
const json = async <T>(...words: string[]): Promise<T> => JSON.parse(await lab('--json', ...words)) as T
const setting = (name: string, values: Record<string, number>): string[] =>
  Object.entries(values).flatMap(([key, value]) => [name, `${key}=${value}`])

const mining = [
  ...['--sets', '12', '--source', 'random'],
  ...setting('--set', { rows: 8, candidates: 48, keep: 24, groupSize: 3, draws: 4, labelledRows: 24, positives: 6 }),
  ...setting('--set', { learningRate: 3e-3, maxInputTokens: 48, maxOutputTokens: 8 })
]
const training = setting('--train-set', { epochs: 2, batchSize: 16, maxTokens: 60, everySteps: 20, pairsPerSet: 24 })

describe('the commands of rerankers and retrievers', { timeout: 1_800_000 }, () => {
  test('mine, report, train, list, a retriever from it, and again with the last reranker', async () => {
    const install = async (folder: string, name: string): Promise<string> =>
      (await json<{ model: Model }>('models', 'install', folder, '--name', name)).model.id
    await install(toy.model, 'Base')
    const encoder = await install(join(toy.folder, 'encoder'), 'Encoder')
    const build = (model: string, kind: string): Promise<string> =>
      lab('index', 'build', '--data', 'toy', '--model', model, '--representation', kind)

    expect(await lab('reranker', 'mine', '--name', 'Pairs', ...mining, '--estimate')).toMatch(
      /^About .* for \d+ trials/
    )
    const mined = await json<Mining>('reranker', 'mine', '--name', 'Pairs', ...mining)
    expect(mined.report.gate.open).toBe(true)
    expect(await lab('reranker', 'report', mined.id)).toMatch(/The gate is open/)
    expect(await lab('reranker', 'mine', '--name', 'Again', ...mining)).toMatch(/was mined already: "Pairs"/)

    // Labels of the original, in its own form.
    const data = openDataset(toy.dataset)
    const rows = [...data.iterate()]
    data.close()
    const rowsOf = (test: (row: Example) => boolean) =>
      rows
        .filter(test)
        .slice(0, 8)
        .map(({ input, outputs, sourceId }) => [input, outputs, sourceId])
    const tuples = [...new Set(rows.map(({ task }) => task))].map((task) => {
      const { group } = rows.find((row) => row.task === task)!
      return {
        query_examples: rowsOf((row) => row.task === task),
        positive_examples: rowsOf((row) => row.group === group && row.task !== task),
        negative_examples: rowsOf((row) => row.group !== group)
      }
    })
    const file = join(toy.folder, 'better_tuple.json')
    writeFileSync(file, JSON.stringify(tuples))
    const theirs = await json<Mining>(
      'reranker',
      'mine',
      '--name',
      'Theirs',
      '--data',
      'toy',
      '--tuples',
      file,
      '--labelled-by',
      'BART0'
    )
    expect(theirs).toMatchObject({ modelId: 'BART0', report: { sets: 6, reliability: null, gate: { open: true } } })
    expect(await lab('reranker', 'report', 'Theirs')).toMatch(/by the labels that they came with/)
    expect(await lab('reranker', 'list')).toMatch(/Theirs/)

    // Without --base: the only encoder there is.
    const reranker = await json<Model>('reranker', 'train', mined.id, '--name', 'First', ...training)
    expect(reranker).toMatchObject({ role: 'pair-classifier', name: 'First' })
    expect(reranker.reranker!.base.name).toBe('Encoder')
    expect(reranker.reranker!.tasks.validation.length).toBeGreaterThan(0)
    expect(await lab('models', 'show', reranker.id)).toMatch(/AUC 0\.\d+|AUC 1\.000/)

    expect(await build(encoder, 'semantic')).not.toMatch(/^exit/)
    const retriever = await json<Model>(
      ...['retriever', 'train', mined.id, '--name', 'Near', '--distil', 'First', '--set', 'epochs=3']
    )
    expect(retriever.retriever).toMatchObject({ distilled: 'First', base: 'Encoder' })
    expect(await lab('retriever', 'list')).toMatch(/First +Near/)
    expect(await build(retriever.id, 'trained')).toMatch(/nothing is embedded anew/)
    expect(await lab('index', 'quality', '--data', 'toy', '--strategy', 'trained', '--k', '5')).toMatch(/stones_0/)

    // Without --base again: of what is there now, the only one that was not trained from pairs.
    const made = await json<Model[]>(
      ...['reranker', 'bootstrap', '--name', 'Round', '--iterations', '2', '--seed', '7'],
      ...[...mining, ...training, '--override']
    )
    expect(made.length).toBeGreaterThan(0)
    expect(made[0]!.reranker!.base.name).toBe('Encoder')
    expect(made.at(-1)!.reranker!.iteration).toBe(made.length - 1)
    const listed = await lab('reranker', 'list')
    for (const name of ['Pairs', 'First', ...made.map(({ name: one }) => one)]) expect(listed).toContain(name)
  })

  test("a base model's encoder alone becomes a sentence encoder", async () => {
    const { model } = await json<{ model: Model }>(
      ...['models', 'install', toy.model, '--name', 'vBART', '--as-encoder']
    )
    expect(model.role).toBe('encoder')
    const built = await lab('index', 'build', '--data', 'toy', '--model', model.id, '--representation', 'semantic')
    expect(built).toMatch(/semantic/)
  })
})
