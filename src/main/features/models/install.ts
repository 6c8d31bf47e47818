import { stat } from 'node:fs/promises'
import type { Asked } from '../../contract/client.ts'
import { LabError } from '../../contract/error.ts'
import type { Job } from '../../contract/jobs.ts'
import type { Contract } from '../../contract/routes.ts'
import { newId } from '../../store/new-id.ts'
import type { Services } from '../services.ts'

export interface ModelRequest {
  name: string
  from: string
  prefix: string
  /** Whether the folder may be taken rather than copied. */
  move: boolean
  /** Of a base model its encoder alone. */
  asEncoder?: boolean
  source?: string
  licence?: string
}

/** Queues the installation of a model folder. */
export function installModel({ home, jobs }: Services, request: ModelRequest): Job {
  const modelId = newId('model')
  const title = { says: 'install', of: { name: request.name } } as const
  return jobs.add('install-model', { modelId, ...request }, { title, folder: home.model(modelId) })
}

/** Queues the installation of a folder of the user's. Throws `model-missing`. */
export async function installFolder(
  services: Services,
  { name, folder, prefix, asEncoder }: Asked<Contract['models']['install']>
): Promise<Job> {
  const found = await stat(folder).catch(() => null)
  if (!found?.isDirectory())
    throw new LabError('model-missing', `There is no model folder at ${folder}.`, { details: { folder } })
  return installModel(services, { name, from: folder, prefix, move: false, asEncoder })
}
