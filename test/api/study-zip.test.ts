import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openArchive, entryContent, nextEntry } from '../../src/main/data/import/zip-file.ts'
import { ZipWriter } from '../../src/main/files/zip-writer.ts'
import type { ImportedStudy, PackedStudy } from '../../src/main/contract/study-zip.ts'
import type { Lab } from '../../src/main/hosts/lab.ts'
import { newHome, openLab, until, untilJob } from '../hosts/fixture.ts'
import { installTinyWorld, tinySpec, untilOver } from '../features/experiments/tiny-lab.ts'
import { makeTinyWorld, type TinyWorld } from '../worker/tiny-world.ts'

/** What of a comparison hangs on the home or the moment. */
async function comparisonOf(lab: Lab, experimentId: string): Promise<unknown> {
  return lab.client.compare.table({ experimentId })
}

async function contentsOf(path: string): Promise<Map<string, Buffer>> {
  const file = { path, name: 'study.zip' }
  const zip = await openArchive(file)
  const contents = new Map<string, Buffer>()
  for (let entry = await nextEntry(zip, file); entry; entry = await nextEntry(zip, file)) {
    const chunks: Buffer[] = []
    for await (const chunk of entryContent(zip, entry, file)) chunks.push(chunk)
    contents.set(entry.fileName, Buffer.concat(chunks))
  }
  zip.close()
  return contents
}

/** What an export wrote; its job's error is thrown as a call's would be. */
async function packed(lab: Lab, asked: Parameters<Lab['client']['studies']['export']>[0]): Promise<PackedStudy> {
  const { id } = await lab.client.studies.export(asked)
  const job = await untilJob(lab, id, 'finished', 'failed')
  if (job.error) throw Object.assign(new Error(job.error.message), { data: job.error })
  return lab.client.studies.packed({ jobId: id })
}

async function taken(lab: Lab, path: string): Promise<ImportedStudy> {
  const { id } = await lab.client.studies.import({ path })
  const job = await untilJob(lab, id, 'finished', 'failed')
  if (job.error) throw Object.assign(new Error(job.error.message), { data: job.error })
  return lab.client.studies.imported({ jobId: id })
}

let world: TinyWorld
const folder = mkdtempSync(join(tmpdir(), 'recross-study-'))
const whole = join(folder, 'whole.zip')
const bare = join(folder, 'bare.zip')
let expected: unknown
let experimentId: string

beforeAll(async () => {
  world = await makeTinyWorld()
})
afterAll(() => {
  world.remove()
  rmSync(folder, { recursive: true, force: true })
})

describe('a study', { timeout: 300_000 }, () => {
  test('is exported with and without what it was made from', async () => {
    const lab = await openLab()
    await installTinyWorld(lab, world)
    const spec = tinySpec(world, { rounds: 1, strategies: ['lexical'], targetIds: ['naming'] })
    experimentId = (await lab.client.experiments.start(spec)).id
    expect((await untilOver(lab, experimentId)).status).toBe('finished')
    expected = await comparisonOf(lab, experimentId)
    const chosen = { experimentIds: [experimentId] }
    // The job is there before anything was worked out, and its worker works the results out by itself.
    const asked = vi.spyOn(lab.services.jobs, 'ask')
    await packed(lab, { ...chosen, path: bare })
    expect(asked).not.toHaveBeenCalled()
    const { missing } = await packed(lab, {
      ...chosen,
      path: whole,
      data: true,
      models: true,
      indices: true
    })
    expect(missing).toEqual([])
    const sizes = await lab.client.studies.sizes({ ...chosen, data: true, models: true, indices: true })
    expect(new Set(sizes.items.map(({ what }) => what))).toEqual(new Set(['runs', 'datasets', 'models']))
    const inside = (await lab.client.studies.look({ path: whole })).items
    for (const { what, id, bytes } of sizes.items.filter((one) => one.what !== 'runs'))
      expect(inside.find((one) => one.what === what && one.id === id)).toMatchObject({ bytes, here: true })
    await expect(lab.client.studies.export({ ...chosen, path: whole })).rejects.toMatchObject({
      data: { code: 'file-exists' }
    })
    const crate = JSON.parse((await contentsOf(whole)).get('ro-crate-metadata.json')!.toString()) as {
      '@graph': { '@id': string; hasPart?: { '@id': string }[] }[]
    }
    const ids = new Set(crate['@graph'].map((one) => one['@id']))
    const root = crate['@graph'].find((one) => one['@id'] === './')!
    expect(root.hasPart!.length).toBeGreaterThan(5)
    expect(root.hasPart!.filter((one) => !ids.has(one['@id']))).toEqual([])
  })

  test('shows the same comparison in an empty lab without its data, and answers', async () => {
    const lab = await openLab()
    const made = await taken(lab, bare)
    expect(made).toMatchObject({ experiments: [{ id: experimentId }], runs: 2, datasets: [], models: [] })
    expect(await comparisonOf(lab, experimentId)).toEqual(expected)
    const page = await lab.client.compare.examples({
      experimentId,
      targetId: 'naming',
      round: 0,
      filter: 'all',
      column: 'lexical',
      against: 'zero-shot',
      text: '',
      limit: 5,
      offset: 0
    })
    expect(page.rows.length).toBeGreaterThan(0)
    expect((await lab.client.compare.export({ experimentId, format: 'html' })).text).toContain('naming')
    const lines = (await lab.client.compare.export({ experimentId, format: 'answers-jsonl' })).text.trim().split('\n')
    const answered = lines.map((line) => JSON.parse(line) as { output: string; references: string[] })
    const rule = { kind: 'pattern', pattern: '.', ignoreCase: true } as const
    const scored = await lab.client.compare.table({ experimentId, rule })
    const given = answered.filter(({ output }) => /./.test(output)).length
    const means = scored.cells.filter(({ targetId }) => targetId !== null).map(({ summary }) => summary!.mean)
    expect(means.reduce((sum, mean) => sum + mean, 0) / means.length).toBeCloseTo((100 * given) / answered.length, 6)
    const parts = await lab.client.compare.breakdown({ experimentId, targetId: 'naming' })
    expect(parts.map(({ column }) => column)).toEqual(['zero-shot', 'lexical'])
    expect(parts[0]!.lengths.reduce((sum, { rows }) => sum + rows, 0)).toBe(answered.length / 2)
    const again = await taken(lab, bare)
    expect(again).toMatchObject({ experiments: [], runs: 0, there: 3 })
  })

  test('repeats bit for bit in an empty lab with its data and models, from its own study file', async () => {
    const lab = await openLab({ host: 'server' })
    await taken(lab, whole)
    expect(await comparisonOf(lab, experimentId)).toEqual(expected)
    const run = (await lab.client.experiments.runs({ id: experimentId })).find(
      ({ strategy }) => strategy === 'lexical'
    )!
    const { id } = await lab.client.experiments.repeatRun({ runId: run.id })
    expect((await untilJob(lab, id, 'finished', 'failed')).error).toBeNull()
    const log = (await lab.client.jobs.log({ id, tail: 50 })).map(({ text }) => text).join('\n')
    const [, same, all] = /(\d+) of (\d+) answers are the same/.exec(log)!
    expect(same).toBe(all)
    const text = (await contentsOf(whole)).get(`results/${experimentId}/study.yaml`)!.toString()
    const { specs } = await lab.client.studies.read({ text })
    const plan = await lab.client.experiments.plan(specs[0]!)
    expect(plan.runs.every(({ reusesRunId }) => reusesRunId !== null)).toBe(true)
  })

  const attacks: [string, string, (contents: Map<string, Buffer>, records: Records) => void][] = [
    [
      'changed answers',
      'file-damaged',
      (contents) => change(contents, /predictions/, (text) => text.replace('"output":"', '"output":"x'))
    ],
    [
      'changed letters',
      'file-damaged',
      (contents) => change(contents, /predictions/, (text) => text.replace(/[a-z]/, 'Z'))
    ],
    [
      'a file less',
      'file-damaged',
      (contents) => void contents.delete([...contents.keys()].find((name) => name.includes('predictions'))!)
    ],
    ['a file more', 'archive-unsafe', (contents) => void contents.set('runs/evil/run.json', Buffer.from('{}'))],
    ['a name that climbs', 'archive-unsafe', (contents) => void contents.set('../evil.json', Buffer.from('{}'))],
    ['a whole path', 'archive-unsafe', (contents) => void contents.set('/tmp/evil.json', Buffer.from('{}'))],
    ['a record that climbs', 'bad-study', (_, records) => void (records.runs[0]!.id = '../../evil')],
    [
      'a file that its record puts elsewhere',
      'bad-study',
      (_, records) => void (records.files[0]!.name = 'runs/../../evil')
    ],
    ['a file of a device', 'bad-study', (_, records) => void (records.files[0]!.name = 'runs/x/NUL')],
    [
      'a file of no record',
      'archive-unsafe',
      (contents, records) => {
        contents.set('models/evil/config.json', Buffer.from('{}'))
        records.files.push({ name: 'models/evil/config.json', bytes: 2, sha256: '0'.repeat(64) })
      }
    ],
    ['another size', 'file-damaged', (_, records) => void records.files[0]!.bytes++],
    ['no records', 'bad-study', (contents) => void contents.delete('recross-study.json')],
    ['a newer form', 'newer-study', (_, records) => void (records.version = 2)],
    ['scores that are none', 'bad-study', (_, records) => void (records.scores = [{ value: 'high' }])]
  ]
  test.each(attacks)('with %s is refused as %s, and nothing of it stays', async (_name, code, attack) => {
    const contents = await contentsOf(bare)
    const records = JSON.parse(contents.get('recross-study.json')!.toString()) as Records
    attack(contents, records)
    if (contents.has('recross-study.json')) contents.set('recross-study.json', Buffer.from(JSON.stringify(records)))
    const path = join(newHome(), 'hostile.zip')
    const zip = await ZipWriter.open(path)
    for (const [name, content] of contents) await zip.addText(name, content.toString())
    await zip.close()
    const lab = await openLab()
    await expect(taken(lab, path)).rejects.toMatchObject({ data: { code } })
    expect(readdirSync(join(lab.home.path, 'runs'))).toEqual([])
    await until(
      () => readdirSync(join(lab.home.path, 'scratch')).length,
      (left) => left === 0
    )
    expect(await lab.client.experiments.list()).toEqual([])
  })

  test('is looked into before it is taken in, and stops when it is cancelled', async () => {
    const lab = await openLab()
    const found = await lab.client.studies.look({ path: whole })
    expect(found.items.every(({ here }) => !here)).toBe(true)
    expect(found.imported).toMatchObject({ runs: 2, models: ['model'], there: 0 })
    const { id } = await lab.client.studies.import({ path: whole })
    await lab.client.jobs.cancel({ id }).catch(() => undefined)
    const { status } = await untilJob(lab, id, 'finished', 'cancelled')
    // All of it is here, or nothing.
    expect((await lab.client.experiments.list()).length).toBe(status === 'finished' ? 1 : 0)
    if (status === 'cancelled')
      await until(
        () => readdirSync(join(lab.home.path, 'scratch')).length,
        (left) => left === 0
      )
  })

  test('that was cut off is refused', async () => {
    const { writeFileSync } = await import('node:fs')
    const bytes = readFileSync(bare)
    const path = join(newHome(), 'cut.zip')
    writeFileSync(path, bytes.subarray(0, bytes.length - 200))
    const lab = await openLab()
    await expect(taken(lab, path)).rejects.toMatchObject({ data: { code: 'file-damaged' } })
  })
})

interface Records {
  version: number
  runs: { id: string }[]
  files: { name: string; bytes: number; sha256: string }[]
  scores: unknown[]
}

function change(contents: Map<string, Buffer>, which: RegExp, by: (text: string) => string): void {
  const name = [...contents.keys()].find((one) => which.test(one))!
  contents.set(name, Buffer.from(by(contents.get(name)!.toString())))
}
