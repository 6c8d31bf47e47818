import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { LabError } from '../contract/error.ts'
import type { Outcome } from '../contract/jobs.ts'
import { isTuned } from '../contract/strategies.ts'
import { givenAnswerSchema, type GivenAnswer, type TunedRun } from '../contract/tuned-models.ts'
import { csvText } from '../evaluation/report/csv.ts'
import { os } from './base.ts'
import { installModel } from './models.ts'
import type { Services } from './services.ts'

/** What becomes of a run's tuned model. */
export function tunedModelRoutes(services: Services) {
  const { store, jobs } = services
  jobs.onFinished('export-model', ({ input, output, folder }): Outcome | void => {
    if (input.installAs === null) return
    const next = installModel(services, {
      name: input.installAs,
      from: folder,
      prefix: output.prefix,
      move: input.passing,
      source: `run ${input.run.runId} of “${input.run.experiment}”, tuned from ${input.run.base.name}`,
      licence: input.run.base.licence
    })
    return { what: 'job', id: next.id, already: false }
  })
  return {
    answer: os.models.answer.handler(async ({ input: { runId, file, provider } }) => {
      const run = tunedRun(services, runId)
      if ((await stat(file).catch(() => null))?.isFile() !== true)
        throw new LabError('file-missing', `There is no file ${file}.`, { details: { file } })
      return jobs.add('answer-file', { run, file, provider }, { title: `Answer ${basename(file)} with ${runId}` })
    }),
    answers: os.models.answers.handler(async ({ input: { jobId, format } }) => {
      const { kind, status, folder } = store.jobs.get(jobId)
      if (kind !== 'answer-file' || status !== 'finished')
        throw new LabError('no-answers', `The job ${jobId} has no answers: it is no finished job that answers a file.`)
      const answers = z.array(givenAnswerSchema).parse(JSON.parse(await readFile(join(folder, 'answers.json'), 'utf8')))
      return { answers, text: textOf(answers, format) }
    }),
    export: os.models.export.handler(async ({ input: { runId, format, folder, installAs } }) => {
      const run = tunedRun(services, runId)
      if (folder === null && installAs === null)
        throw new LabError('no-place', 'Say where the model goes: a folder, a name to install it under, or both.')
      if (format === 'peft') {
        if (installAs !== null)
          throw new LabError('adapter-alone', 'An adapter alone is no model. Install the whole model: --format hf')
        const { method } = store.experiments.get(store.runs.get(runId).experimentId).spec.tune
        if (method !== 'lora')
          throw new LabError(
            'no-adapter',
            `The run tuned ${method === 'full' ? 'all weights' : 'the last blocks'}, so there is no LoRA adapter. Export the whole model: --format hf`
          )
      }
      if (folder !== null) await refuseTaken(services, folder)
      return jobs.add(
        'export-model',
        { run, format, installAs, passing: folder === null },
        { title: `Export the tuned model of ${run.runId}`, ...(folder === null ? {} : { folder }) }
      )
    })
  }
}

/** A finished run that was tuned, with all that its model card says. Throws `not-found`, `not-finished`, `not-tuned`, `base-missing`. */
function tunedRun({ store, home }: Services, runId: string): TunedRun {
  const run = store.runs.get(runId)
  if (run.status !== 'finished')
    throw new LabError('not-finished', `The run ${runId} is ${run.status}. It has a tuned model when it has finished.`)
  if (!isTuned(run.strategy))
    throw new LabError(
      'not-tuned',
      `The strategy "${run.strategy}" tunes nothing: its model is the base model as it was.`
    )
  const { spec } = store.experiments.get(run.experimentId)
  const base = store.models.find(spec.models.base)
  if (!base)
    throw new LabError(
      'base-missing',
      `The base model ${spec.models.base} of run ${runId} was deleted, and what was tuned are changes of it. Take it out of the bin.`
    )
  return {
    runId,
    folder: home.run(runId),
    base: { id: base.id, name: base.name, folder: home.model(base.id), source: base.source, licence: base.licence },
    experiment: spec.name,
    scores: store.scores.ofRun(runId).map(({ targetId, metric, value, examples }) => ({
      target: store.targets.find(targetId)?.name ?? targetId,
      metric,
      value,
      examples
    })),
    versions: run.versions
  }
}

function textOf(answers: readonly GivenAnswer[], format: 'csv' | 'jsonl'): string {
  if (format === 'jsonl') return answers.map((one) => `${JSON.stringify(one)}\n`).join('')
  const rows = answers.map(({ id, question, answer, certainty }) => [id, question, answer, certainty ?? ''])
  return csvText([['id', 'question', 'answer', 'certainty'], ...rows])
}

/** Nothing is written over, and nothing among other files. */
async function refuseTaken({ store }: Services, folder: string): Promise<void> {
  if (!isAbsolute(folder)) throw new LabError('folder-relative', `"${folder}" must be the full path of a folder.`)
  const there = await stat(folder).catch(() => null)
  if (there !== null && (!there.isDirectory() || (await readdir(folder)).length > 0))
    throw new LabError(
      'folder-taken',
      `${folder} is ${there.isDirectory() ? 'a folder with files in it' : 'a file'}, and nothing is written over. Name a new folder.`,
      { details: { folder } }
    )
  const above = await stat(dirname(folder)).catch(() => null)
  if (there === null && above?.isDirectory() !== true)
    throw new LabError('folder-missing', `There is no folder ${dirname(folder)} to make the new one in.`, {
      details: { folder }
    })
  const writing = store.jobs
    .withStatus('queued', 'running', 'paused', 'interrupted')
    .find((job) => job.folder === folder)
  if (writing)
    throw new LabError('folder-taken', `The job "${writing.title}" writes to ${folder}. Name another folder.`, {
      details: { folder, jobId: writing.id }
    })
}
