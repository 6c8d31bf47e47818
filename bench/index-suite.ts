import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { neighbourLibrary } from '../native/index.ts'
import { writeVectors } from './index-data.ts'
import { embeddingShare } from './index-embedding.ts'
import { peersOf, type BuiltPeer, type Peer } from './index-peers.ts'
import { sized } from './size.ts'
import { median, type BenchResult, type BenchSuite } from './suite.ts'

type Report = (result: BenchResult) => void

const dimension = 384
const queryCount = sized(200, 20)
const k = 10
const rounds = sized(3, 1)
const candidates = [10, 16, 24, 32, 48, 64, 96, 128, 192, 256]

/**
 * Building and searching graphs against usearch and hnswlib-node, exact search, growth, and embedding end to end.
 * `RECROSS_BENCH_ROWS` is the number of rows for the comparison (20,000), `RECROSS_BENCH_LARGE=1` adds a million to the growth.
 */
export const suite: BenchSuite = {
  name: 'index',
  async run(report) {
    const folder = mkdtempSync(join(tmpdir(), 'recross-bench-'))
    try {
      await compare(folder, Number(process.env['RECROSS_BENCH_ROWS'] ?? sized(20_000, 1000)), report)
      const sizes = [
        ...sized([10_000, 100_000], [2000]),
        ...(process.env['RECROSS_BENCH_LARGE'] === '1' ? [1_000_000] : [])
      ]
      await growth(folder, sizes, report)
      await embeddingShare(folder, report)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

async function compare(folder: string, rows: number, report: Report): Promise<void> {
  const path = join(folder, 'vectors')
  writeVectors(path, rows + queryCount, dimension)
  const bytes = readFileSync(path)
  const all = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
  const queries = all.subarray(rows * dimension)
  const vectors = neighbourLibrary().openVectors(path, rows, dimension, 'fp32')
  const exact = await vectors.search(queries, k)
  const peers = await peersOf(vectors, all, rows)

  // Interleaved, so that whatever else the machine does meets all of them.
  const seconds = new Map<Peer, number[]>(peers.map((peer) => [peer, []]))
  const built = new Map<Peer, BuiltPeer>()
  for (let round = 0; round < rounds; round++) {
    for (const peer of peers) {
      built.get(peer)?.close()
      const started = performance.now()
      built.set(peer, await peer.build())
      seconds.get(peer)!.push((performance.now() - started) / 1000)
    }
  }
  const [own] = peers
  const found = new Map<Peer, { ef: number; recall: number }>()
  for (const peer of peers) {
    found.set(peer, await smallestEf(built.get(peer)!, queries, exact.rows))
    const at64 = await recallOf(built.get(peer)!, queries, exact.rows, 64)
    const value = median(seconds.get(peer)!)
    const ratio = value / median(seconds.get(own!)!)
    const least = peer.name === 'usearch' ? 1 : 2
    report({
      name: `build ${rows} × ${dimension}, ${peer.name}, ${peer.threads} ${peer.threads === 1 ? 'thread' : 'threads'}`,
      value,
      unit: 's',
      aim: peer === own ? null : `ours takes at most 1/${least} of it`,
      holds: peer === own ? null : ratio >= least,
      detail: `${ratio.toFixed(2)} × ours; recall@10 at ef 64: ${at64.toFixed(4)}`
    })
  }

  const milliseconds = new Map<Peer, number[]>(peers.map((peer) => [peer, []]))
  for (let round = 0; round < rounds * 3; round++) {
    for (const peer of peers) {
      const { ef } = found.get(peer)!
      const started = performance.now()
      await recallOf(built.get(peer)!, queries, exact.rows, ef)
      milliseconds.get(peer)!.push((performance.now() - started) / queryCount)
    }
  }
  for (const peer of peers) {
    const value = median(milliseconds.get(peer)!)
    const ratio = value / median(milliseconds.get(own!)!)
    const { ef, recall } = found.get(peer)!
    report({
      name: `query at recall@10 ≥ 0.95, ${peer.name}, 1 thread`,
      value,
      unit: 'ms',
      aim: peer === own ? null : 'ours is no slower',
      holds: peer === own ? null : ratio >= 1,
      detail: `${ratio.toFixed(2)} × ours; ef ${ef}, recall@10 ${recall.toFixed(4)}`
    })
    built.get(peer)!.close()
  }
  vectors.close()
}

async function smallestEf(
  peer: BuiltPeer,
  queries: Float32Array,
  exact: Uint32Array
): Promise<{ ef: number; recall: number }> {
  let recall = 0
  for (const ef of candidates) {
    recall = await recallOf(peer, queries, exact, ef)
    if (recall >= 0.95) return { ef, recall }
  }
  return { ef: candidates.at(-1)!, recall }
}

async function recallOf(peer: BuiltPeer, queries: Float32Array, exact: Uint32Array, ef: number): Promise<number> {
  let hits = 0
  for (let query = 0; query < queryCount; query++) {
    const rows = await peer.search(queries.subarray(query * dimension, (query + 1) * dimension), k, ef)
    const have = new Set(Array.from(rows, Number))
    for (let place = 0; place < k; place++) if (have.has(exact[query * k + place]!)) hits++
  }
  return hits / (queryCount * k)
}

/** How time, memory and disk grow with the number of rows. */
async function growth(folder: string, sizes: readonly number[], report: Report): Promise<void> {
  const library = neighbourLibrary()
  const threads = availableParallelism()
  const path = join(folder, 'growing')
  const most = Math.max(...sizes)
  writeVectors(path, most + queryCount, dimension)
  const all = library.openVectors(path, most + queryCount, dimension, 'fp32')
  const queries = all.read(Uint32Array.from({ length: queryCount }, (_, i) => most + i))
  all.close()
  for (const rows of sizes) {
    const vectors = library.openVectors(path, rows, dimension, 'fp32')
    const exact = await vectors.search(queries, k)
    const exactSeconds = await timed(() => vectors.search(queries.subarray(0, dimension), k))
    const before = memory()
    const hnsw = await library.createHnsw(dimension, rows, { m: 16, efConstruction: 200, seed: 100 })
    let peak = 0
    const build = await timed(async () => {
      while (hnsw.size < rows) {
        await hnsw.add(vectors, Math.min(16_384, rows - hnsw.size), threads)
        peak = Math.max(peak, memory() - before)
      }
    })
    const file = join(folder, 'graph')
    const save = await timed(() => hnsw.save(file))
    hnsw.close()
    let opened = await library.openHnsw(file, dimension)
    opened.close()
    const open = await timed(async () => (opened = await library.openHnsw(file, dimension)))
    await opened.search(queries, k, 64)
    const search = (await timed(() => opened.search(queries, k, 64, { threads: 1 }))) / queryCount
    const found = await opened.search(queries, k, 64)
    const hits = found.rows.reduce((sum, row, i) => {
      const query = Math.floor(i / k)
      return sum + (exact.rows.subarray(query * k, (query + 1) * k).includes(row) ? 1 : 0)
    }, 0)
    opened.close()
    vectors.close()
    report({
      name: `growth: ${rows.toLocaleString('en')} × ${dimension}, build with ${threads} threads`,
      value: build,
      unit: 's',
      aim: null,
      holds: null,
      detail:
        `${((build / rows) * 1e6).toFixed(0)} µs a row; memory ${megabytes(peak)}, disk ${megabytes(rows * dimension * 4)} vectors + ` +
        `${megabytes(statSync(file).size)} graph; save ${save.toFixed(2)} s, open ${(open * 1000).toFixed(0)} ms`
    })
    report({
      name: `growth: ${rows.toLocaleString('en')} × ${dimension}, one query`,
      value: search * 1000,
      unit: 'ms',
      aim: 'below 100 ms',
      holds: search < 0.1,
      detail: `hnsw, ef 64, recall@10 ${(hits / (queryCount * k)).toFixed(4)}; exact on ${threads} threads ${(exactSeconds * 1000).toFixed(1)} ms`
    })
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

/** Memory of this process alone, without mapped files, where the system tells; otherwise all of it. */
function memory(): number {
  try {
    const kilobytes = /RssAnon:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
    if (kilobytes !== undefined) return Number(kilobytes) * 1024
  } catch {
    // Not Linux.
  }
  return process.memoryUsage().rss
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString('en')} MB`
}
