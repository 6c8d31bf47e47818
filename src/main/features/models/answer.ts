import { readFile, stat } from 'node:fs/promises'
import { basename, join, parse } from 'node:path'
import { z } from 'zod'
import type { Asked } from '../../contract/client.ts'
import { LabError } from '../../contract/error.ts'
import { jobSchemas, type Job } from '../../contract/jobs.ts'
import type { Contract } from '../../contract/routes.ts'
import { givenAnswerSchema, type Answerer, type Asked as AskedOf } from '../../contract/tuned-models.ts'
import type { Services } from '../services.ts'
import { answersFile } from './answers-file.ts'
import { finishedRun } from './tuned-model.ts'

type ModelRoutes = Contract['models']

/** Asks a model one question. Throws as `answererOf`. */
export function askModel(services: Services, { of, text, provider }: Asked<ModelRoutes['ask']>, signal?: AbortSignal) {
  return services.jobs.ask('ask-model', { by: answererOf(services, of).by, text, provider }, signal)
}

/** Queues the answering of a file of questions. Throws as `answererOf`; `file-missing`. */
export async function answerFile(
  services: Services,
  { of, file, provider }: Asked<ModelRoutes['answer']>
): Promise<Job> {
  const { by, name } = answererOf(services, of)
  if ((await stat(file).catch(() => null))?.isFile() !== true)
    throw new LabError('file-missing', `There is no file ${file}.`, { details: { file } })
  return services.jobs.add(
    'answer-file',
    { by, file, provider },
    { title: { says: 'answer', of: { file: basename(file), by: name } } }
  )
}

/** What a finished job has answered, and as a file. Throws `no-answers`, `not-found`. */
export async function answersOf({ store }: Services, { jobId, format }: Asked<ModelRoutes['answers']>) {
  const { kind, status, folder, input } = store.jobs.get(jobId)
  if (kind !== 'answer-file' || status !== 'finished')
    throw new LabError('no-answers', `The job ${jobId} has no answers: it is no finished job that answers a file.`)
  const answers = z.array(givenAnswerSchema).parse(JSON.parse(await readFile(join(folder, 'answers.json'), 'utf8')))
  const { file } = jobSchemas['answer-file'].input.parse(input)
  return { answers, file: await answersFile(answers, format, `${parse(file).name}-answers`) }
}

/** Who answers, as a worker takes it, and what people call it. Throws as `tunedRun`, or `not-found`. */
function answererOf(services: Services, of: AskedOf): { by: Answerer; name: string } {
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
