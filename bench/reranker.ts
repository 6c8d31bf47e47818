/**
 * What a reranker costs: a trial of mining with the demo's base (ten steps in batches of two, and the loss of 100 labelled rows),
 * an influence, and pairs scored and trained on with a pair classifier of the demo encoder's shape. Processor seconds: they do
 * not depend on what else runs. With RECROSS_BENCH_PYTHON a classifier of MiniLM's shape is also scored and trained with by
 * sentence-transformers and PyTorch, on the same pairs in the same run, by turns; RECROSS_BENCH_ONLY=peer leaves out all else.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Random } from '../src/main/random/random.ts'
import { makeSuite } from '../src/main/data/demo/suite.ts'
import type { Engine, TrainSettings } from '../src/main/engine/engine.ts'
import { loadEngine } from '../src/main/engine/load.ts'
import { createModelFolder } from '../src/main/models/create.ts'
import { trainByteLevelBpe, writeTokenizer } from '../src/main/models/tokenizers/train-bpe.ts'
import { makeClassifierBase } from '../src/main/worker/reranking/classifier-base.ts'
import { sized } from './size.ts'
import { type BenchResult, type BenchSuite } from './suite.ts'
import { median } from '../src/main/sums/sums.ts'

const demo = resolve(import.meta.dirname, '../data/demo')
const groups = sized(12, 1)
const pairCount = sized(1024, 64)
const peerPairs = sized(512, 32)
const peerSteps = sized(8, 1)
const peerRounds = sized(3, 1)
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
    const python = process.env['RECROSS_BENCH_PYTHON']
    const only = process.env['RECROSS_BENCH_ONLY'] === 'peer'
    if (!only) {
      const base = await loadEngine({ folder: join(demo, 'model'), provider: 'cpu', threads: 1 })
      await benchMining(base, rows, report)
      await base.close()
    }
    const folder = mkdtempSync(join(tmpdir(), 'recross-bench-'))
    try {
      if (!only) {
        await makeClassifierBase(join(demo, 'encoder'), join(folder, 'reranker'))
        const reranker = await loadEngine({ folder: join(folder, 'reranker'), provider: 'cpu', threads: 1 })
        await benchPairs(reranker, rows, report)
        await reranker.close()
      }
      if (python) await benchPeer(python, folder, rows, report)
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

/** Six layers of 384, as MiniLM has; one thread on either side. */
async function benchPeer(
  python: string,
  within: string,
  rows: readonly { input: string }[],
  report: (result: BenchResult) => void
): Promise<void> {
  const [folder, file] = [join(within, 'minilm'), join(within, 'pairs.json')]
  const random = new Random('minilm')
  await writeTokenizer(
    folder,
    trainByteLevelBpe(
      rows.slice(0, 2000).map(({ input }) => input),
      8000
    ),
    128
  )
  await createModelFolder(
    folder,
    {
      ...{ model_type: 'roberta', architectures: ['RobertaForSequenceClassification'], vocab_size: 8000 },
      ...{ hidden_size: 384, num_hidden_layers: 6, num_attention_heads: 12, intermediate_size: 1536 },
      ...{ max_position_embeddings: 130, type_vocab_size: 1, hidden_act: 'gelu', layer_norm_eps: 1e-5 },
      ...{ hidden_dropout_prob: 0, attention_probs_dropout_prob: 0, initializer_range: 0.02 },
      ...{ pad_token_id: 1, bos_token_id: 0, eos_token_id: 2, id2label: { 0: 'other', 1: 'useful' } },
      label2id: { other: 0, useful: 1 }
    },
    () => random.normal()
  )
  const pairs = Array.from(
    { length: peerPairs },
    (_, index) => [rows[index % 16]!.input, rows[16 + index]!.input, index % 2] as const
  )
  writeFileSync(file, JSON.stringify(pairs))
  const peers: Peer[] = []
  const own: { scoring: number; fast: number; training: number }[] = []
  let scores: number[] = []
  // By turns, so that whatever else the machine does meets both.
  for (let round = 0; round < peerRounds; round++) {
    peers.push(runPeer(python, folder, file))
    const mine = await timeOurs(folder, pairs)
    own.push(mine)
    scores = mine.scores
  }
  const theirs = (name: 'scoring' | 'training' | 'peak') => median(peers.map((one) => one[name]))
  const ours = (name: 'scoring' | 'fast' | 'training') => median(own.map((one) => one[name]))
  const [scored, trained] = [theirs('scoring') / ours('scoring'), theirs('training') / ours('training')]
  const fast = theirs('scoring') / ours('fast')
  report({
    name: 'pairs scored, of a CrossEncoder',
    value: scored,
    unit: '×',
    aim: 'at least 1.2',
    holds: scored >= 1.2,
    detail: `${(peerPairs / ours('scoring')).toFixed(0)} and ${(peerPairs / theirs('scoring')).toFixed(0)} pairs a processor s; the first logit differs by ${Math.abs(scores[0]! - peers[0]!.first[1]).toExponential(1)}`
  })
  report({
    name: 'pairs scored fast, of a CrossEncoder',
    value: fast,
    unit: '×',
    aim: 'at least 2.5',
    holds: fast >= 2.5,
    detail: `${(peerPairs / ours('fast')).toFixed(0)} pairs a processor s; ${(ours('scoring') / ours('fast')).toFixed(2)} × the exact ones`
  })
  report({
    name: 'pairs trained on, of PyTorch',
    value: trained,
    unit: '×',
    aim: 'at least 1.1',
    holds: trained >= 1.1,
    detail: `${((32 * peerSteps) / ours('training')).toFixed(0)} and ${((32 * peerSteps) / theirs('training')).toFixed(0)} pairs a processor s; peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} (everything above too) and ${(theirs('peak') / 2 ** 20).toFixed(0)} MB`
  })
}

interface Peer {
  scoring: number
  training: number
  peak: number
  first: [number, number]
}

function runPeer(python: string, folder: string, file: string): Peer {
  const script = join(import.meta.dirname, 'peers', 'pairs.py')
  return JSON.parse(
    execFileSync(python, [script, folder, file, '1', String(peerSteps)], {
      encoding: 'utf8',
      env: { ...process.env, HF_HUB_OFFLINE: '1' },
      stdio: ['ignore', 'pipe', 'ignore']
    })
  ) as Peer
}

async function timeOurs(folder: string, pairs: readonly (readonly [string, string, number])[]) {
  const texts = pairs.map(([first, second]) => [first, second] as const)
  const rounded = await loadEngine({ folder, provider: 'cpu', threads: 1, precision: 'fast' })
  const { seconds: fast } = await score(rounded, texts)
  await rounded.close()
  const engine = await loadEngine({ folder, provider: 'cpu', threads: 1 })
  const { seconds: scoring, scores } = await score(engine, texts)
  const labelled = pairs.map(([first, second, label]) => ({ first, second, label: label as 0 | 1 }))
  const training = await engine.trainPairs(labelled, { ...settings, batchSize: 32, maxOutputTokens: 1 })
  const steps = training[Symbol.asyncIterator]()
  await steps.next()
  const seconds = await processorSeconds(async () => {
    for (let step = 0; step < peerSteps; step++) await steps.next()
  })
  await training.close()
  await engine.close()
  return { scoring, fast, training: seconds, scores }
}

async function score(engine: Engine, texts: readonly (readonly [string, string])[]) {
  await engine.scorePairs(texts.slice(0, 32), { maxTokens: 128 })
  let scores: number[] = []
  const seconds = await processorSeconds(async () => {
    scores = await engine.scorePairs(texts, { maxTokens: 128, score: 'logit' })
  })
  return { seconds, scores }
}

async function processorSeconds(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}
