import type { DatasetFile } from '../../contract/dataset-file.ts'
import { mostNearnessRows } from '../../contract/reranking.ts'
import { LabError } from '../../contract/error.ts'
import type { Engine, LabelledPair } from '../../engine/engine.ts'
import { Random } from '../../random/random.ts'
import { embedAll, type Encoder } from '../../retrieval/encoder.ts'
import { rowsByTask } from './draw.ts'
import type { RankedSet } from './pairs-file.ts'

/**
 * Nearness as a first lesson for a pair classifier: the vectors of a sentence encoder say of any two rows how near they are, without a
 * label and as often as one likes. What it takes to compare two texts is learnt from that, and mined labels then say what to make of it.
 */

/** Of so many rows the nearest is one partner, and any other the second: so near and far ones are about as frequent. */
const sample = 16

interface Drawing {
  pairs: number
  seed: number
  /** Tasks of which no row is drawn. */
  without: ReadonlySet<string>
  /** The labels are exchanged at random: the control has nothing to learn. */
  shuffled: boolean
  signal: AbortSignal
}

/**
 * Pairs of rows, of which the nearer half is labelled 1. Rows are drawn as those of query sets are: a group, a task of it, a row. The
 * same for the same dataset, vectors and seed.
 */
export async function drawNearnessPairs(
  dataset: DatasetFile,
  encoder: Encoder,
  { pairs, seed, without, shuffled, signal }: Drawing
): Promise<LabelledPair[]> {
  const random = new Random(seed).fork('nearness')
  const tasks = [...rowsByTask(dataset)].filter(([name]) => !without.has(name))
  const each = Math.ceil(mostNearnessRows / Math.max(1, tasks.length))
  const ids: number[] = []
  const placed = tasks.map(([, { group, ids: all }]) => {
    const own = random.sample(all, Math.min(each, all.length))
    const places = own.map((id) => ids.push(id) - 1)
    return { group, places }
  })
  const texts = dataset.getMany(ids).map(({ input }) => input)
  const vectors = ofLengthOne(await embedAll(encoder, texts, signal), encoder.dimension)
  if (ids.length < 2) {
    throw new LabError(
      'too-few-rows',
      'The tasks that do not judge have fewer than two rows, so that there is nothing to tell near from far by. Let fewer tasks judge.',
      { details: { rows: ids.length } }
    )
  }
  const groups = [...Map.groupBy(placed, ({ group }) => group).values()]
  const draw = (): number => random.pick(random.pick(random.pick(groups)).places)
  const drawn: { first: number; second: number; nearness: number }[] = []
  while (drawn.length < pairs) {
    const first = draw()
    const partners = Array.from({ length: sample }, draw)
      .filter((second) => second !== first)
      .map((second) => ({ first, second, nearness: product(vectors, encoder.dimension, first, second) }))
      .sort((a, b) => b.nearness - a.nearness)
    if (partners.length < 2) continue
    drawn.push(partners[0]!, random.pick(partners.slice(1)))
  }
  // By rank, so that it is one half also where many are equally near.
  const order = drawn.map((_, at) => at).sort((a, b) => drawn[b]!.nearness - drawn[a]!.nearness || a - b)
  const labels: number[] = []
  order.forEach((at, rank) => (labels[at] = rank < drawn.length >> 1 ? 1 : 0))
  const said = shuffled ? random.shuffle(labels) : labels
  return drawn.map(({ first, second }, at) => ({ first: texts[first]!, second: texts[second]!, label: said[at]! }))
}

/** Scores pairs of these sets' texts by the cosine of their vectors, so that the teacher is measured as its pupil is. */
export async function cosineScorer(
  encoder: Encoder,
  sets: readonly RankedSet[],
  signal: AbortSignal
): Promise<Pick<Engine, 'scorePairs'>> {
  const texts = [...new Set(sets.flatMap(({ queries, labelled }) => [...queries, ...labelled.map(({ text }) => text)]))]
  const placeOf = new Map(texts.map((text, place) => [text, place]))
  const vectors = ofLengthOne(await embedAll(encoder, texts, signal), encoder.dimension)
  return {
    scorePairs: (pairs) =>
      Promise.resolve(
        pairs.map(([first, second]) => product(vectors, encoder.dimension, placeOf.get(first)!, placeOf.get(second)!))
      )
  }
}

function ofLengthOne(vectors: Float32Array, dimension: number): Float32Array {
  for (let start = 0; start < vectors.length; start += dimension) {
    const own = vectors.subarray(start, start + dimension)
    const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0)) || 1
    own.forEach((value, at) => (own[at] = value / length))
  }
  return vectors
}

function product(vectors: Float32Array, dimension: number, a: number, b: number): number {
  let sum = 0
  for (let at = 0; at < dimension; at++) sum += vectors[a * dimension + at]! * vectors[b * dimension + at]!
  return sum
}
