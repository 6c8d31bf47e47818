import { LabError } from '../../contract/error.ts'
import type { Place, PlaceCheck, PlaceSettings } from '../../contract/places.ts'
import { readOptions } from '../../contract/sbatch-options.ts'
import { newId } from '../../store/new-id.ts'
import type { Services } from '../services.ts'

type Parts = Pick<Services, 'store' | 'changes' | 'places'>

/** Puts a place into the list, without looking at it. Throws `name-taken`, `bad-slurm-option`. */
export function addPlace({ store, changes }: Parts, wanted: PlaceSettings): Place {
  const settings = { ...wanted, extra: readOptions(wanted.extra) }
  refuseTwice(store, settings.name)
  const place = { id: newId('place'), settings, check: null, createdAt: new Date().toISOString() }
  store.places.insert(place)
  changes.changed('places', place.id)
  return place
}

/** Throws `name-taken`, `in-use`, `bad-slurm-option`. */
export function changePlace(parts: Parts, { id, settings: wanted }: Pick<Place, 'id' | 'settings'>): Place {
  const { store, changes, places } = parts
  const settings = { ...wanted, extra: readOptions(wanted.extra) }
  refuseTwice(store, settings.name, id)
  refuseBusy(parts, id, 'changed')
  const place = store.places.update(id, { settings, check: null })
  places.forget(id)
  changes.changed('places', id)
  return place
}

/** Looks at a place and keeps what was found. Throws `not-found`. */
export async function checkPlace({ store, changes, places }: Parts, id: string): Promise<PlaceCheck> {
  store.places.get(id)
  const check = await places.check(id)
  store.places.update(id, { check })
  changes.changed('places', id)
  return check
}

/** Deletes there what no unfinished job needs; or everything, where no job is unfinished. Throws `not-found`, `in-use`. */
export async function cleanPlace(
  parts: Parts,
  { id, everything }: { id: string; everything: boolean }
): Promise<{ freedBytes: number }> {
  if (everything) {
    refuseBusy(parts, id, 'emptied')
    return parts.places.empty(id)
  }
  const unfinished = new Set(busy(parts, id).map((job) => job.id))
  return parts.places.clean(id, (jobId) => unfinished.has(jobId))
}

/** Throws `not-found`, `in-use`. */
export function removePlace(parts: Parts, id: string): Record<string, never> {
  const { store, changes, places } = parts
  store.places.get(id)
  refuseBusy(parts, id, 'removed')
  places.forget(id)
  store.places.remove(id)
  changes.changed('places', id)
  return {}
}

function busy({ store }: Parts, id: string) {
  return store.jobs.withStatus('queued', 'running', 'paused', 'interrupted').filter((job) => job.place === id)
}

function refuseTwice(store: Parts['store'], name: string, own?: string): void {
  if (store.places.list().some(({ id, settings }) => id !== own && settings.name === name))
    throw new LabError('name-taken', `There is a place called "${name}" already. Choose another name.`)
}

function refuseBusy(parts: Parts, id: string, what: string): void {
  const [job] = busy(parts, id)
  if (job === undefined) return
  throw new LabError(
    'in-use',
    `The job "${job.title}" is at this place, so that it cannot be ${what}. Wait for it, or cancel it.`,
    { details: { jobId: job.id } }
  )
}
