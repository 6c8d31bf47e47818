import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import { digestOf } from './digest.mjs'
import type { QuerySet } from './neighbours.ts'

/** What `native/build.mjs` makes of `native/src`. Arguments are checked by the callers in this folder, and once more in C++. */
export interface Addon {
  /** "avx512", "avx2", "neon" or "portable". */
  readonly instructionSet: string
  readonly VectorFile: new (path: string, rows: number, dimension: number, half: boolean) => AddonVectorFile
  readonly Graph: new () => AddonGraph
  /** Asks the system to back an array by large pages, before it is first touched; gives whether it took the advice. */
  adviseLargePages(array: Float32Array): boolean
  /**
   * For tests: what each set of kernels that runs here makes of four queries and a row of half-precision bits. `distances`
   * holds those by the four-at-a-time kernel, then those by the single one; `bytes` is the dot product of two rows of bytes made of
   * the same bits.
   */
  compareKernels(
    queries: Float32Array,
    row: Uint16Array
  ): Record<string, { row: Float32Array; distances: Float32Array; bytes: number }>
}

interface AddonAnswers {
  rows: Uint32Array
  distances: Float32Array
  counts: Uint32Array
}

export interface AddonVectorFile {
  search(sets: readonly QuerySet[], threads: number): Promise<AddonAnswers[]>
  read(rows: Uint32Array): Float32Array
  willNeed(): void
  close(): void
}

export interface AddonGraph {
  readonly size: number
  /** `bytes`: rows of a byte a number, here and below. */
  create(
    dimension: number,
    capacity: number,
    m: number,
    efConstruction: number,
    seed: number,
    bytes: boolean
  ): Promise<void>
  open(path: string, dimension: number, bytes: boolean): Promise<void>
  resume(path: string, dimension: number, capacity: number, seed: number, bytes: boolean): Promise<void>
  add(vectors: AddonVectorFile, count: number, threads: number): Promise<void>
  save(path: string): Promise<void>
  search(
    queries: Float32Array,
    k: number,
    ef: number,
    threads: number,
    allowed: Uint8Array | null,
    vectors: AddonVectorFile | null
  ): Promise<AddonAnswers>
  /** The same at once, on this thread. */
  searchNow(
    queries: Float32Array,
    k: number,
    ef: number,
    allowed: Uint8Array | null,
    vectors: AddonVectorFile | null
  ): AddonAnswers
  close(): void
}

/** `stale`: it is there, but was built from other sources than those that lie beside it. */
export type LoadedAddon =
  { addon: Addon; reason: string; stale: false } | { addon: null; reason: string; stale: boolean }

let loaded: LoadedAddon | undefined

/** The addon, or null with the reason in words. `RECROSS_NATIVE=off` in the environment leaves it out. */
export function loadAddon(): LoadedAddon {
  loaded ??= load()
  return loaded
}

function load(): LoadedAddon {
  if (process.env['RECROSS_NATIVE'] === 'off') return without('switched off by RECROSS_NATIVE')
  const path = find()
  if (path === null) return without('not built: native/build/recross.node does not exist')
  if (isStale(path)) {
    return without(`${path} was built from other sources than those that are there: run "node native/build.mjs"`, true)
  }
  try {
    const addon = createRequire(import.meta.url)(path) as Addon
    return { addon, reason: `${path}, ${addon.instructionSet}`, stale: false }
  } catch (thrown) {
    return without(`${path} cannot be loaded: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
}

function without(reason: string, stale = false): LoadedAddon {
  return { addon: null, reason, stale }
}

/**
 * Whether an addon is of other sources than those beside it: it could take other arguments, or compute otherwise. An installed
 * lab has no sources; its addon was packed with it.
 */
export function isStale(path: string): boolean {
  const folder = dirname(dirname(path))
  if (!existsSync(join(folder, 'src'))) return false
  try {
    return readFileSync(join(folder, 'build', 'digest'), 'utf8') !== digestOf(folder)
  } catch {
    return true
  }
}

/** Looks upwards from this file, which after bundling lies in out/main; files in an archive cannot be loaded from there. */
function find(): string | null {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const unpacked = folder
      .replace(`app.asar${sep}`, `app.asar.unpacked${sep}`)
      .replace(/app\.asar$/, 'app.asar.unpacked')
    const path = join(unpacked, 'native', 'build', 'recross.node')
    if (existsSync(path)) return path
    if (dirname(folder) === folder) return null
  }
}
