import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ForeignRequest } from '../../src/main/contract/foreign.ts'
import { matchAnswers, matchRows } from '../../src/main/data/foreign/match.ts'
import { forkStarter } from '../../src/main/hosts/fork-starter.ts'
import { projectFolder, workerEntry } from '../../src/main/hosts/project.ts'
import { Lab } from '../../src/main/hosts/lab.ts'
import { readAnswersNow } from '../../src/main/run-files/answers.ts'
import { readRetrieved } from '../../src/main/run-files/retrieved.ts'
import { installTinyWorld, tinySpec, untilOver } from '../features/experiments/tiny-lab.ts'
import { makeTinyWorld, type TinyWorld } from '../worker/tiny-world.ts'

let world: TinyWorld
let lab: Lab
let experimentId: string
const folder = mkdtempSync(join(tmpdir(), 'recross-foreign-'))

interface Entry {
  id: string
  input: string
  truth: string[]
  prediction: string
}
/** What the lab itself answered, written as the original writes its predictions. */
let own: { strategy: 'zero-shot' | 'lexical'; entries: Entry[]; rows: [string, readonly string[], string][] }[]

beforeAll(async () => {
  world = await makeTinyWorld()
  lab = await Lab.open({ host: 'cli', workers: forkStarter(workerEntry()), home: join(folder, 'home') })
  await installTinyWorld(lab, world)
  const spec = tinySpec(world, { rounds: 1, strategies: ['lexical'], targetIds: ['naming'] })
  experimentId = (await lab.client.experiments.start(spec)).id
  expect((await untilOver(lab, experimentId)).status).toBe('finished')
  own = await Promise.all(
    (await lab.client.experiments.runs({ id: experimentId })).map(async ({ id, strategy }) => {
      const path = lab.home.run(id)
      const answers = readAnswersNow(join(path, 'predictions-naming.jsonl'))
      const retrieved = (await readRetrieved(path))?.retrieved ?? []
      return {
        strategy: strategy as 'zero-shot' | 'lexical',
        entries: answers.map(({ exampleId, input, references, output }) => ({
          ...{ id: `naming|${exampleId}`, input, truth: references, prediction: output }
        })),
        rows: retrieved.map(({ input, outputs, task }): [string, readonly string[], string] => [input, outputs, task])
      }
    })
  )
})
afterAll(async () => {
  await lab.close()
  world.remove()
  rmSync(folder, { recursive: true, force: true })
})

function write(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

function request(files: ForeignRequest['files'], more: Partial<ForeignRequest> = {}): ForeignRequest {
  const rows = own[0]!.entries.length
  return { name: 'Original', model: 'BART0', targetId: 'naming', datasetId: null, testExamples: rows, files, ...more }
}

function files(change: (entries: Entry[]) => unknown = (entries) => entries): ForeignRequest['files'] {
  return own.map(({ strategy, entries, rows }) => ({
    path: write(`${strategy}.json`, change(entries)),
    strategy,
    round: 0,
    retrieved: strategy === 'lexical' ? write('rows.json', rows) : null
  }))
}

const withRows = { datasetId: 'upstream' }

describe('answers of another program', () => {
  test('are scored as the lab scores its own, stand beside them, and are told from them', async () => {
    const taken = await lab.client.experiments.importForeign(request(files(), withRows))
    expect(taken).toMatchObject({ status: 'finished', runs: 2, finishedRuns: 2, spec: { foreign: { model: 'BART0' } } })
    const values = async (id: string) =>
      (await lab.client.experiments.scores({ id }))
        .map(({ metric, value, examples }) => [metric, value, examples])
        .sort()
    expect(await values(taken.id)).toEqual(await values(experimentId))
    for (const { id, best } of await lab.client.experiments.list()) {
      const table = await lab.client.compare.table({ experimentId: id })
      const cell = table.cells.find(({ column, targetId }) => targetId === null && column === 'lexical')
      expect(best).toEqual({ strategy: 'lexical', metric: table.metric, mean: cell!.summary!.mean })
    }
    const picks = [experimentId, taken.id].map((id) => ({ experimentId: id, runIds: null }))
    const runs = await Promise.all(picks.map(({ experimentId: id }) => lab.client.experiments.runs({ id })))
    const { columns, cells } = await lab.client.compare.table({
      picks: picks.map(({ experimentId: id }, at) => ({ experimentId: id, runIds: runs[at]!.map((run) => run.id) }))
    })
    expect(columns).toHaveLength(4)
    for (const strategy of ['zero-shot', 'lexical']) {
      const both = columns.filter((column) => column.strategy === strategy).map(({ key }) => key)
      const means = cells.filter(({ column, targetId }) => both.includes(column) && targetId !== null)
      expect(new Set(means.map(({ summary }) => summary!.mean)).size).toBe(1)
    }
    const sets = await lab.client.compare.heatMap({ experimentId: taken.id, by: 'task', column: 'lexical' })
    expect(sets).toEqual(await lab.client.compare.heatMap({ experimentId, by: 'task', column: 'lexical' }))
  })

  test('of any order, spacing, packing and field names are found by their questions', async () => {
    const untidy = (entries: Entry[]): string =>
      [...entries]
        .reverse()
        .map(({ input, truth, prediction }) =>
          JSON.stringify({ input: [`<s> ${input.replaceAll(' ', '  ')}\n`], references: truth, output: prediction })
        )
        .join('\r\n')
    const taken = await lab.client.experiments.importForeign(request(files(untidy), withRows))
    const answers = async (id: string) =>
      (await lab.client.experiments.runs({ id })).map((run) =>
        readAnswersNow(join(lab.home.run(run.id), 'predictions-naming.jsonl'))
      )
    // Rows of one text are alike but for their number.
    const told = (all: Awaited<ReturnType<typeof answers>>) =>
      all.map((some) => some.map(({ input, output, scores }) => JSON.stringify([input, output, scores])).sort())
    expect(told(await answers(taken.id))).toEqual(told(await answers(experimentId)))
  })

  test.each<[string, string, (entries: Entry[]) => unknown]>([
    ['a test row has no answer', 'different-test-rows', (entries) => entries.slice(1)],
    [
      'a question is not among the target’s',
      'different-test-rows',
      (entries) => [...entries.slice(1), { ...entries[0]!, input: 'Who let the dogs out?' }]
    ],
    [
      'the right answers are others',
      'different-test-rows',
      (entries) => entries.map((one) => ({ ...one, truth: ['something else'] }))
    ],
    ['an entry has no answer', 'wrong-format', (entries) => entries.map(({ input, truth }) => ({ input, truth }))],
    ['an entry is a number', 'wrong-format', (entries) => [...entries, 7]],
    ['the file is no JSON', 'wrong-format', () => 'zero-shot: 17.5'],
    ['the file is empty', 'wrong-format', () => '  '],
    [
      'the file was not fetched',
      'git-lfs-pointer',
      () => `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`
    ]
  ])('are refused where %s, and nothing is kept', async (_why, code, change) => {
    const before = (await lab.client.experiments.list()).length
    const given = request(files(change), withRows)
    await expect(lab.client.experiments.importForeign(given)).rejects.toMatchObject({ data: { code } })
    expect(await lab.client.experiments.list()).toHaveLength(before)
  })

  test('are refused where two files are the same run, an untuned run has rounds, or rows are from other data', async () => {
    const [first, second] = files()
    const same = [first!, { ...second!, strategy: first!.strategy, retrieved: null }]
    await expect(lab.client.experiments.importForeign(request(same))).rejects.toMatchObject({
      data: { code: 'bad-request' }
    })
    const round = [{ ...first!, strategy: 'zero-shot' as const, round: 1, retrieved: null }]
    await expect(lab.client.experiments.importForeign(request(round))).rejects.toMatchObject({
      data: { code: 'bad-request' }
    })
    await expect(lab.client.experiments.importForeign(request(files()))).rejects.toMatchObject({
      data: { code: 'bad-request' }
    })
    const strange = files().map((file) => ({
      ...file,
      retrieved: file.retrieved === null ? null : write('strange.json', [['Never seen', ['no'], 'x']])
    }))
    await expect(lab.client.experiments.importForeign(request(strange, withRows))).rejects.toMatchObject({
      data: { code: 'different-data' }
    })
  })

  test('cannot be computed again or used here, and say so; deleting and undoing works', async () => {
    const taken = await lab.client.experiments.importForeign(request(files(), withRows))
    const [run] = await lab.client.experiments.runs({ id: taken.id })
    const refused = { data: { code: 'computed-elsewhere' } }
    await expect(lab.client.experiments.plan(taken.spec)).rejects.toMatchObject(refused)
    await expect(lab.client.experiments.start(taken.spec)).rejects.toMatchObject(refused)
    await expect(lab.client.experiments.repeatRun({ runId: run!.id })).rejects.toMatchObject(refused)
    await expect(lab.client.models.answer({ of: { runId: run!.id }, file: '/x.csv' })).rejects.toMatchObject(refused)
    const rule = { kind: 'contains', wholeWords: true } as const
    expect((await lab.client.compare.table({ experimentId: taken.id, rule })).columns).toHaveLength(2)
    const { text } = await lab.client.compare.export({ experimentId: taken.id, format: 'html' })
    expect(text).toContain('BART0')
  })

  test('come in by the command line too', async () => {
    const given = files()
    const words = given.map(({ strategy, path }) => `${strategy}:1=${path}`)
    const { home } = lab
    await lab.close()
    const script = join(projectFolder(), 'scripts', 'lab.ts')
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...[script, '--home', home.path, '--json', 'experiment', 'import-answers', ...words],
      ...['--target', 'naming', '--model', 'BART0', '--test-examples', String(own[0]!.entries.length)],
      ...['--retrieved', `lexical=${given.find(({ retrieved }) => retrieved !== null)!.retrieved!}`]
    ])
    const printed = JSON.parse(stdout) as { experiment: { runs: number }; comparison: { columns: unknown[] } }
    expect(printed.experiment.runs).toBe(2)
    expect(printed.comparison.columns).toHaveLength(2)
    expect(readFileSync(given[0]!.path, 'utf8')).not.toBe('')
  })
})

describe('matching by text', () => {
  const text = fc.stringMatching(/^[ab]{1,3}( [ab]{1,2})?$/)

  test('gives every row its own answer, however many rows have the same text', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 12 }), fc.nat(), (inputs, seed) => {
        const rows = inputs.map((input, at) => ({ id: at + 1, input, outputs: [input, `${at % 2}`] }))
        const answers = rows.map(({ input, outputs, id }) => ({
          ...{ entry: id, input: ` ${input}\t`, output: `answer to ${input} ${outputs[1]}`, references: [outputs[1]!] }
        }))
        const turned = answers.map((_, at) => answers[(at + seed) % answers.length]!)
        const found = matchAnswers(rows, rows, turned, { file: 'f', target: 't' })
        expect(found.map(({ row }) => row.id)).toEqual(rows.map(({ id }) => id))
        for (const { row, output } of found) expect(output).toBe(`answer to ${row.input} ${row.outputs[1]}`)
      }),
      { numRuns: 300 }
    )
  })

  test('finds retrieved rows in their order, twice where they were taken twice', () => {
    const data = ['a', 'b', 'b', 'c'].map((input, at) => ({ id: at, input, outputs: ['x'] }))
    const wanted = ['c', 'b', 'b', 'b', 'a'].map((input) => ({ input, outputs: ['x'] }))
    expect(matchRows(wanted, data, { file: 'f', dataset: 'd' }).map(({ id }) => id)).toEqual([3, 1, 2, 2, 0])
  })
})
