import { checkLeaks, leaksOf } from '../features/datasets/leak-checks.ts'
import { addQueries, querySetsOf, sampleQueries } from '../features/datasets/query-sets.ts'
import { createTarget, updateTarget } from '../features/datasets/targets.ts'
import type { Services } from '../features/services.ts'
import { os } from './base.ts'

export function targetRoutes(services: Services) {
  const { store } = services
  return os.targets.router({
    list: os.targets.list.handler(() => store.targets.list()),
    get: os.targets.get.handler(({ input }) => store.targets.get(input.id)),
    create: os.targets.create.handler(({ input }) => createTarget(services, input)),
    update: os.targets.update.handler(({ input }) => updateTarget(services, input)),
    querySets: os.targets.querySets.handler(({ input }) => querySetsOf(services, input.id)),
    sampleQueries: os.targets.sampleQueries.handler(({ input }) => sampleQueries(services, input)),
    addQueries: os.targets.addQueries.handler(({ input }) => addQueries(services, input)),
    checkLeaks: os.targets.checkLeaks.handler(({ input }) => checkLeaks(services, input.id, input.datasetId)),
    leaks: os.targets.leaks.handler(({ input }) => leaksOf(services, input))
  })
}
