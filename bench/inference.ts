/**
 * Embedding and generation, beside Sentence-Transformers and Transformers where RECROSS_BENCH_PYTHON names a Python that has
 * them. Weights are random: speed does not depend on them. Texts are the demo suite's, or the lines of RECROSS_BENCH_TEXTS.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Random } from '../src/main/random/random.ts'
import { physicalCores } from '../src/main/machine/cores.ts'
import { decodeByBeams } from '../src/main/engine/inference/beam.ts'
import { decodeGreedily } from '../src/main/engine/inference/greedy.ts'
import { createInference } from '../src/main/engine/inference/index.ts'
import { Runners } from '../src/main/engine/inference/model.ts'
import { meanCosine } from '../src/main/engine/inference/check-fast.ts'
import type { ConfigFields } from '../src/main/models/create.ts'
import { bartBase, bartSmall, benchTexts, makeFolder, miniLm, openModel, writeVocabulary } from './inference-model.ts'
import { startInferencePeer, type InferencePeer } from './inference-peer.ts'
import type { StepTime } from './training-peer.ts'
import { sized } from './size.ts'
import { plain, type BenchResult, type BenchSuite } from './suite.ts'
import { median } from '../src/main/sums/sums.ts'

const rounds = sized(5, 1)
const threads = physicalCores()

export const suite: BenchSuite = {
  name: 'inference',
  async run(report) {
    if (process.env['RECROSS_BENCH_ONLY'] === 'fast') return
    const folder = mkdtempSync(join(tmpdir(), 'recross-bench-'))
    await benchEmbedding(join(folder, 'minilm'), report)
    const peer = startInferencePeer(threads)
    try {
      await benchDecoding(join(folder, 'bart-base'), bartBase, 'bart-base shape', { rows: 8, beams: 1 }, peer, report)
      await benchDecoding(join(folder, 'bart-base'), bartBase, 'bart-base shape', { rows: 4, beams: 4 }, peer, report)
      await benchDecoding(join(folder, 'bart-small'), bartSmall, 'demo shape', { rows: 16, beams: 1 }, peer, report)
    } finally {
      await peer?.close()
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

type Report = (result: BenchResult) => void

/** On one core, on either side: an index is embedded by a process for each core. */
async function benchEmbedding(folder: string, report: Report): Promise<void> {
  const peer = startInferencePeer(1)
  try {
    await compareEmbedding(folder, peer, report)
  } finally {
    await peer?.close()
  }
}

async function compareEmbedding(folder: string, peer: InferencePeer | null, report: Report): Promise<void> {
  const texts = benchTexts(sized(256, 16))
  await makeFolder(folder, miniLm)
  writeVocabulary(folder, texts, 30522)
  const model = { ...(await openModel(folder)), threads: 1 }
  const exact = createInference(model)
  const fast = createInference({ ...model, precision: 'fast' })
  const vectors = async (inference: typeof exact): Promise<Float32Array> => {
    const result = new Float32Array(texts.length * 384)
    for await (const { indices, vectors: rows } of inference.embed(texts)) {
      indices.forEach((index, row) => result.set(rows.subarray(row * 384, (row + 1) * 384), index * 384))
    }
    return result
  }
  const [expected, rounded] = [await vectors(exact), await vectors(fast)]
  const theirs = await peer?.embed(folder, texts)
  const alike = theirs ? meanCosine(expected.subarray(0, 384), Float32Array.from(theirs.first), 384) : null
  const times = newTimes()
  for (let round = 0; round < rounds; round++) {
    times.ours.push(await timeOf(() => vectors(exact)))
    times.fast.push(await timeOf(() => vectors(fast)))
    if (peer) times.theirs.push(await peer.embed(folder, texts))
  }
  await exact.close()
  await fast.close()
  const rate = (list: readonly StepTime[]): number => texts.length / middle(list, 'seconds')
  const tokens = exact.countTokens(texts).reduce((sum, count) => sum + count, 0)
  report(
    plain(
      'embedding on one core, MiniLM shape, fp32',
      rate(times.ours),
      'texts/s',
      `${(tokens / texts.length).toFixed(0)} tokens a text`
    )
  )
  report(plain('embedding on one core, MiniLM shape, fast', rate(times.fast), 'texts/s'))
  if (peer) {
    report(
      plain('embedding, sentence-transformers', rate(times.theirs), 'texts/s', `cosine to ours ${alike?.toFixed(6)}`)
    )
    ratio('embedding, ours / sentence-transformers', [times.theirs, times.ours], 1.3, report)
    ratio('embedding, ours fast / sentence-transformers', [times.theirs, times.fast], 3.5, report)
  }
  ratio('embedding, fast / fp32', [times.ours, times.fast], 2, report)
  report(aimed('embedding, cosine of fast to fp32', meanCosine(rounded, expected, 384), 0.99, ''))
}

async function benchDecoding(
  folder: string,
  fields: ConfigFields,
  shape: string,
  { rows, beams }: { rows: number; beams: number },
  peer: InferencePeer | null,
  report: Report
): Promise<void> {
  const tokens = sized(64, 4)
  await makeFolder(folder, fields)
  const model = await openModel(folder)
  // Random weights: every answer is to have the full length.
  const settings = { ...model.generation!, eos: [], forcedEos: null }
  const random = new Random(5)
  const sources = Array.from({ length: rows }, () =>
    Array.from({ length: sized(128, 16) }, () => random.between(5, model.config.vocabularySize - 1))
  )
  const [runners, fastRunners] = [new Runners(model), new Runners({ ...model, precision: 'fast' })]
  const decode = async (runners: Runners): Promise<number[][]> => {
    const decoding = { model, runners, inputs: sources, settings, start: 2, maxNewTokens: tokens }
    if (beams === 1) return decodeGreedily(decoding)
    return (await decodeByBeams(decoding, beams)).map(({ ids }) => ids)
  }
  const ours = await decode(runners)
  await decode(fastRunners)
  const theirs = await peer?.generate(folder, sources, tokens, beams)
  const same = theirs?.ids.every((ids, row) => ids.slice(1).join() === ours[row]!.join())
  const times = newTimes()
  for (let round = 0; round < rounds; round++) {
    times.ours.push(await timeOf(() => decode(runners)))
    times.fast.push(await timeOf(() => decode(fastRunners)))
    if (peer) times.theirs.push(await peer.generate(folder, sources, tokens, beams))
  }
  await runners.release()
  await fastRunners.release()
  const what = `${beams === 1 ? 'greedy' : `${beams} beams`}, ${shape}, batch ${rows}`
  report(
    plain(
      what,
      (middle(times.ours, 'seconds') * 1000) / tokens,
      'ms/token',
      'source 128 tokens, 64 new ones (the longest of ReCross), encoder included'
    )
  )
  report(plain(`${what}, fast`, (middle(times.fast, 'seconds') * 1000) / tokens, 'ms/token'))
  if (!peer) return
  report(
    plain(
      `${what}, Transformers`,
      (middle(times.theirs, 'seconds') * 1000) / tokens,
      'ms/token',
      same ? 'same ids' : 'OTHER IDS'
    )
  )
  ratio(`${what}, ours / Transformers`, [times.theirs, times.ours], 2, report)
  ratio(`${what}, ours fast / Transformers`, [times.theirs, times.fast], 4, report)
}

function aimed(name: string, value: number, least: number, unit = '×'): BenchResult {
  return { name, value, unit, aim: `at least ${least}`, holds: value >= least }
}

const newTimes = () => ({ ours: [] as StepTime[], fast: [] as StepTime[], theirs: [] as StepTime[] })

const middle = (list: readonly StepTime[], kind: keyof StepTime): number => median(list.map((one) => one[kind]))

/** By the clock, which the aim is for, and in processor time, which others on the machine change less. */
function ratio(
  name: string,
  [theirs, ours]: readonly [readonly StepTime[], readonly StepTime[]],
  least: number,
  report: Report
): void {
  report(aimed(name, middle(theirs, 'seconds') / middle(ours, 'seconds'), least))
  report(plain(`${name}, processor time`, middle(theirs, 'processor') / middle(ours, 'processor'), '×'))
}

async function timeOf(work: () => Promise<unknown>): Promise<StepTime> {
  const [start, before] = [performance.now(), process.cpuUsage()]
  await work()
  const { user, system } = process.cpuUsage(before)
  return { seconds: (performance.now() - start) / 1000, processor: (user + system) / 1e6 }
}
