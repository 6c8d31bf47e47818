import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Asked } from '../../contract/client.ts'
import { LabError } from '../../contract/error.ts'
import type { Job } from '../../contract/jobs.ts'
import type { Contract } from '../../contract/routes.ts'
import { newId } from '../../store/new-id.ts'
import type { Services } from '../services.ts'

type DataRoutes = Contract['data']

/** What a file is read as, before it is imported. Throws `file-missing`. */
export async function previewImport({ jobs }: Services, request: Asked<DataRoutes['preview']>, signal?: AbortSignal) {
  await mustExist([request.file])
  return jobs.ask('preview-import', request, signal)
}

/** Queues the import of files of the user's. Throws `file-missing`. */
export async function importFiles({ home, jobs }: Services, request: Asked<DataRoutes['import']>): Promise<Job> {
  await mustExist([...request.files, ...[request.groupsFile, request.querySetsFile].filter((path) => path !== null)])
  const datasetId = newId('dataset')
  const source = request.files.map((path) => basename(path)).join(', ')
  const input = { ...request, root: null, datasetId, source }
  return jobs.add('import-dataset', input, {
    title: { says: 'import', of: { name: request.name } },
    folder: home.dataset(datasetId)
  })
}

async function mustExist(paths: readonly string[]): Promise<void> {
  for (const path of paths)
    if (!(await stat(path).catch(() => null)))
      throw new LabError('file-missing', `There is no file at ${path}.`, { details: { path } })
}
