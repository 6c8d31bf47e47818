import { readdir, stat } from 'node:fs/promises'
import { dirname, isAbsolute } from 'node:path'
import type { Asked } from '../../contract/client.ts'
import { LabError } from '../../contract/error.ts'
import type { Job } from '../../contract/jobs.ts'
import type { Contract } from '../../contract/routes.ts'
import { freePath } from '../free-path.ts'
import { safeFileName } from '../file-name.ts'
import type { Services } from '../services.ts'
import { tunedRun } from './tuned-model.ts'

type ModelRoutes = Contract['models']

/** Where an export goes unless somebody says otherwise. Throws as `tunedRun`. */
export function exportFolder(
  services: Services,
  { runId, format }: Asked<ModelRoutes['exportFolder']>
): { folder: string } {
  const { experiment } = tunedRun(services, runId)
  return { folder: freePath(services, `${safeFileName(experiment)}-${runId.slice(-6)}-${format}`) }
}

/** Queues the export. Throws as `tunedRun`; `no-place`, `adapter-alone`, `no-adapter`, `folder-relative`, `folder-taken`, `folder-missing`. */
export async function exportModel(
  services: Services,
  { runId, format, folder, installAs }: Asked<ModelRoutes['export']>
): Promise<Job> {
  const { store, jobs } = services
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
    { title: { says: 'export-model', of: { run: run.runId } }, ...(folder === null ? {} : { folder }) }
  )
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
