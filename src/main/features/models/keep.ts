import type { Outcome } from '../../contract/jobs.ts'
import { filesOf, removeUploads } from '../datasets/uploads.ts'
import type { Services } from '../services.ts'
import { installModel } from './install.ts'
import { keepModel } from './keep-model.ts'

/** Takes in what installations, exports and answers have made, as they end. */
export function keepModels(services: Services): void {
  const { home, store, jobs } = services
  jobs.onFinished('install-model', ({ input, output }) =>
    keepModel(services, {
      ...{ id: input.modelId, name: input.name, ...output, prefix: input.prefix },
      ...{ source: input.source ?? input.from, licence: input.licence }
    })
  )
  jobs.onStopped('install-model', ({ status, input, folder }) => {
    if (status === 'interrupted' || store.models.find(input.modelId)) return
    // At once, so that a retry cannot have begun in the folder.
    for (const path of [folder, `${folder}.partial`]) home.removeNow(path)
  })
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
}
