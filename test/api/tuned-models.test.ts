import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { forkStarter } from '../../src/main/hosts/fork-starter.ts'
import { workerEntry } from '../../src/main/hosts/project.ts'
import { newHome, openLab, untilJob } from '../hosts/fixture.ts'
import { installTinyWorld, tinySpec, untilOver } from '../features/experiments/tiny-lab.ts'
import { makeTinyWorld, type TinyWorld } from '../worker/tiny-world.ts'

let world: TinyWorld
beforeAll(async () => {
  world = await makeTinyWorld()
})
afterAll(() => world.remove())

test('what a run has tuned goes out as a folder and comes in as a base model; nothing is written over', async () => {
  const lab = await openLab({ host: 'server', workers: forkStarter(workerEntry()) })
  await installTinyWorld(lab, world)
  const { client } = lab
  const spec = tinySpec(world, { strategies: ['zero-shot', 'lexical'], rounds: 1, targetIds: ['naming'] })
  const { id } = await client.experiments.start(spec)
  await untilOver(lab, id)
  const runs = await client.experiments.runs({ id })
  const runId = runs.find(({ strategy }) => strategy === 'lexical')!.id
  const untuned = runs.find(({ strategy }) => strategy === 'zero-shot')!.id
  const ended = (job: { id: string }) => untilJob(lab, job.id, 'finished', 'failed', 'crashed')

  const out = join(newHome(), 'tuned')
  const exported = await ended(await client.models.export({ runId, folder: out, installAs: 'Tuned once' }))
  expect(exported.error).toBeNull()
  expect(readFileSync(join(out, 'README.md'), 'utf8')).toMatch(/\| naming \| em \|/)
  const installed = await ended({ id: exported.outcome!.id })
  const model = await client.models.get({ id: installed.outcome!.id })
  expect(model).toMatchObject({ name: 'Tuned once', role: 'seq2seq', licence: 'MIT' })
  expect(model.source).toContain(runId)
  // The folder stays where it was asked for; as the base of another experiment the model is what it says.
  expect(readdirSync(out)).toContain('model.safetensors')
  const plan = await client.experiments.plan({ ...spec, models: { ...spec.models, base: model.id } })
  expect(plan.runs.every(({ reusesRunId }) => reusesRunId === null)).toBe(true)

  // A file of questions is answered as the run answered the same questions, and by its model alone.
  const tested = readFileSync(lab.home.answers(runId, 'naming'), 'utf8').trimEnd().split('\n')
  const rows = tested.slice(0, 5).map((line) => JSON.parse(line) as { input: string; output: string })
  const file = join(newHome(), 'questions.jsonl')
  writeFileSync(file, rows.map(({ input }) => `${JSON.stringify({ question: input })}\n`).join(''))
  const answering = await ended(await client.models.answer({ of: { runId }, file, provider: 'cpu' }))
  expect(answering.error).toBeNull()
  const { answers, file: table } = await client.models.answers({ jobId: answering.id, format: 'csv' })
  const { text } = table
  expect(answers.map(({ question, answer }) => [question, answer])).toEqual(
    rows.map(({ input, output }) => [input, output])
  )
  for (const { answer, certainty } of answers)
    if (answer === '') expect(certainty).toBeNull()
    else expect(certainty! > 0 && certainty! <= 1).toBe(true)
  expect(text).toMatch(/^id,question,answer,certainty\r\n/)
  expect(text.trimEnd().split('\r\n').length).toBeGreaterThanOrEqual(6)
  const lines = (await client.models.answers({ jobId: answering.id, format: 'jsonl' })).file.text.trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(answers)
  // As a workbook they read back as the same questions.
  const workbook = await client.models.answers({ jobId: answering.id, format: 'xlsx' })
  const book = join(newHome(), workbook.file.fileName)
  writeFileSync(book, Buffer.from(workbook.file.text, 'base64'))
  const again = await ended(await client.models.answer({ of: { runId: untuned }, file: book, provider: 'cpu' }))
  expect(again.error?.message).toBeUndefined()
  const byZeroShot = await client.models.answers({ jobId: again.id, format: 'csv' })
  expect(byZeroShot.answers.map(({ question }) => question)).toEqual(rows.map(({ input }) => input))

  // One text at once: the run as it answered, zero-shot as it answered, the model alone by its usual settings.
  const asked = { text: rows[0]!.input, provider: 'cpu' as const }
  const byRun = await client.models.ask({ of: { runId }, ...asked })
  expect(byRun).toMatchObject({ answer: rows[0]!.output, certainty: answers[0]!.certainty })
  expect((await client.models.ask({ of: { runId: untuned }, ...asked })).answer).toBe(byZeroShot.answers[0]!.answer)
  await client.models.ask({ of: { modelId: spec.models.base }, ...asked })
  await expect(client.models.ask({ of: { runId }, text: '  ' })).rejects.toThrow()
  await expect(client.models.ask({ of: { modelId: 'none' }, ...asked })).rejects.toThrow(/no model/)

  await expect(client.models.answer({ of: { runId }, file: join(out, 'none.csv') })).rejects.toThrow(/no file/)
  await expect(client.models.answers({ jobId: exported.id, format: 'csv' })).rejects.toThrow(/no answers/)

  // Only installed: no copy stays behind.
  const passing = await ended(await client.models.export({ runId, installAs: 'Tuned twice' }))
  const second = await ended({ id: passing.outcome!.id })
  const twin = await client.models.get({ id: second.outcome!.id })
  expect(twin.fingerprint).toBe(model.fingerprint)
  const left = readdirSync(lab.home.inside('scratch')).flatMap((job) => readdirSync(lab.home.scratch(job)))
  expect(left).toEqual(['answers.json', 'answers.json'])

  const taken = join(newHome(), 'taken')
  mkdirSync(taken)
  writeFileSync(join(taken, 'thesis.txt'), 'mine')
  for (const [request, message] of [
    [{ runId, folder: taken }, /nothing is written over/],
    [{ runId, folder: out }, /nothing is written over/],
    [{ runId, folder: join(taken, 'a', 'b') }, /no folder/],
    [{ runId, folder: 'here' }, /full path/],
    [{ runId }, /Say where/],
    [{ runId, folder: join(taken, 'new'), format: 'peft' as const }, /no LoRA adapter/],
    [{ runId: untuned, installAs: 'x' }, /tunes nothing/],
    [{ runId: 'run-none', installAs: 'x' }, /run-none/]
  ] as const)
    await expect(client.models.export(request)).rejects.toThrow(message)
  expect(readdirSync(taken)).toEqual(['thesis.txt'])
})
