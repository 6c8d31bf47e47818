import type { Job } from '../../contract/jobs.ts'
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
  const options = { title: `Install ${request.name}`, folder: home.model(modelId) }
  return jobs.add('install-model', { modelId, ...request }, options)
}
