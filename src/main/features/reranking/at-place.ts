import type { Place } from '../../contract/places.ts'
import type { Computing } from '../experiments/computing.ts'

/** Of a scheduler nobody knows how many jobs it will run side by side; a mining is cut into so many parts. */
const partsOfScheduler = 6

/** Cores of each job of a place; null: this computer decides. */
export function coresAt(place: Place | null): number | null {
  return place === null ? null : place.settings.threads || (place.check?.hello?.cores ?? 1)
}

/** A place takes as many parts as it may run at once; each of them has the cores of its jobs. */
export function computingAt(place: Place | null, here: Computing): Computing {
  if (place === null) return here
  return { ...here, cores: coresAt(place), atOnce: place.settings.atOnce || partsOfScheduler }
}
