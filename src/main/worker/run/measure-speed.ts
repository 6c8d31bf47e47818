import { readsAnswers, withAnswer } from '../../contract/embedded-over.ts'
import type { QuestionInput, QuestionOutput } from '../../contract/questions.ts'
import type { ProviderChoice } from '../../contract/providers.ts'
import type { Engine, LoadOptions } from '../../engine/engine.ts'
import { requireTwoClasses } from '../reranking/classifier-base.ts'
import { trainSettings } from './training-data.ts'
import { median } from '../../sums/sums.ts'

interface Context {
  loadEngine(options: LoadOptions): Promise<Engine>
  threads: number | undefined
  signal: AbortSignal
}

const testRows = 16
/** A first step includes what happens only once; further ones are taken until this much time has passed. */
const secondsOfSteps = 3
/** A small model's answers take moments, in which another program may have the cores: looked at again, at most so often, for so long. */
const secondsOfAnswers = 1.5
const mostLooks = 7

/** How long this machine takes per example: tuning, answering, embedding. The texts are a sample of the real ones. */
export async function measureSpeed(
  input: QuestionInput<'measure-speed'>,
  context: Context
): Promise<QuestionOutput<'measure-speed'>> {
  const peak = { bytes: 0 }
  const started = performance.now()
  const { base, encoder, cores, provider } = input
  const own = { ...context, threads: cores ?? context.threads }
  const { base: bits, precision: tuning } = input.tune
  const engine = await load(own, base.folder, provider, { base: bits, tuning })
  const startSeconds = secondsSince(started)
  try {
    const tuneSecondsPerExample = await timeTuning(engine, input, peak)
    const evaluateSecondsPerExample =
      input.evaluation.precision === 'fp32'
        ? await timeAnswers(engine, input, context.signal)
        : await timeFastAnswers(own, input)
    sample(peak)
    // An index is built on all cores, whatever a run takes.
    const encoders = [base, ...(encoder === null ? [] : [encoder])]
    let embedSecondsPerExample = 0
    for (const { folder } of encoders)
      embedSecondsPerExample = Math.max(embedSecondsPerExample, await timeEncoder(folder, input, context))
    const rerankSecondsPerPair = await timePairs(input, { ...context, threads: cores ?? context.threads })
    sample(peak)
    return {
      rerankSecondsPerPair,
      tuneSecondsPerExample,
      evaluateSecondsPerExample,
      embedSecondsPerExample,
      startSeconds,
      peakBytes: peak.bytes,
      weights: engine.info.weights
    }
  } finally {
    await engine.close()
  }
}

async function timeTuning(
  engine: Engine,
  input: QuestionInput<'measure-speed'>,
  peak: { bytes: number }
): Promise<number> {
  const { tune, base, texts } = input
  const examples = repeat(texts, 64 * tune.batchSize * tune.accumulation)
  const settings = trainSettings({ ...tune, epochs: 1, earlyStopping: null }, base.prefix, 1, examples.length)
  const training = await engine.train(examples, settings)
  try {
    const times: number[] = []
    const begun = performance.now()
    let last = begun
    for await (const _step of training) {
      const now = performance.now()
      times.push((now - last) / 1000)
      last = now
      sample(peak)
      if (times.length >= 2 && (now - begun) / 1000 > secondsOfSteps) break
    }
    const steady = times.length > 1 ? times.slice(1) : times
    return median(steady) / (tune.batchSize * tune.accumulation)
  } finally {
    await training.close()
  }
}

async function timeAnswers(
  engine: Engine,
  input: QuestionInput<'measure-speed'>,
  signal: AbortSignal
): Promise<number> {
  const { maxInputTokens, maxOutputTokens, beams } = input.evaluation
  const inputs = repeat(input.texts, testRows).map((example) => input.base.prefix + example.input)
  const times: number[] = []
  const begun = performance.now()
  do {
    const started = performance.now()
    const options = { maxInputTokens, maxNewTokens: maxOutputTokens, beams, signal }
    for await (const _answer of engine.generate(inputs, options)) continue
    times.push(secondsSince(started) / inputs.length)
  } while (times.length < mostLooks && secondsSince(begun) < secondsOfAnswers)
  return median(times)
}

/** The first answer includes what happens only once. */
async function timeFastAnswers(context: Context, input: QuestionInput<'measure-speed'>): Promise<number> {
  const engine = await load(context, input.base.folder, input.provider, { precision: 'fast', base: input.tune.base })
  try {
    await timeAnswers(engine, { ...input, texts: input.texts.slice(0, 1) }, context.signal)
    return await timeAnswers(engine, input, context.signal)
  } finally {
    await engine.close()
  }
}

async function timeEmbedding(
  engine: Engine,
  input: QuestionInput<'measure-speed'>,
  signal: AbortSignal
): Promise<number> {
  const examples = repeat(input.texts, 4 * testRows)
  const maxTokens = Math.min(256, engine.info.maxInputTokens ?? 256)
  const both = input.over === 'both'
  const decodes = both && readsAnswers(engine.info.architecture)
  const texts = examples.map((one) => (both && !decodes ? withAnswer(one.input, one.output) : one.input))
  const answers = decodes ? { answers: examples.map(({ output }) => output) } : {}
  const started = performance.now()
  for await (const _batch of engine.embed(texts, { maxTokens, signal, ...answers })) continue
  return secondsSince(started) / texts.length
}

async function timeEncoder(folder: string, input: QuestionInput<'measure-speed'>, context: Context): Promise<number> {
  const bits = folder === input.base.folder ? input.tune.base : 'full'
  const engine = await load(context, folder, input.provider, { base: bits })
  try {
    return await timeEmbedding(engine, input, context.signal)
  } finally {
    await engine.close()
  }
}

/** A first block includes what happens only once. */
async function timePairs(input: QuestionInput<'measure-speed'>, context: Context): Promise<number> {
  const { reranker, pairTokens, texts, provider } = input
  if (reranker === null) return 0
  await requireTwoClasses(reranker.folder)
  const engine = await load(context, reranker.folder, provider)
  const options = { maxTokens: pairTokens, signal: context.signal }
  try {
    const pairs = repeat(texts, 2 * testRows).map(
      (one, at) => [one.input, texts[(at * 7 + 1) % texts.length]!.input] as const
    )
    await engine.scorePairs(pairs.slice(0, 2), options)
    const started = performance.now()
    await engine.scorePairs(pairs, options)
    return secondsSince(started) / pairs.length
  } finally {
    await engine.close()
  }
}

function load(
  context: Context,
  folder: string,
  provider: ProviderChoice,
  { precision = 'fp32', tuning = 'fp32', base = 'full' }: Pick<LoadOptions, 'precision' | 'tuning' | 'base'> = {}
): Promise<Engine> {
  return context.loadEngine({
    folder,
    provider,
    precision,
    tuning,
    base,
    ...(context.threads === undefined ? {} : { threads: context.threads })
  })
}

function repeat<T>(items: readonly T[], count: number): T[] {
  return Array.from({ length: count }, (_, at) => items[at % items.length]!)
}

function sample(peak: { bytes: number }): void {
  peak.bytes = Math.max(peak.bytes, process.memoryUsage.rss())
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000
}
