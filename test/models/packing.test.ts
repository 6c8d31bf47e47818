/**
 * Sequences of a batch do not see each other: whatever the lengths, a batch gives what its rows give one by one, where there is
 * nothing to pack or to pad. Losses, every gradient, states, pooled vectors.
 */
import { describe, expect, test } from 'vitest'
import { Random } from '../../src/main/random/random.ts'
import { feedsOf } from '../../src/main/engine/inference/batches.ts'
import { GraphSession } from '../../src/main/engine/session.ts'
import { floats, type Tensors } from '../../src/main/engine/tensors.ts'
import { backward } from '../../src/main/gradient/index.ts'
import { sourceBatch, trainingBatch } from '../../src/main/models/batch.ts'
import type { Seq2SeqConfig } from '../../src/main/models/config.ts'
import { embeddingGraph, hiddenStatesGraph, trainingLoss } from '../../src/main/models/graphs.ts'
import { poolingBatch, type PoolingMode } from '../../src/main/models/pooling.ts'
import { readCase, relativeError, weightFeeds, type GoldenCase } from '../oracle/golden.ts'

const tolerance = 1e-5
/** Gradients are sums over all rows, in another order. */
const gradientTolerance = 5e-5
const longest = 40
const batches = 6
const poolings: PoolingMode[] = ['mean', 'cls', 'max', 'mean_sqrt_len_tokens', 'weightedmean', 'lasttoken']

/** Rows of 1 to `longest` ids; in every third batch all of them are short but one. */
function randomRows(random: Random, config: GoldenCase['config'], batch: number): number[][] {
  const count = random.between(1, 5)
  return Array.from({ length: count }, (_, row) => {
    const length = batch % 3 === 2 && row > 0 ? random.between(1, 3) : random.between(1, longest)
    return Array.from({ length }, () => random.between(3, config.vocabularySize - 1))
  })
}

const alone = (rows: readonly number[][]) => rows.map((ids) => ({ ids }))

describe.each(['bart', 't5', 'pegasus'])('%s', (name) => {
  test('loss and gradients of a batch are the sums of those of its rows', async () => {
    const golden = await readCase(name)
    const config = golden.config as Seq2SeqConfig
    const { g, loss } = trainingLoss(config, golden.parameters, { smoothing: 0.1 })
    const trained = golden.parameters.filter(({ trainable, source }) => trainable && source !== null)
    const weights = trained.map((parameter) => g.weight(parameter.name, parameter.dims))
    backward(g, loss, weights).forEach(({ dense }, index) => g.output(`gradient/${index}`, dense!))
    g.output('loss', loss)
    const session = await GraphSession.create(g.build(), { threads: 1 })
    const fixed = weightFeeds(golden)
    const run = async (feeds: Tensors) => {
      const outputs = await session.run({ ...fixed, ...feeds })
      const gradients = trained.flatMap((_, index) => [...floats(outputs[`gradient/${index}`]!)])
      return { loss: floats(outputs['loss']!)[0]!, gradients }
    }
    const random = new Random(17)
    for (let batch = 0; batch < batches; batch++) {
      const sources = randomRows(random, config, batch)
      const targets = randomRows(random, config, batch + 1)
      const rows = Array.from({ length: Math.min(sources.length, targets.length) }, (_, row) => row)
      const labels = rows.reduce((sum, row) => sum + targets[row]!.length, 0)
      const batchOf = (some: readonly number[]) =>
        feedsOf(
          trainingBatch(
            config,
            some.map((row) => sources[row]!),
            some.map((row) => targets[row]!),
            labels
          )
        )
      const together = await run(batchOf(rows))
      let sum = 0
      const gradients = new Float64Array(together.gradients.length)
      for (const row of rows) {
        const one = await run(batchOf([row]))
        sum += one.loss
        one.gradients.forEach((value, at) => (gradients[at]! += value))
      }
      expect(Math.abs(together.loss - sum) / sum).toBeLessThan(tolerance)
      expect(relativeError(together.gradients, [...gradients]), `batch ${batch}`).toBeLessThan(gradientTolerance)
    }
    await session.release()
  })
})

describe.each(['bart', 't5', 'mpnet', 'bert', 'albert', 'deberta-v3', 'deberta-v2', 'modernbert'])('%s', (name) => {
  test('states and pooled vectors of a batch are those of its rows', async () => {
    const golden = await readCase(name)
    const { config, parameters } = golden
    const how = { pooling: poolings, normalize: false }
    const graphs = { hidden: hiddenStatesGraph(config, parameters), vectors: embeddingGraph(config, parameters, how) }
    const fixed = weightFeeds(golden)
    for (const [output, graph] of Object.entries(graphs)) {
      const session = await GraphSession.create(graph, { threads: 1 })
      const random = new Random(5)
      for (let batch = 0; batch < batches; batch++) {
        const rows = alone(randomRows(random, config, batch))
        const run = async (some: typeof rows) => {
          const feeds = feedsOf({ ...sourceBatch(config, some), ...poolingBatch(how, some) })
          return [...floats((await session.run({ ...fixed, ...feeds }))[output]!)]
        }
        const expected: number[] = []
        for (const row of rows) expected.push(...(await run([row])))
        expect(relativeError(await run(rows), expected)).toBeLessThan(tolerance)
      }
      await session.release()
    }
  })
})
