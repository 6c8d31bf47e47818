import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LabError } from '../../src/main/contract/error.ts'
import { checkRunFolder } from '../../src/main/run-files/check.ts'
import { readAnswers, readAnswersNow, readWholeChunks } from '../../src/main/run-files/answers.ts'
import { runFileNamed, stageFiles } from '../../src/main/run-files/files.ts'
import { RunFolder } from '../../src/main/run-files/run-folder.ts'

const folder = mkdtempSync(join(tmpdir(), 'recross-run-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const retrieval = { selector: 'round-robin' }
const example = { exampleId: 3, score: 0.5, query: 0, rank: 1, task: 'a', group: 'b', input: 'i', outputs: ['o'] }
const answer = { exampleId: 1, input: 'q', references: ['a'], output: 'a', scores: { em: 100 }, sourceItem: 1 }

/** Every file that a run leaves, as the lab writes it. */
const whole: Record<string, unknown> = {
  'run.json': {
    ...{ runId: 'run_1', fingerprint: 'f', strategy: 'random', round: 0, seed: 1 },
    ...{ model: { id: 'm', folder: '{home}/models/m', prefix: '' }, dataset: '{home}/datasets/d', indices: [] },
    targets: [{ targetId: 't', dataset: 'd', metrics: ['em'], answerBy: 'generation', queries: [], excludedIds: [] }],
    ...{ retrieval, tune: {}, evaluation: {}, provider: 'cpu', identities: [] }
  },
  'retrieved.json': {
    ...{ format: 1, strategy: 'random', seed: 1, dataset: 'hash', index: null, settings: retrieval },
    ...{ queries: ['q'], retrieved: [example] }
  },
  'tuned.json': {
    ...{ patch: 'tuned/patch.safetensors', base: null, steps: 4 },
    stages: [{ examples: 8, steps: 4, firstLoss: 2, lastLoss: 1 }]
  },
  'tuned.stage.json': { examples: 8, steps: 4, firstLoss: 2, lastLoss: 1 },
  'tuned-2.begun.json': { firstLoss: 2 },
  'provider.json': 'cpu',
  'clock.json': { retrieve: 1, tune: 2, evaluate: 3, total: 6, peakBytes: 1e9 },
  'result.json': {
    ...{ provider: 'cpu', versions: {}, seconds: { retrieve: 1, tune: 2, evaluate: 3, total: 6 }, peakBytes: 1e9 },
    scores: [{ targetId: 't', metric: 'em', value: 50, examples: 2 }]
  }
}
const answersName = 'predictions-t.jsonl'

beforeAll(writeAll)

function writeAll(): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  for (const [name, value] of Object.entries(whole)) writeFileSync(join(folder, name), JSON.stringify(value))
  writeFileSync(join(folder, answersName), `${JSON.stringify(answer)}\n${JSON.stringify(answer)}\n`)
}

test('a whole folder is whole', async () => {
  await checkRunFolder(folder)
  expect((await readAnswers(join(folder, answersName))).length).toBe(2)
  expect(await new RunFolder(folder).readAsked('/a/home')).toMatchObject({ model: { folder: '/a/home/models/m' } })
})

/** Every place of a value at which something stands, as a path of keys. */
function placesIn(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (value === null || typeof value !== 'object') return [path]
  const inner = Array.isArray(value)
    ? value.flatMap((one, at) => placesIn(one, [...path, at]))
    : Object.entries(value).flatMap(([key, one]) => placesIn(one, [...path, key]))
  return [path, ...inner]
}

/** The same with something that fits nowhere in that place. */
function broken(value: unknown, [key, ...rest]: (string | number)[]): unknown {
  if (key === undefined) return { nobody: ['wrote this'] }
  if (Array.isArray(value)) return value.map((one: unknown, at) => (at === key ? broken(one, rest) : one))
  return { ...(value as object), [key]: broken((value as Record<string, unknown>)[key], rest) }
}

/** An object that anything may stand in: what fits nowhere is missing in these tests. */
const open = new Set(['run.json: tune', 'run.json: evaluation', 'result.json: versions'])
/** What has a default may be missing, and what nobody wrote beside it is passed over. */
const defaulted = new Set(['run.json: retrieval', 'retrieved.json: settings'])

describe.each(Object.keys(whole))('%s', (name) => {
  const path = join(folder, name)
  const places = placesIn(whole[name]).filter((place) => {
    const key = `${name}: ${place.join('.')}`
    return !open.has(key) && !defaulted.has(key)
  })

  test.each(places.map((place) => [place.join('.') || 'the whole', place] as const))(
    'with %s broken is refused by name',
    async (field, place) => {
      writeAll()
      writeFileSync(path, JSON.stringify(broken(whole[name], [...place])))
      const message = await refusal()
      expect(message).toContain(path)
      const [first] = field.split('.')
      if (field !== 'the whole') expect(message).toContain(`"${first}`)
      expect(message).toMatch(/Delete/)
    }
  )

  test('cut off anywhere is refused by name', async () => {
    writeAll()
    const text = readFileSync(path, 'utf8')
    for (let length = 0; length < text.length; length += 1 + Math.floor(text.length / 40)) {
      writeFileSync(path, text.slice(0, length))
      const message = await refusal()
      expect(message).toContain(path)
      expect(message).toMatch(/Delete/)
    }
  })
})

test('a damaged answer is named by line and field, and what is gone by its file', async () => {
  writeAll()
  const path = join(folder, answersName)
  for (const place of placesIn(answer).filter((one) => one.length > 0)) {
    writeFileSync(path, `${JSON.stringify(answer)}\n${JSON.stringify(broken(answer, place))}\n`)
    const message = await refusal()
    expect(message).toContain(path)
    expect(message).toContain('line 2')
    expect(message).toContain(`"${place[0]}`)
    expect(() => readAnswersNow(path)).toThrow(LabError)
  }
  rmSync(path)
  await expect(readAnswers(path)).rejects.toMatchObject({ code: 'run-files-missing' })
  rmSync(join(folder, 'run.json'))
  expect(() => new RunFolder(folder).askedNow('/a/home')).toThrow(/run\.json is gone/)
})

test('a file cut off in its last answer is damaged, and an unfinished one goes on behind its last whole chunk', async () => {
  const line = `${JSON.stringify(answer)}\n`
  const path = join(folder, 'predictions-cut.jsonl')
  writeFileSync(path, line + line.slice(0, 20))
  await expect(readAnswers(path)).rejects.toMatchObject({ code: 'run-damaged' })
  const unfinished = join(folder, 'predictions-cut.part')
  writeFileSync(unfinished, line.repeat(5) + line.slice(0, 20))
  expect(await readWholeChunks(unfinished, [2, 2, 2])).toMatchObject({ chunks: 2 })
  expect(readFileSync(unfinished, 'utf8')).toBe(line.repeat(4))
})

test('losses that were no numbers come back as such', async () => {
  const stage = { examples: 8, steps: 0, firstLoss: NaN, lastLoss: NaN }
  const run = new RunFolder(folder)
  await run.write(stageFiles.finished('tuned'), stage)
  expect(await run.read(stageFiles.finished('tuned'))).toEqual(stage)
})

test('other files of a folder are none of a run', () => {
  for (const name of ['patch.safetensors', 'tuned', 'notes.json', 'other.stage.json'])
    expect(runFileNamed(name)).toBeNull()
})

async function refusal(): Promise<string> {
  const thrown: unknown = await checkRunFolder(folder).then(
    () => null,
    (error: unknown) => error
  )
  if (!(thrown instanceof LabError)) throw new Error(`no refusal but ${String(thrown)}`)
  expect(thrown.code).toBe('run-damaged')
  return thrown.message
}
