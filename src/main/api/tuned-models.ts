import { existsSync } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, parse } from 'node:path'
import { z } from 'zod'
import { LabError } from '../contract/error.ts'
import { jobSchemas, type Outcome } from '../contract/jobs.ts'
import { isTuned } from '../contract/strategies.ts'
import { givenAnswerSchema, type Answerer, type Asked, type TunedRun } from '../contract/tuned-models.ts'
import { answersFile } from '../features/models/answers-file.ts'
import { os } from './base.ts'
import { safeFileName } from '../features/file-name.ts'
import { installModel } from '../features/models/install.ts'
import type { Services } from '../features/services.ts'
import { filesOf, removeUploads } from '../features/datasets/uploads.ts'

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
  jobs.onFinished('answer-file', ({ input }): void => void removeUploads(services, filesOf(input)))
  return {
    ask: os.models.ask.handler(({ input: { of, text, provider }, signal }) =>
      jobs.ask('ask-model', { by: answererOf(services, of).by, text, provider }, signal)
    ),
    answer: os.models.answer.handler(async ({ input: { of, file, provider } }) => {
      const { by, name } = answererOf(services, of)
      if ((await stat(file).catch(() => null))?.isFile() !== true)
        throw new LabError('file-missing', `There is no file ${file}.`, { details: { file } })
      return jobs.add('answer-file', { by, file, provider }, { title: `Answer ${basename(file)} with ${name}` })
    }),
    answers: os.models.answers.handler(async ({ input: { jobId, format } }) => {
      const { kind, status, folder, input } = store.jobs.get(jobId)
      if (kind !== 'answer-file' || status !== 'finished')
        throw new LabError('no-answers', `The job ${jobId} has no answers: it is no finished job that answers a file.`)
      const answers = z.array(givenAnswerSchema).parse(JSON.parse(await readFile(join(folder, 'answers.json'), 'utf8')))
      const { file } = jobSchemas['answer-file'].input.parse(input)
      return { answers, file: await answersFile(answers, format, `${parse(file).name}-answers`) }
    }),
    exportFolder: os.models.exportFolder.handler(({ input: { runId, format } }) => ({
      folder: freeFolder(services, `${safeFileName(tunedRun(services, runId).experiment)}-${runId.slice(-6)}-${format}`)
    })),
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
function tunedRun(services: Services, runId: string): TunedRun {
  const { store } = services
  const { run, spec, base, folder, tuned } = finishedRun(services, runId)
  if (!tuned)
    throw new LabError(
      'not-tuned',
      `The strategy "${run.strategy}" tunes nothing: its model is the base model as it was.`
    )
  return {
    runId,
    folder,
    base,
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

/** A finished run with the model that it began from. Throws `not-found`, `not-finished`, `base-missing`. */
function finishedRun({ store, home }: Services, runId: string) {
  const run = store.runs.get(runId)
  if (run.status !== 'finished')
    throw new LabError('not-finished', `The run ${runId} is ${run.status}. It has a tuned model when it has finished.`)
  const { spec } = store.experiments.get(run.experimentId)
  const base = store.models.find(spec.models.base)
  if (!base)
    throw new LabError(
      'base-missing',
      `The base model ${spec.models.base} of run ${runId} was deleted, and what was tuned are changes of it. Take it out of the bin.`
    )
  const { id, name, source, licence, prefix } = base
  return {
    ...{ runId, run, spec, prefix },
    folder: home.run(runId),
    tuned: isTuned(run.strategy),
    base: { id, name, folder: home.model(id), source, licence }
  }
}

/** Who answers, as a worker takes it, and what people call it. Throws as `tunedRun`, or `not-found`. */
function answererOf(services: Services, of: Asked): { by: Answerer; name: string } {
  const { store, home } = services
  if ('modelId' in of) {
    const { id, name, prefix, role } = store.models.get(of.modelId)
    if (role !== 'seq2seq')
      throw new LabError('cannot-answer', `“${name}” writes no answers. Choose a base model, or a run that was tuned.`)
    return { by: { run: null, model: { id, folder: home.model(id), prefix } }, name }
  }
  const { runId, folder, base, tuned, prefix } = finishedRun(services, of.runId)
  return { by: { run: { runId, folder, tuned }, model: { id: base.id, folder: base.folder, prefix } }, name: runId }
}

/** Beside the user's downloads where there is such a folder, and not taken yet. */
function freeFolder({ home }: Services, name: string): string {
  const downloads = join(homedir(), 'Downloads')
  const parent = existsSync(downloads) ? downloads : existsSync(homedir()) ? homedir() : home.path
  for (let number = 1; ; number++) {
    const folder = join(parent, number === 1 ? name : `${name}-${number}`)
    if (!existsSync(folder)) return folder
  }
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
