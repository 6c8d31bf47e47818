import { os } from './base.ts'
import type { Services } from '../features/services.ts'
import { BinFolder } from '../features/things/bin.ts'
import { planDeletion, usedBy } from '../features/things/deletion.ts'
import { writeLabel } from '../features/things/labels.ts'

/** What is the same for everything that the lab holds. */
export function thingRoutes(services: Services, bin: BinFolder) {
  return os.things.router({
    labels: os.things.labels.handler(() => services.store.labels.list()),
    label: os.things.label.handler(({ input }) => writeLabel(services, input)),
    usedBy: os.things.usedBy.handler(({ input }) => usedBy(services, input)),
    loss: os.things.loss.handler(async ({ input }) => (await planDeletion(services, input)).loss),
    remove: os.things.remove.handler(({ input: { forGood, ...thing } }) => bin.put(thing, forGood)),
    bin: os.things.bin.handler(() => bin.list()),
    restore: os.things.restore.handler(({ input }) => bin.restore(input.binId)),
    emptyBin: os.things.emptyBin.handler(async ({ input }) => ({ bytes: await bin.empty(input.binIds) }))
  })
}
