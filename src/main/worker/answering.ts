import { existsSync } from 'node:fs'
import { LabError } from '../contract/error.ts'
import { evaluationSettingsSchema } from '../contract/run-settings.ts'
import type { Answerer, GivenAnswer } from '../contract/tuned-models.ts'
import type { Engine, LoadOptions } from '../engine/engine.ts'
import { runFiles, type TunedRecord } from '../run-files/files.ts'
import { RunFolder } from '../run-files/run-folder.ts'
import { tunedModel } from './run/tune-phase.ts'
import type { RunInput } from './run/tools.ts'

/** What is loaded for an answerer, and how it is asked. */
export interface Answering {
  load: LoadOptions
  prefix: string
  evaluation: RunInput['evaluation']
}

/** A run answers as it answered its test rows; a model alone by the usual settings. Throws `not-tuned`, `weights-not-kept`. */
export async function answeringOf(
  { run, model }: Answerer,
  { home, threads }: { home: string; threads: number | undefined }
): Promise<Answering> {
  const threaded = threads === undefined ? {} : { threads }
  if (run === null)
    return {
      load: { folder: model.folder, ...threaded },
      prefix: model.prefix,
      evaluation: evaluationSettingsSchema.parse({})
    }
  const files = new RunFolder(run.folder)
  const { asked, tuned } = run.tuned
    ? await whatWasTuned(files, run.runId, home)
    : { asked: await whatWasAsked(files, run.runId, home), tuned: null }
  const { provider: _provider, ...load } = tunedModel(
    { ...asked, model: { ...asked.model, folder: model.folder } },
    files,
    tuned,
    threads
  )
  const { precision } = asked.evaluation
  return { load: { ...load, precision }, prefix: asked.model.prefix, evaluation: asked.evaluation }
}

/** @throws LabError `not-tuned`, `weights-not-kept`, `run-damaged` */
export async function whatWasTuned(
  files: RunFolder,
  runId: string,
  home: string
): Promise<{ asked: RunInput; tuned: TunedRecord; patch: string }> {
  const tuned = await files.read(runFiles.tuned)
  if (tuned === null || tuned.patch === null) throw notTuned(files, runId)
  const { patch } = tuned
  const asked = await whatWasAsked(files, runId, home)
  if (existsSync(files.file(patch)) && (tuned.base === null || existsSync(files.file(tuned.base))))
    return { asked, tuned, patch }
  throw new LabError(
    'weights-not-kept',
    `What the run ${runId} tuned was not kept, to save room. Repeat the run: where its numbers come out the same, its weights are there again.`,
    { details: { runId } }
  )
}

async function whatWasAsked(files: RunFolder, runId: string, home: string): Promise<RunInput> {
  const asked = await files.readAsked(home)
  if (asked === null) throw notTuned(files, runId)
  return asked
}

function notTuned(files: RunFolder, runId: string): LabError {
  return new LabError(
    'not-tuned',
    `In ${files.path} there is no tuned model: the run ${runId} was not tuned, has not come so far, or its files were deleted. Repeat the run to make them again.`,
    { details: { runId, folder: files.path } }
  )
}

/** Free answers, and how sure the model is of each: the geometric mean of the probabilities of its tokens. */
export async function answersOf(
  engine: Engine,
  { prefix, evaluation }: Answering,
  questions: readonly string[],
  signal: AbortSignal
): Promise<Pick<GivenAnswer, 'answer' | 'certainty'>[]> {
  const { maxInputTokens, maxOutputTokens, beams } = evaluation
  const inputs = questions.map((question) => prefix + question)
  const texts = new Array<string>(inputs.length).fill('')
  const options = { maxInputTokens, maxNewTokens: maxOutputTokens, beams, signal }
  for await (const { index, text } of engine.generate(inputs, options)) texts[index] = text.trim()
  const some = texts.flatMap((text, index) => (text === '' ? [] : [index]))
  const examples = some.map((index) => ({ input: inputs[index]!, output: prefix + texts[index]! }))
  const losses = examples.length === 0 ? [] : await engine.losses(examples, { maxInputTokens })
  const sure = new Map(some.map((index, at) => [index, Math.exp(-losses[at]!)]))
  return texts.map((answer, index) => ({ answer, certainty: sure.get(index) ?? null }))
}
