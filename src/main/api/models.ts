import { answerFile, answersOf, askModel } from '../features/models/answer.ts'
import { exportFolder, exportModel } from '../features/models/export-model.ts'
import { findRate, keepRate, rateTestOf } from '../features/models/find-rate.ts'
import { installFolder } from '../features/models/install.ts'
import { keepModels } from '../features/models/keep.ts'
import type { Services } from '../features/services.ts'
import { os } from './base.ts'

export function modelRoutes(services: Services) {
  const { store, jobs } = services
  keepModels(services)
  return os.models.router({
    list: os.models.list.handler(() => store.models.list()),
    get: os.models.get.handler(({ input }) => store.models.get(input.id)),
    look: os.models.look.handler(({ input: { folder }, signal }) => jobs.ask('look-at-model', { folder }, signal)),
    install: os.models.install.handler(({ input }) => installFolder(services, input)),
    ask: os.models.ask.handler(({ input, signal }) => askModel(services, input, signal)),
    answer: os.models.answer.handler(({ input }) => answerFile(services, input)),
    answers: os.models.answers.handler(({ input }) => answersOf(services, input)),
    exportFolder: os.models.exportFolder.handler(({ input }) => exportFolder(services, input)),
    export: os.models.export.handler(({ input }) => exportModel(services, input)),
    findRate: os.models.findRate.handler(({ input }) => findRate(services, input)),
    rateTest: os.models.rateTest.handler(({ input }) => rateTestOf(services, input.jobId)),
    keepRate: os.models.keepRate.handler(({ input }) => keepRate(services, input))
  })
}
