import { loadAddon } from './addon.ts'
import { nativeLibrary } from './native-library.ts'
import type { NeighbourLibrary } from './neighbours.ts'
import { plainLibrary } from './plain-library.ts'

export { loadAddon } from './addon.ts'
export type * from './neighbours.ts'
export { plainLibrary } from './plain-library.ts'

let chosen: NeighbourLibrary | undefined

/**
 * Asks the system to back an array by large pages (2 MB instead of 4 kB), before it is first touched. Loops over hundreds of
 * megabytes are a quarter faster then. Gives whether the system took the advice: only Linux does, and only with the addon.
 */
export function adviseLargePages(array: Float32Array): boolean {
  return loadAddon().addon?.adviseLargePages(array) ?? false
}

/** The best way to search that works here: the native addon, or the plain path. `description` says which, and why. */
export function neighbourLibrary(): NeighbourLibrary {
  if (chosen === undefined) {
    const { addon, reason } = loadAddon()
    chosen = addon === null ? plainLibrary(reason) : nativeLibrary(addon, reason)
  }
  return chosen
}
