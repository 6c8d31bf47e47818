import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { feedsOf } from '../../src/main/engine/inference/batches.ts'
import { GraphSession } from '../../src/main/engine/session.ts'
import { floats, int64, float32, type Tensors } from '../../src/main/engine/tensors.ts'
import { backward } from '../../src/main/gradient/index.ts'
import type { Graph } from '../../src/main/graph/index.ts'
import { sourceBatch, trainingBatch } from '../../src/main/models/batch.ts'
import type { EncoderConfig, Seq2SeqConfig } from '../../src/main/models/config.ts'
import {
  classifierGraph,
  classifierLoss,
  embeddingGraph,
  hiddenStatesGraph,
  trainingLoss,
  type LossGraph
} from '../../src/main/models/graphs.ts'
import { poolingBatch, type PoolingMode } from '../../src/main/models/pooling.ts'
import {
  encoderCases,
  pairCases,
  readCase,
  relativeError,
  seq2seqCases,
  weightFeeds,
  type GoldenCase,
  type Seq2SeqGolden
} from '../oracle/golden.ts'

/** Agreement with PyTorch that is asked for; measured are 1e-6 forward and 4e-6 for gradients. */
const forwardTolerance = 1e-4
const gradientTolerance = 1e-3
/** Gradients that are zero in theory (the bias of a key projection) are rounding noise below this. */
const noise = 1e-6

async function run(graph: Graph, feeds: Tensors): Promise<Record<string, Float32Array>> {
  const session = await GraphSession.create(graph, { threads: 1 })
  const outputs = await session.run(feeds)
  await session.release()
  return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, floats(tensor)]))
}

/** Transformers gives a state for padding too; those of the tokens alone, one sequence behind the other. */
function withoutPadding(states: ArrayLike<number>, rows: readonly (readonly number[])[], width: number): number[] {
  const length = Math.max(...rows.map((ids) => ids.length))
  return rows.flatMap((ids, row) =>
    Array.from({ length: ids.length * width }, (_, at) => states[row * length * width + at]!)
  )
}

const pooledBy = (pooling: PoolingMode, rows: readonly (readonly number[])[]) =>
  poolingBatch(
    { pooling, normalize: false },
    rows.map((ids) => ({ ids }))
  )

/** Relative errors of the gradients of every trained weight against `prefix:NAME`. */
async function gradientErrors(
  golden: GoldenCase,
  { g, loss }: LossGraph,
  feeds: Tensors,
  prefix: string
): Promise<{ count: number; worst: number; where: string; loss: number }> {
  const names = golden.expectedNames(`${prefix}:`).map((name) => name.slice(prefix.length + 1))
  const bare = (name: string) => name.replace(/^(roberta|bert|electra|albert|deberta|model)\./, '')
  const weights = names.map((name) => {
    const named = (own: string) => golden.parameters.find((candidate) => candidate.name === own)
    const parameter = named(name) ?? named(bare(name))
    if (!parameter) throw new Error(`the model has no parameter for ${name}`)
    return g.weight(parameter.name, parameter.dims)
  })
  backward(g, loss, weights).forEach(({ dense }, index) => g.output(`gradient/${index}`, dense!))
  g.output('loss', loss)
  const outputs = await run(g.build(), feeds)
  let worst = 0
  let where = ''
  names.forEach((name, index) => {
    const expected = golden.expected(`${prefix}:${name}`)
    const actual = outputs[`gradient/${index}`]!
    if (expected.every((value) => Math.abs(value) < noise)) {
      expect(Math.max(...actual.map(Math.abs)), name).toBeLessThan(10 * noise)
      return
    }
    const error = relativeError(actual, expected)
    if (error > worst) [worst, where] = [error, name]
  })
  return { count: names.length, worst, where, loss: outputs['loss']![0]! }
}

describe.each(seq2seqCases)('%s', (name) => {
  test('encoder states, their means and losses are those of Transformers', async () => {
    const golden = await readCase<Seq2SeqGolden>(name)
    const config = golden.config as Seq2SeqConfig
    const weights = weightFeeds(golden)
    for (const [index, { source, target }] of golden.golden.batches.entries()) {
      const feeds = {
        ...weights,
        ...feedsOf({ ...trainingBatch(config, source, target), ...pooledBy('mean', source) })
      }
      const { hidden } = await run(hiddenStatesGraph(config, golden.parameters), feeds)
      const expected = withoutPadding(golden.expected(`hidden:${index}`), source, config.hiddenSize)
      expect(relativeError(hidden!, expected)).toBeLessThan(forwardTolerance)
      const how = { pooling: 'mean', normalize: false } as const
      const { vectors } = await run(embeddingGraph(config, golden.parameters, how), feeds)
      expect(relativeError(vectors!, golden.expected(`mean:${index}`))).toBeLessThan(forwardTolerance)
      const { g, loss } = trainingLoss(config, golden.parameters)
      g.output('loss', loss)
      const outputs = await run(g.build(), feeds)
      expect(relativeError(outputs['loss']!, [golden.golden.losses[index]!])).toBeLessThan(forwardTolerance)
    }
  })

  test('every gradient is that of PyTorch', async () => {
    const golden = await readCase<Seq2SeqGolden>(name)
    const config = golden.config as Seq2SeqConfig
    const { source, target } = golden.golden.batches[0]!
    const feeds = { ...weightFeeds(golden), ...feedsOf(trainingBatch(config, source, target)) }
    const result = await gradientErrors(golden, trainingLoss(config, golden.parameters), feeds, 'gradient')
    expect(result.count).toBe(golden.parameters.filter(({ trainable }) => trainable).length)
    expect(result.worst, result.where).toBeLessThan(gradientTolerance)
  })
})

test('label smoothing: loss and gradients are those of PyTorch', async () => {
  const golden = await readCase<Seq2SeqGolden>('bart')
  const config = golden.config as Seq2SeqConfig
  const { batches, smoothing, smoothedLosses } = golden.golden
  const feeds = { ...weightFeeds(golden), ...feedsOf(trainingBatch(config, batches[0]!.source, batches[0]!.target)) }
  const loss = trainingLoss(config, golden.parameters, { smoothing })
  const result = await gradientErrors(golden, loss, feeds, 'smoothedGradient')
  expect(relativeError([result.loss], [smoothedLosses[0]!])).toBeLessThan(forwardTolerance)
  expect(result.worst, result.where).toBeLessThan(gradientTolerance)
})

test('padding changes nothing: a row alone has the states it has in a batch', async () => {
  for (const name of ['bart', 't5', 'mpnet'] as const) {
    const golden = await readCase<{ batches?: { source: number[][] }[]; rows?: number[][] }>(name)
    const rows = golden.golden.rows ?? golden.golden.batches![0]!.source
    const graph = embeddingGraph(golden.config, golden.parameters, { pooling: 'mean', normalize: false })
    const vectors = async (ids: number[][]) => {
      const batch = {
        ...sourceBatch(
          golden.config,
          ids.map((row) => ({ ids: row }))
        ),
        ...pooledBy('mean', ids)
      }
      return (await run(graph, { ...weightFeeds(golden), ...feedsOf(batch) }))['vectors']!
    }
    const together = await vectors(rows)
    const alone = await Promise.all(rows.map((row) => vectors([row])))
    expect(
      relativeError(
        together,
        alone.flatMap((row) => [...row])
      )
    ).toBeLessThan(1e-5)
  }
})

describe.each(encoderCases)('%s', (name) => {
  test('embeddings are those of Transformers, pooled and normalised both ways', async () => {
    const golden = await readCase<{ rows: number[][] }>(name)
    const rows = golden.golden.rows.map((ids) => ({ ids }))
    for (const pooling of ['mean', 'cls'] as const) {
      const batch = { ...sourceBatch(golden.config, rows), ...pooledBy(pooling, golden.golden.rows) }
      const feeds = { ...weightFeeds(golden), ...feedsOf(batch) }
      for (const normalize of [false, true]) {
        const { vectors } = await run(embeddingGraph(golden.config, golden.parameters, { pooling, normalize }), feeds)
        const expected = golden.expected(normalize ? `${pooling}:normalized` : pooling)
        expect(relativeError(vectors!, expected)).toBeLessThan(forwardTolerance)
      }
    }
  })
})

/** Made by test/oracle/pad_goldens.py. */
const padGolden = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'oracle', 'golden', 'pad-in-text.json'), 'utf8')
) as Record<string, { rows: number[][]; means: number[][] }>

describe('a padding id in a text', () => {
  test.each(Object.entries(padGolden))('%s counts its places as Transformers does', async (name, { rows, means }) => {
    const { config, parameters, ...golden } = await readCase(name)
    const pooling = { pooling: 'mean', normalize: false } as const
    const batch = {
      ...sourceBatch(
        config,
        rows.map((ids) => ({ ids }))
      ),
      ...pooledBy('mean', rows)
    }
    const feeds = { ...weightFeeds({ config, parameters, ...golden }), ...feedsOf(batch) }
    const { vectors } = await run(embeddingGraph(config, parameters, pooling), feeds)
    expect(relativeError(vectors!, means.flat())).toBeLessThan(forwardTolerance)
  })
})

describe.each(pairCases)('%s', (name) => {
  test('scores, loss and every gradient are those of PyTorch', async () => {
    const golden = await readCase<{ rows: number[][]; types?: number[][]; labels: number[]; loss: number }>(name)
    const config = golden.config as EncoderConfig
    const { rows, types, labels, loss } = golden.golden
    const count = rows.length
    const feeds = {
      ...weightFeeds(golden),
      ...feedsOf(
        sourceBatch(
          config,
          rows.map((ids, row) => ({ ids, ...(types ? { types: types[row]! } : {}) }))
        )
      ),
      label_ids: int64(labels, [count]),
      label_weights: float32(new Float32Array(count).fill(1 / count), [count])
    }
    const { logits } = await run(classifierGraph(config, golden.parameters), feeds)
    expect(relativeError(logits!, golden.expected('logits'))).toBeLessThan(forwardTolerance)
    const result = await gradientErrors(golden, classifierLoss(config, golden.parameters), feeds, 'gradient')
    expect(relativeError([result.loss], [loss])).toBeLessThan(forwardTolerance)
    expect(result.worst, result.where).toBeLessThan(gradientTolerance)
  })
})
