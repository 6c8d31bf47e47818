/**
 * What a reranker costs: a trial of mining with the demo's base (ten steps in batches of two, and the loss of 100 labelled rows),
 * an influence, and pairs scored and trained on with a pair classifier of the demo encoder's shape. Processor seconds: they do
 * not depend on what else runs.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { makeSuite } from '../src/main/data/demo/suite.ts'
import type { Engine, TrainSettings } from '../src/main/engine/engine.ts'
import { loadEngine } from '../src/main/engine/load.ts'
import { makeClassifierBase } from '../src/main/worker/reranking/classifier-base.ts'
import { sized } from './size.ts'
import type { BenchResult, BenchSuite } from './suite.ts'

const demo = resolve(import.meta.dirname, '../data/demo')
const groups = sized(12, 1)
const pairCount = sized(1024, 64)
/** What a group cost when the model was loaded anew for it. */
const secondsBefore = 0.67

const settings: TrainSettings = {
  ...{ method: 'full', optimizer: 'adamw', learningRate: 1e-4, weightDecay: 0.01, epsilon: 1e-8, epochs: 1 },
  ...{ batchSize: 2, accumulation: 1, warmupSteps: 3, clipNorm: 1, labelSmoothing: 0, dropout: 0 },
  ...{ maxInputTokens: 128, maxOutputTokens: 48, seed: 1, shuffle: true }
}

export const suite: BenchSuite = {
  name: 'reranker',
  async run(report) {
    const rows = makeSuite().upstream.map(([input, outputs]) => ({ input, output: outputs[0]! }))
    const base = await loadEngine({ folder: join(demo, 'model'), provider: 'cpu', threads: 1 })
    await benchMining(base, rows, report)
    await base.close()
    const folder = mkdtempSync(join(tmpdir(), 'recross-bench-'))
    try {
      await makeClassifierBase(join(demo, 'encoder'), join(folder, 'reranker'))
      const reranker = await loadEngine({ folder: join(folder, 'reranker'), provider: 'cpu', threads: 1 })
      await benchPairs(reranker, rows, report)
      await reranker.close()
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

async function benchMining(
  base: Engine,
  rows: readonly { input: string; output: string }[],
  report: (result: BenchResult) => void
): Promise<void> {
  const trials = await base.trials(settings)
  const labelled = trials.reference(rows.slice(0, 100))
  const group = (number: number) => rows.slice(100 + 20 * number, 120 + 20 * number)
  await trials.lossesAfter(group(0), [labelled])
  const perGroup = await processorSeconds(async () => {
    for (let number = 1; number <= groups; number++) await trials.lossesAfter(group(number), [labelled])
  })
  report({
    name: 'mining, a group tuned on and judged',
    value: perGroup / groups,
    unit: 'processor s',
    aim: `half of ${secondsBefore}`,
    holds: perGroup / groups <= secondsBefore / 2,
    detail: 'demo base, 10 steps of 2, 100 labelled rows'
  })
  const candidates = rows.slice(1000, 1100)
  const influence = await processorSeconds(async () => void (await trials.influence(candidates, [labelled])))
  report({
    name: 'mining, influence of a candidate',
    value: influence / candidates.length,
    unit: 'processor s',
    aim: null,
    holds: null,
    detail: 'its share of the labelled rows included'
  })
  await trials.close()
}

async function benchPairs(
  reranker: Engine,
  rows: readonly { input: string }[],
  report: (result: BenchResult) => void
): Promise<void> {
  const pairs = Array.from(
    { length: pairCount },
    (_, index) => [rows[index % 16]!.input, rows[16 + index]!.input] as const
  )
  await reranker.scorePairs(pairs.slice(0, 64), { maxTokens: 128 })
  const scoring = await processorSeconds(async () => void (await reranker.scorePairs(pairs, { maxTokens: 128 })))
  report({ name: 'pairs scored', value: pairCount / scoring, unit: 'a processor s', aim: null, holds: null })
  const labelled = pairs.map(([first, second], index) => ({ first, second, label: index % 2 }))
  const training = await reranker.trainPairs(labelled, { ...settings, batchSize: 32, maxOutputTokens: 1 })
  let steps = 0

  const steady = training[Symbol.asyncIterator]()
  await steady.next()
  const trainingSeconds = await processorSeconds(async () => {
    while (steps < sized(16, 1) && !(await steady.next()).done) steps++
  })
  await training.close()
  report({
    name: 'pairs trained on',
    value: (32 * steps) / trainingSeconds,
    unit: 'a processor s',
    aim: null,
    holds: null
  })
}

async function processorSeconds(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}
