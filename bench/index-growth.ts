import { readFileSync, rmSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { neighbourLibrary, type HnswRows, type VectorRows } from '../native/index.ts'
import { overlap } from '../src/main/retrieval/recall.ts'
import { writeVectors } from './index-data.ts'
import { sized } from './size.ts'
import { type BenchResult } from './suite.ts'
import { median } from '../src/main/sums/sums.ts'

type Report = (result: BenchResult) => void

const dimension = 384
const queryCount = sized(200, 20)
const k = 10
/** What a build of a million rows may take. */
const largestMemory = 1e9

/** How time, memory and disk grow with the number of rows, of graphs of whole rows and of such of bytes. */
export async function growth(folder: string, sizes: readonly number[], report: Report): Promise<void> {
  const library = neighbourLibrary()
  const path = join(folder, 'growing')
  const most = Math.max(...sizes)
  writeVectors(path, most + queryCount, dimension)
  const all = library.openVectors(path, most + queryCount, dimension, 'fp32')
  const queries = all.read(Uint32Array.from({ length: queryCount }, (_, i) => most + i))
  all.close()
  for (const size of sizes) {
    const vectors = library.openVectors(path, size, dimension, 'fp32')
    for (const rows of library.hnswRows.toReversed()) await grow({ folder, vectors, queries, rows }, report)
    vectors.close()
  }
  rmSync(path)
}

interface Growing {
  folder: string
  vectors: VectorRows
  queries: Float32Array
  rows: HnswRows
}

async function grow({ folder, vectors, queries, rows }: Growing, report: Report): Promise<void> {
  const library = neighbourLibrary()
  const threads = availableParallelism()
  const size = vectors.rows
  const before = memory()
  const graph = await library.createHnsw(dimension, size, { m: 16, efConstruction: 200, seed: 100, rows })
  const peak = { own: 0, mapped: 0 }
  const build = await timed(async () => {
    while (graph.size < size) {
      await graph.add(vectors, Math.min(16_384, size - graph.size), threads)
      const now = memory()
      peak.own = Math.max(peak.own, now.own - before.own)
      peak.mapped = Math.max(peak.mapped, now.mapped - before.mapped)
    }
  })
  const file = join(folder, 'graph')
  const save = await timed(() => graph.save(file))
  graph.close()
  const opened = await library.openHnsw(file, dimension, rows)
  await opened.search(queries, k, 64, { vectors })
  const search = await timed(() => opened.search(queries, k, 64, { threads: 1, vectors }))
  const exact = await vectors.search(queries, k)
  const exactly = await timed(() => vectors.search(queries.subarray(0, dimension), k))
  const recall: string[] = []
  for (const ef of [64, 256]) {
    const found = await opened.search(queries, k, ef, { vectors })
    recall.push(`${overlap(exact, found).toFixed(4)} at ef ${ef}`)
  }
  opened.close()
  const name = `growth: ${size.toLocaleString('en')} × ${dimension}, ${rows === 'int8' ? 'rows of bytes' : 'whole rows'}`
  const judged = rows === 'int8' && size === 1_000_000
  report({
    name: `${name}, build`,
    value: build.processor,
    unit: 's of processor time',
    aim: null,
    holds: null,
    detail:
      `${((build.processor / size) * 1e6).toFixed(0)} µs a row, ${build.wall.toFixed(1)} s on ${threads} threads; ` +
      `disk ${megabytes(size * dimension * 4)} vectors + ${megabytes(statSync(file).size)} graph; save ${save.wall.toFixed(2)} s`
  })
  report({
    name: `${name}, memory while building`,
    value: peak.own / 1e6,
    unit: 'MB',
    aim: judged ? `under ${largestMemory / 1e6}, with what is mapped` : null,
    holds: judged ? peak.own + peak.mapped < largestMemory : null,
    detail: `${(peak.own / size).toFixed(0)} bytes a row; and ${megabytes(peak.mapped)} of mapped files, which the system takes back where it needs them`
  })
  report({
    name: `${name}, one query`,
    value: (search.processor / queryCount) * 1000,
    unit: 'ms of processor time',
    aim: 'below 100 ms',
    holds: search.processor / queryCount < 0.1,
    detail: `graph, ef 64; recall@10 ${recall.join(', ')}; exact ${(exactly.processor * 1000).toFixed(1)} ms`
  })
}

/** 100 query sets of 16, searched exactly one after another and all in one pass over the file, by turns. */
export async function querySets(folder: string, rows: number, report: Report): Promise<void> {
  const [sets, each] = [sized(100, 5), 16]
  const path = join(folder, 'sets')
  writeVectors(path, rows + sets * each, dimension)
  const vectors = neighbourLibrary().openVectors(path, rows, dimension, 'fp32')
  const all = neighbourLibrary().openVectors(path, rows + sets * each, dimension, 'fp32')
  const asked = Array.from({ length: sets }, (_, set) => ({
    queries: all.read(Uint32Array.from({ length: each }, (_, query) => rows + set * each + query)),
    k: 64,
    allowed: null
  }))
  const seconds: [number[], number[]] = [[], []]
  for (let round = 0; round < sized(5, 1); round++) {
    const apart = await timed(async () => {
      for (const { queries, k: own } of asked) await vectors.search(queries, own)
    })
    const together = await timed(() => vectors.searchSets(asked))
    seconds[0].push(apart.processor)
    seconds[1].push(together.processor)
  }
  vectors.close()
  all.close()
  const [apart, together] = [median(seconds[0]), median(seconds[1])]
  report({
    name: `${sets} query sets of ${each} over ${rows.toLocaleString('en')} × ${dimension} in one pass, the nearest 64`,
    value: together,
    unit: 's of processor time',
    aim: 'no more than one after another',
    holds: together <= apart,
    detail: `${(apart / together).toFixed(2)} × as fast as one after another (${apart.toFixed(1)} s); the file is read once, not ${sets} times`
  })
  rmSync(path)
}

interface Time {
  wall: number
  /** Of all threads. */
  processor: number
}

async function timed(work: () => Promise<unknown>): Promise<Time> {
  const [started, before] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(before)
  return { wall: (performance.now() - started) / 1000, processor: (user + system) / 1e6 }
}

/** Memory of this process alone, and of files that are mapped, where the system tells them apart; otherwise all of it is its own. */
function memory(): { own: number; mapped: number } {
  try {
    const status = readFileSync('/proc/self/status', 'utf8')
    const of = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) * 1024
    if (Number.isFinite(of('RssAnon'))) return { own: of('RssAnon'), mapped: of('RssFile') }
  } catch {
    // Not Linux.
  }
  return { own: process.memoryUsage().rss, mapped: 0 }
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString('en')} MB`
}
