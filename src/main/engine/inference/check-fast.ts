/** Whether a model's vectors in the fast precision serve as well as the exact ones, found out on the texts at hand. */
import { LabError } from '../../contract/error.ts'
import type { Graph } from '../../graph/index.ts'
import type { ContextOptions } from '../../models/context.ts'
import { checkFinite } from '../finite.ts'
import { floats, type Tensors } from '../tensors.ts'
import { Runner, type InferenceModel } from './model.ts'

/** So much of what is nearest among exact vectors must be nearest among the fast ones too: what retrieval hangs on, which a cosine does
 * not show. Queries are always exact (`worker/retrieving.ts`). */
const leastOverlap = 0.97
/** With too few texts to have neighbours, vectors of both must be at least this alike. */
const leastCosine = 0.99
/** Neighbours that are compared, of every text. */
const neighbours = 32
const fewestTexts = 16
const checked = new WeakSet<Runner>()

/** So many of the texts are embedded twice, in batches of `batchTexts`. */
const textsToCheck = 192
const batchTexts = 16

/** A graph that embeds texts, and what it is fed for some of them. */
export interface Embedding {
  /** By which its runner is kept. */
  name: string
  graph: (context: ContextOptions) => Graph
  /** How many texts there are. */
  texts: number
  feeds: (indices: readonly number[]) => Tensors
}

/**
 * Compares with fp32 on some of the texts that are to be embedded, once for each session: some processors add 8-bit products
 * with saturation, and some models have a few huge channels. What counts is whether the same texts are nearest.
 * @throws LabError `fast-inaccurate`
 */
export async function checkFast(
  model: InferenceModel,
  runner: Runner,
  { graph, texts, feeds: feedsFor }: Pick<Embedding, 'graph' | 'texts' | 'feeds'>
): Promise<void> {
  if (checked.has(runner)) return
  const every = Math.max(1, Math.ceil(texts / textsToCheck))
  const rows = Array.from({ length: Math.ceil(texts / every) }, (_, at) => at * every)
  const { rounded, adapter } = model
  const exact = await Runner.create(
    { ...model, weight: (name) => model.weight(name), precision: 'fp32', live: true },
    graph({
      ...(rounded ? { quantized: rounded.how(null) } : {}),
      ...(adapter ? { adapter: adapter.beside } : {})
    }),
    { besides: (name) => rounded?.get(name) ?? adapter?.get(name) }
  )
  const expected: number[] = []
  const actual: number[] = []
  try {
    for (let start = 0; start < rows.length; start += batchTexts) {
      const feeds = feedsFor(rows.slice(start, start + batchTexts))
      const vectors = floats((await exact.run(feeds))['vectors']!)
      checkFinite(vectors, 'a vector')
      expected.push(...vectors)
      actual.push(...floats((await runner.run(feeds))['vectors']!))
    }
  } finally {
    await exact.release()
  }
  const width = expected.length / rows.length
  const [a, b] = [Float32Array.from(actual), Float32Array.from(expected)]
  const cosine = meanCosine(a, b, width)
  const overlap = rows.length < fewestTexts ? null : neighbourOverlap(a, b, width)
  const good = overlap === null ? cosine >= leastCosine : overlap >= leastOverlap
  if (!good) {
    const found =
      overlap === null
        ? `mean cosine ${cosine.toFixed(4)}, at least ${leastCosine} expected`
        : `${(100 * overlap).toFixed(1)} % of the nearest texts stay the nearest, at least ${100 * leastOverlap} % expected`
    throw new LabError(
      'fast-inaccurate',
      `With 8-bit products this model's vectors differ too much from the exact ones (${found}). ` +
        'Use fp32 for this model on this machine.',
      { details: { cosine, overlap } }
    )
  }
  checked.add(runner)
}

/** For each row of `b`, the share of its nearest others in `b` that are its nearest in `a` too; up to 32, at most a third of the rows. */
export function neighbourOverlap(a: Float32Array, b: Float32Array, width: number): number {
  const rows = a.length / width
  const count = Math.min(neighbours, Math.max(1, Math.floor(rows / 3)))
  let hits = 0
  for (let row = 0; row < rows; row++) {
    const wanted = new Set(nearest(b, b, { width, row, count }))
    for (const other of nearest(b, a, { width, row, count })) if (wanted.has(other)) hits++
  }
  return hits / (rows * count)
}

/** The `count` other rows of `vectors` at the least distance from a row of `queries`. */
function nearest(
  queries: Float32Array,
  vectors: Float32Array,
  { width, row, count }: { width: number; row: number; count: number }
): number[] {
  const distances = Array.from({ length: vectors.length / width }, (_, other) => {
    let sum = 0
    for (let at = 0; at < width; at++) sum += (queries[row * width + at]! - vectors[other * width + at]!) ** 2
    return { other, sum }
  })
  return distances
    .filter(({ other }) => other !== row)
    .sort((x, y) => x.sum - y.sum)
    .slice(0, count)
    .map(({ other }) => other)
}

/** Mean cosine between the rows of two matrices. */
export function meanCosine(a: Float32Array, b: Float32Array, width: number): number {
  let sum = 0
  for (let start = 0; start < a.length; start += width) {
    let [product, left, right] = [0, 0, 0]
    for (let index = start; index < start + width; index++) {
      product += a[index]! * b[index]!
      left += a[index]! ** 2
      right += b[index]! ** 2
    }
    sum += product / Math.sqrt(left * right)
  }
  return (sum * width) / a.length
}
