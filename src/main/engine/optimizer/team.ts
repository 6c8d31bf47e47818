/**
 * Runs a kernel over many chunks on several threads: this one and helpers that sleep between steps. Threads take chunks from a
 * shared counter; which thread computes a chunk changes nothing about the result.
 */
import { Worker } from 'node:worker_threads'
import { assembleKernels, type Kernels } from './kernels.ts'

export interface Chunk {
  readonly memory: number
  /** Byte addresses: parameters, gradients, and for AdamW the two moments. */
  readonly addresses: readonly [p: number, g: number, m: number, v: number]
  readonly count: number
  /** Whether weight decay applies. */
  readonly decays: boolean
  /** Where rows of the parameters, all of the chunk, also lie in 8 bits; null where they do not. */
  readonly rounded: RoundedChunk | null
}

export interface RoundedChunk {
  /** Byte addresses of the values, of those turned around, and of the rows' scales. */
  readonly addresses: readonly [q: number, t: number, s: number]
  readonly rows: number
  readonly width: number
  /** Bytes between the rows of what is turned around: the rows of the whole weight. */
  readonly stride: number
}

/** Integers that describe a chunk to the threads; rows is 0 where nothing is rounded. */
const wordsOf = ({ memory, addresses, count, decays, rounded }: Chunk): number[] => [
  ...[memory, ...addresses, count, decays ? 1 : 0],
  ...(rounded ? [...rounded.addresses, rounded.rows, rounded.width, rounded.stride] : [0, 0, 0, 0, 0, 0])
]
const words = 13

export interface AdamwNumbers {
  rate: number
  beta1: number
  beta2: number
  epsilon: number
  decay: number
  scale: number
  correction: number
}

/** What the threads share: control words, the chunks as rows of integers, numbers of the step, and a result for each chunk. */
interface Shared {
  control: Int32Array<SharedArrayBuffer>
  chunks: Int32Array<SharedArrayBuffer>
  numbers: Float64Array<SharedArrayBuffer>
  results: Float64Array<SharedArrayBuffer>
}

export class KernelTeam {
  readonly #shared: Shared
  readonly #instances: readonly Kernels[]
  readonly #helpers: readonly Worker[]
  readonly #chunks: number

  constructor(memories: readonly WebAssembly.Memory[], chunks: readonly Chunk[], threads: number) {
    const shared = memories.every(({ buffer }) => buffer instanceof SharedArrayBuffer)
    const module = new WebAssembly.Module(assembleKernels(shared))
    this.#instances = memories.map((memory) => instantiate(module, memory))
    this.#chunks = chunks.length
    this.#shared = {
      control: new Int32Array(new SharedArrayBuffer(16)),
      chunks: new Int32Array(new SharedArrayBuffer(Math.max(1, chunks.length) * 4 * words)),
      numbers: new Float64Array(new SharedArrayBuffer(56)),
      results: new Float64Array(new SharedArrayBuffer(Math.max(1, chunks.length) * 8))
    }
    chunks.forEach((chunk, index) => this.#shared.chunks.set(wordsOf(chunk), index * words))
    // Helpers see only shared memory.
    const helpers = shared ? Math.min(threads, chunks.length) - 1 : 0
    this.#helpers = Array.from({ length: Math.max(0, helpers) }, () => startHelper(module, memories, this.#shared))
  }

  /** One kernel instance per memory, for loops of one's own. */
  kernels(memory: number): Kernels {
    return this.#instances[memory]!
  }

  /** Σ g² over all chunks, added up in their order. */
  sumSquares(): number {
    this.#run(1)
    let total = 0
    for (let index = 0; index < this.#chunks; index++) total += this.#shared.results[index]!
    return total
  }

  adamw(numbers: AdamwNumbers): void {
    const { rate, beta1, beta2, epsilon, decay, scale, correction } = numbers
    this.#shared.numbers.set([rate, beta1, beta2, epsilon, decay, scale, correction])
    this.#run(2)
  }

  /** Puts into 8 bits what has changed otherwise than by `adamw`. */
  round(): void {
    this.#run(3)
  }

  async close(): Promise<void> {
    Atomics.store(this.#shared.control, 3, -1)
    Atomics.add(this.#shared.control, 0, 1)
    Atomics.notify(this.#shared.control, 0)
    await Promise.all(this.#helpers.map((helper) => helper.terminate()))
  }

  #run(kernel: number): void {
    const { control } = this.#shared
    Atomics.store(control, 2, 0)
    Atomics.store(control, 3, kernel)
    Atomics.store(control, 1, 0)
    Atomics.add(control, 0, 1)
    Atomics.notify(control, 0)
    work(this.#instances, this.#shared)
    // The last chunks may still be with a helper, for well under a millisecond.
    while (Atomics.load(control, 2) < this.#chunks) Atomics.wait(control, 2, Atomics.load(control, 2), 1)
    // A helper that wakes late must not find a chunk.
    Atomics.store(control, 1, this.#chunks)
  }
}

type Seven = readonly [number, number, number, number, number, number, number]

/**
 * Takes chunks until none is left. Words of `control`: 0 the number of the run, 1 the next chunk, 2 finished chunks, 3 the kernel: 1 sums
 * squares, 2 updates, and rounds what is to be rounded, 3 does that alone.
 * This function is also sent to the helpers as text, so it uses nothing but its arguments.
 */
function work(instances: readonly Kernels[], { control, chunks, numbers, results }: Shared): void {
  // As many words as `wordsOf` gives a chunk.
  const size = 13
  const count = chunks.length / size
  for (;;) {
    const index = Atomics.add(control, 1, 1)
    if (index >= count) return
    // Read after the chunk was taken: only then do they surely belong to its run.
    const [rate, beta1, beta2, epsilon, decay, scale, correction] = numbers as unknown as Seven
    const at = (word: number): number => chunks[index * size + word]!
    const [memory, p, g, m, v] = [at(0), at(1), at(2), at(3), at(4)]
    const [length, decays, q, t, s] = [at(5), at(6), at(7), at(8), at(9)]
    const [rows, width, stride] = [at(10), at(11), at(12)]
    const kernels = instances[memory]!
    const kernel = Atomics.load(control, 3)
    if (kernel === 1) results[index] = kernels.sumSquares(g, length)
    if (kernel === 2)
      kernels.adamw(p, g, m, v, length, rate, beta1, beta2, epsilon, decays ? decay : 1, scale, correction)
    if (kernel > 1 && rows > 0) {
      // At once, while the rows are still in this core's cache.
      kernels.roundRows(p, q, s, rows, width)
      kernels.turnRows(q, t, rows, width, stride)
    }
    Atomics.add(control, 2, 1)
    Atomics.notify(control, 2)
  }
}

/** A helper's life; sent to it as text together with `work`. */
function helperLoop(instances: readonly Kernels[], shared: Shared, doWork: typeof work): void {
  for (let seen = 0; ;) {
    Atomics.wait(shared.control, 0, seen)
    seen = Atomics.load(shared.control, 0)
    if (Atomics.load(shared.control, 3) < 0) return
    doWork(instances, shared)
  }
}

function startHelper(module: WebAssembly.Module, memories: readonly WebAssembly.Memory[], shared: Shared): Worker {
  // As text, so that no bundler has to know about a second file.
  const source = `
    const { module, memories, shared } = require('node:worker_threads').workerData
    const instances = memories.map((memory) => new WebAssembly.Instance(module, { env: { memory } }).exports)
    ;(${helperLoop.toString()})(instances, shared, ${work.toString()})`
  const worker = new Worker(source, { eval: true, workerData: { module, memories, shared }, execArgv: [] })
  worker.unref()
  return worker
}

function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernels {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels
}
