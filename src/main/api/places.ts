import { LabError } from '../contract/error.ts'
import { newId } from '../store/new-id.ts'
import { os } from './base.ts'
import type { Services } from '../features/services.ts'

export function placeRoutes({ store, changes, places }: Services) {
  const busy = (id: string) =>
    store.jobs.withStatus('queued', 'running', 'paused', 'interrupted').filter((job) => job.place === id)
  return {
    list: os.places.list.handler(() => store.places.list()),
    add: os.places.add.handler(({ input }) => {
      refuseTwice(input.name)
      const place = { id: newId('place'), settings: input, check: null, createdAt: new Date().toISOString() }
      store.places.insert(place)
      changes.changed('places', place.id)
      return place
    }),
    change: os.places.change.handler(({ input: { id, settings } }) => {
      refuseTwice(settings.name, id)
      refuseBusy(id, 'changed')
      const place = store.places.update(id, { settings, check: null })
      places.forget(id)
      changes.changed('places', id)
      return place
    }),
    check: os.places.check.handler(async ({ input: { id } }) => {
      store.places.get(id)
      const check = await places.check(id)
      store.places.update(id, { check })
      changes.changed('places', id)
      return check
    }),
    contents: os.places.contents.handler(({ input: { id } }) => places.contents(id)),
    clean: os.places.clean.handler(({ input: { id } }) => {
      const unfinished = new Set(busy(id).map((job) => job.id))
      return places.clean(id, (jobId) => unfinished.has(jobId))
    }),
    remove: os.places.remove.handler(({ input: { id } }) => {
      store.places.get(id)
      refuseBusy(id, 'removed')
      places.forget(id)
      store.places.remove(id)
      changes.changed('places', id)
      return {}
    })
  }

  function refuseTwice(name: string, own?: string): void {
    if (store.places.list().some(({ id, settings }) => id !== own && settings.name === name))
      throw new LabError('name-taken', `There is a place called "${name}" already. Choose another name.`)
  }

  function refuseBusy(id: string, what: string): void {
    const [job] = busy(id)
    if (job === undefined) return
    throw new LabError(
      'in-use',
      `The job "${job.title}" is at this place, so that it cannot be ${what}. Wait for it, or cancel it.`,
      {
        details: { jobId: job.id }
      }
    )
  }
}
