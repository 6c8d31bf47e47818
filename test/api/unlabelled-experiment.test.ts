import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { experimentSpecSchema } from '../../src/main/contract/experiments.ts'
import { workbook } from '../../src/main/files/workbook.ts'
import { projectFolder } from '../../src/main/hosts/project.ts'
import { readWorkbook } from '../../src/main/data/import/read-xlsx.ts'
import { newHome, openLab, untilJob } from '../hosts/fixture.ts'
import { untilOver } from '../features/experiments/tiny-lab.ts'

type Lab = Awaited<ReturnType<typeof openLab>>

const demo = join(projectFolder(), 'data', 'demo')

async function done(lab: Lab, job: { id: string }): Promise<void> {
  const ended = await untilJob(lab, job.id, 'finished', 'failed')
  expect(ended.error).toBeNull()
}

async function asTarget(lab: Lab, name: string, content: string | Buffer) {
  const file = join(newHome(), name)
  writeFileSync(file, content)
  const { mapping, format } = await lab.client.data.preview({ file, kind: 'target' })
  await done(lab, await lab.client.data.import({ name, kind: 'target', files: [file], format, mapping }))
  return (await lab.client.targets.list()).find((one) => one.name === name)!
}

/** Scores as people see them: percentages, points, means with deviations, p-values. */
const scoreLike = /\d ?%|\d points?\b|±|\bp ?[=≤<]|soft-?em|exact match/i

test(
  'questions without answers go all the way: index, retrieve, tune, answer, look, export; no score anywhere',
  { timeout: 300_000 },
  async () => {
    const lab = await openLab()
    const { client } = lab
    const upstream = JSON.parse(gunzipSync(readFileSync(join(demo, 'upstream.json.gz'))).toString('utf8')) as unknown[]
    const some = upstream.filter((_, at) => at % Math.ceil(upstream.length / 120) === 0)
    const file = join(newHome(), 'upstream.json')
    writeFileSync(file, JSON.stringify(some))
    await done(lab, await client.data.import({ name: 'upstream', kind: 'upstream', files: [file] }))
    await done(lab, await client.models.install({ name: 'base', folder: join(demo, 'model') }))
    await done(lab, await client.models.install({ name: 'encoder', folder: join(demo, 'encoder') }))
    const questions = Array.from(
      { length: 8 },
      (_, n) => `What does guest ${n} say of the ${['bed', 'soup', 'staff', '=1+1'][n % 4]}?`
    )
    const pasted = await asTarget(lab, 'pasted.txt', questions.join('\n'))
    const excel = await asTarget(
      lab,
      'sheet.xlsx',
      await workbook([{ name: 'Questions', rows: [['question'], ...questions.map((one) => [`${one} Please.`])] }])
    )
    expect([pasted.testExamples, excel.testExamples]).toEqual([8, 8])

    const models = await client.models.list()
    const id = (name: string) => models.find((one) => one.name === name)!.id
    const spec = experimentSpecSchema.parse({
      name: 'Unlabelled',
      models: { base: id('base'), encoder: id('encoder'), reranker: null },
      datasetId: (await client.data.list()).find(({ kind }) => kind === 'upstream')!.id,
      targetIds: [pasted.id, excel.id],
      strategies: ['semantic', 'random'],
      ...{ rounds: 1, queries: 8, provider: 'cpu' },
      retrieval: { budget: 16 },
      tune: { learningRate: 1e-3, maxInputTokens: 64, maxOutputTokens: 8, epochs: 1 },
      evaluation: { beams: 1, maxInputTokens: 64, maxOutputTokens: 8 }
    })
    const plan = await client.experiments.plan(spec)
    expect(plan.warnings.join('\n')).toMatch(/pasted.txt has no right answers: its 8 questions are answered/)
    // Presets ask for sixteen queries: whoever has fewer questions brings all of them.
    const fewer = await client.experiments.plan({ ...spec, rounds: 2, queries: 16 })
    expect(fewer.warnings.join('\n')).toMatch(/pasted.txt has 8 questions, fewer than the 16 queries of a round: all/)
    const started = await client.experiments.start(spec)
    expect(await untilOver(lab, started.id)).toMatchObject({ status: 'finished' })

    const table = await client.compare.table({ experimentId: started.id })
    expect(table).toMatchObject({ tests: [], points: [], diagnoses: [], headline: { kind: 'nothing' } })
    expect(table.cells.filter(({ summary }) => summary !== null)).toEqual([])
    for (const run of await client.experiments.runs({ id: started.id }))
      expect(run).not.toMatchObject({ score: expect.anything() as unknown })
    const page = await client.compare.examples({
      ...{ experimentId: started.id, targetId: pasted.id, round: 0, filter: 'differ' as const },
      ...{ column: 'semantic', against: 'zero-shot' }
    })
    expect(
      Object.keys(page.counts).filter((name) => !['all', 'differ'].includes(name) && page.counts[name]! > 0)
    ).toEqual([])
    expect(
      page.rows.flatMap((row) => Object.values(row.answers).map(({ score }) => score)).every((score) => score === null)
    ).toBe(true)

    const saved = async (format: 'answers' | 'answers-jsonl' | 'answers-xlsx' | 'html' | 'json') => {
      const { text, encoding } = await client.compare.export({ experimentId: started.id, format })
      return Buffer.from(text, encoding === 'text' ? 'utf8' : encoding)
    }
    const csv = parse<Record<string, string>>(await saved('answers'), { columns: true })
    expect(csv).toHaveLength(2 * 8 * 3)
    expect(Object.keys(csv[0]!)).toEqual(
      'target row source_item strategy round seed run input right_answers answer'.split(' ')
    )
    expect(new Set(csv.map((row) => row['right_answers']))).toEqual(new Set(['']))
    const jsonl = (await saved('answers-jsonl'))
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { output: string; scores: object })
    expect(jsonl.map(({ output }) => output)).toEqual(csv.map(({ answer }) => answer!.replace(/^'(?=[=+\-@\t\r])/, '')))
    expect(jsonl.every(({ scores }) => Object.keys(scores).length === 0)).toBe(true)

    const book = join(newHome(), 'answers.xlsx')
    writeFileSync(book, await saved('answers-xlsx'))
    const opened = { path: book, name: 'answers.xlsx', bytes: 1 } as Parameters<typeof readWorkbook>[0]
    const rows: unknown[] = []
    for await (const batch of readWorkbook(opened, { sheet: 'pasted.txt' }, { bytes: 0 })) rows.push(...batch)
    expect(rows).toHaveLength(8)
    const every: unknown[] = []
    for await (const batch of readWorkbook(opened, { sheet: 'Every answer' }, { bytes: 0 })) every.push(...batch)
    expect(every).toHaveLength(2 * 8 * 3)

    const html = (await saved('html')).toString().replace(/<style>[\s\S]*?<\/style>/, '')
    expect(html).not.toMatch(/id="scores"|id="differences"|id="time"|±/)
    for (const format of ['csv', 'tests', 'latex'] as const)
      await expect(client.compare.export({ experimentId: started.id, format })).rejects.toThrow(/no scores to export/)
    const home = lab.home.path
    await lab.close()

    const command = async (...words: string[]) =>
      (
        await promisify(execFile)(process.execPath, [
          join(projectFolder(), 'scripts', 'lab.ts'),
          '--home',
          home,
          ...words
        ])
      ).stdout
    const shown = await command('experiment', 'show', started.id)
    expect(shown).toMatch(/nothing is scored/)
    expect(shown).not.toMatch(scoreLike)
    expect(await command('experiment', 'answers', started.id, '--target', 'pasted.txt')).toMatch(/^all 8, differ \d/)
    const out = join(newHome(), 'out.xlsx')
    await command('experiment', 'export', started.id, '--format', 'answers-xlsx', '--out', out)
    expect(readFileSync(out).subarray(0, 2).toString()).toBe('PK')
  }
)
