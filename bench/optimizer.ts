import { physicalCores } from '../src/main/machine/cores.ts'
import { paddedLength, ParameterMemory } from '../src/main/engine/optimizer/memory.ts'
import { KernelTeam, type Chunk } from '../src/main/engine/optimizer/team.ts'
import { GraphSession } from '../src/main/engine/session.ts'
import { float32 } from '../src/main/engine/tensors.ts'
import { GraphBuilder } from '../src/main/graph/index.ts'
import { sized } from './size.ts'
import { milliseconds, plain, type BenchResult } from './suite.ts'
import { median } from '../src/main/sums/sums.ts'

const threads = physicalCores()
const rounds = sized(5, 1)

/** Adds one array to another in place, on all threads: 12 bytes an element and no arithmetic to speak of. */
async function streamingKernel(one: Float32Array, other: Float32Array): Promise<() => Promise<void>> {
  const g = new GraphBuilder({ name: 'streaming' })
  g.output('sum', g.add(g.input('one', ['N']), g.input('other', ['N'])))
  const session = await GraphSession.create(g.build(), { threads, direct: true })
  const feeds = { one: float32(one, [one.length]), other: float32(other, [other.length]) }
  return () => session.runInto(feeds, { sum: feeds.one })
}

/** One AdamW update and one gradient norm over many weights, beside a kernel that only reads and writes. */
export async function benchOptimizer(report: (result: BenchResult) => void): Promise<void> {
  const count = sized(60_000_000, 200_000)
  const chunkElements = 1 << 16
  const memory = new ParameterMemory([{ lengths: [count, count, count, count] }])
  const arrays = memory.allocations[0]!.arrays
  for (const array of arrays) array.fill(0.01)
  const chunks: Chunk[] = []
  for (let start = 0; start < count; start += chunkElements) {
    const addresses = arrays.map((array) => array.byteOffset + 4 * start) as unknown as Chunk['addresses']
    const own = Math.min(chunkElements, paddedLength(count) - start)
    chunks.push({ memory: 0, addresses, count: own, decays: true, rounded: null })
  }
  const team = new KernelTeam(memory.memories, chunks, threads)
  const numbers = { rate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 1, scale: 1, correction: 1 }
  const stream = await streamingKernel(arrays[2]!.subarray(0, count), arrays[1]!.subarray(0, count))
  const times = { adamw: [] as number[], norm: [] as number[], stream: [] as number[] }
  for (let round = 0; round <= 2 * rounds; round++) {
    const adamw = await milliseconds(() => team.adamw(numbers))
    const norm = await milliseconds(() => team.sumSquares())
    const streamed = await milliseconds(stream)
    if (round === 0) continue
    times.adamw.push(adamw)
    times.norm.push(norm)
    times.stream.push(streamed)
  }
  await team.close()
  const perWeight = (list: readonly number[]) => (median(list) * 1e6) / count
  const update = perWeight(times.adamw)
  // An update moves 28 bytes of a weight (four arrays read, three written), the streaming kernel 12.
  const possible = (28 / 12) * perWeight(times.stream)
  const detail = `${threads} threads; a kernel that only adds moves as many bytes in ${possible.toFixed(2)} ns`
  report(plain('AdamW', update, 'ns/weight', detail))
  const share = (100 * possible) / update
  report({
    name: 'AdamW, share of what memory allows',
    value: share,
    unit: '%',
    aim: 'at least 90',
    holds: share >= 90
  })
  report(plain('gradient norm', perWeight(times.norm), 'ns/weight'))
}
