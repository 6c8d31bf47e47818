import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { neighbourLibrary } from '../native/index.ts'
import { writeVectors } from './index-data.ts'
import { embeddingShare } from './index-embedding.ts'
import { growth, querySets } from './index-growth.ts'
import { peersOf, type BuiltPeer, type Peer } from './index-peers.ts'
import { sized } from './size.ts'
import { type BenchResult, type BenchSuite } from './suite.ts'
import { median } from '../src/main/sums/sums.ts'

type Report = (result: BenchResult) => void

const dimension = 384
const queryCount = sized(200, 20)
const k = 10
const rounds = sized(3, 1)
const candidates = [10, 16, 24, 32, 48, 64, 96, 128, 192, 256]

/**
 * Building and searching graphs against usearch and hnswlib-node, exact search, growth, and embedding end to end.
 * `RECROSS_BENCH_ROWS` is the number of rows for the comparison (20,000), `RECROSS_BENCH_LARGE=1` adds a million to the growth;
 * `RECROSS_BENCH_ONLY=growth` leaves out all else.
 */
export const suite: BenchSuite = {
  name: 'index',
  async run(report) {
    const folder = mkdtempSync(join(tmpdir(), 'recross-bench-'))
    try {
      const only = process.env['RECROSS_BENCH_ONLY']
      if (only !== 'growth')
        await compare(folder, Number(process.env['RECROSS_BENCH_ROWS'] ?? sized(20_000, 1000)), report)
      const sizes = [
        ...sized([10_000, 100_000], [2000]),
        ...(process.env['RECROSS_BENCH_LARGE'] === '1' ? [1_000_000] : [])
      ]
      await growth(folder, sizes, report)
      await querySets(folder, sized(200_000, 2000), report)
      if (only !== 'growth') await embeddingShare(folder, report)
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
