import { stat } from 'node:fs/promises'
import { LabError } from '../contract/error.ts'
import type { Outcome } from '../contract/jobs.ts'
import { os } from './base.ts'
import { installModel } from '../features/models/install.ts'
import type { Services } from '../features/services.ts'

export function modelRoutes(services: Services) {
  const { home, store, jobs, changes } = services
  jobs.onFinished('install-model', ({ input, output }) => {
    const outcome: Outcome = { what: 'model', id: input.modelId, already: false }
    if (store.models.find(input.modelId)) return outcome
    store.models.insert({
      id: input.modelId,
      name: input.name,
      ...output,
      prefix: input.prefix,
      source: input.source ?? input.from,
      licence: input.licence,
      createdAt: new Date().toISOString()
    })
    changes.changed('models', input.modelId)
    return outcome
  })
  jobs.onStopped('install-model', ({ status, input, folder }) => {
    if (status === 'interrupted' || store.models.find(input.modelId)) return
    // At once, so that a retry cannot have begun in the folder.
    for (const path of [folder, `${folder}.partial`]) home.removeNow(path)
  })
  return {
    list: os.models.list.handler(() => store.models.list()),
    get: os.models.get.handler(({ input }) => store.models.get(input.id)),
    look: os.models.look.handler(({ input: { folder }, signal }) => jobs.ask('look-at-model', { folder }, signal)),
    install: os.models.install.handler(async ({ input: { name, folder, prefix, asEncoder } }) => {
      const found = await stat(folder).catch(() => null)
      if (!found?.isDirectory())
        throw new LabError('model-missing', `There is no model folder at ${folder}.`, { details: { folder } })
      return installModel(services, { name, from: folder, prefix, move: false, asEncoder })
    })
  }
}
