/** Texts to vectors. */
import { readsAnswers } from '../../contract/embedded-over.ts'
import { LabError } from '../../contract/error.ts'
import { firstTokenBatch, sourceBatch } from '../../models/batch.ts'
import { answeredEmbeddingGraph, embeddingGraph } from '../../models/graphs.ts'
import { inputLimit as limitOfModel, shortest } from '../../models/input-limit.ts'
import { poolingBatch, type Pooled } from '../../models/pooling.ts'
import type { SentenceConfig } from '../../models/sentence-config.ts'
import { checkFinite } from '../finite.ts'
import type { EmbedBatch, EmbedOptions } from '../engine.ts'
import { floats } from '../tensors.ts'
import { linearLayers } from '../../models/linear-layers.ts'
import { feedsOf, lengthSortedBatches, positive } from './batches.ts'
import { seq2seqConfig } from './decoder.ts'
import type { InferenceModel, Runner, Runners } from './model.ts'
import { checkFast, type Embedding } from './check-fast.ts'

/** Padded tokens. On MiniLM- and BART-like encoders larger batches gained nothing, and they take more memory.
 * 8-bit products are so quick that what lies between them must stay in the processor's cache. */
const defaultTokenBudget = { fp32: 1024, fast: 256 }
const largestBatch = 64

/** Vectors of the texts, a batch at a time, longest texts first. */
export async function* embed(
  model: InferenceModel,
  runners: Runners,
  texts: readonly string[],
  options: EmbedOptions = {}
): AsyncGenerator<EmbedBatch> {
  const { config, sentence, tokenizer } = model
  const tokens = positive('tokenBudget', options.tokenBudget, defaultTokenBudget[model.precision])
  const maxTokens = inputLimit(model, options.maxTokens)
  const { how, prompt, poolsPrompt } = wayOf(sentence, options)
  const ids = encodeAll(tokenizer, prompt === '' ? texts : texts.map((text) => prompt + text), maxTokens)
  if (ids.length === 0) return
  const skipped = poolsPrompt ? 0 : tokensBefore(tokenizer, prompt)
  const firsts = options.answers === undefined ? null : firstTokens(model, texts, options.answers)
  const work: Embedding = {
    name: `${firsts === null ? 'embedding' : 'embedding with answers'} ${JSON.stringify(how)}`,
    graph: (context) =>
      firsts === null
        ? embeddingGraph(config, model.parameters, { ...how, ...context })
        : answeredEmbeddingGraph(seq2seqConfig(model), model.parameters, { ...how, ...context }),
    texts: ids.length,
    feeds(indices) {
      const rows = indices.map((index) => ({ ids: ids[index]! }))
      const answers =
        firsts === null
          ? {}
          : firstTokenBatch(
              seq2seqConfig(model),
              indices.map((index) => firsts[index]!)
            )
      return feedsOf({ ...sourceBatch(config, rows), ...poolingBatch(how, rows, skipped), ...answers })
    }
  }
  const runner = await embeddingRunner(model, runners, work)
  const lengths = ids.map((row) => row.length)
  // `sumOfTokens` wants no more texts than the vectors have numbers.
  const most = Math.min(largestBatch, config.hiddenSize)
  for (const indices of lengthSortedBatches(lengths, { tokens, rows: most })) {
    options.signal?.throwIfAborted()
    const { vectors } = await runner.run(work.feeds(indices))
    const values = floats(vectors!)
    checkFinite(values, 'a vector')
    yield { indices, vectors: values }
  }
}

/** How texts become vectors: as the model's folder says, unless another pooling is asked for. */
function wayOf(
  sentence: SentenceConfig | null,
  { pooling, normalize, as }: EmbedOptions
): { how: Pooled; prompt: string; poolsPrompt: boolean } {
  if (sentence === null || pooling !== undefined) {
    const how = { pooling: pooling ?? 'mean', normalize: normalize ?? sentence?.normalize ?? false }
    return { how, prompt: '', poolsPrompt: true }
  }
  const prompt = sentence.prompts[as ?? 'usual']
  const poolsPrompt = sentence.poolsPrompt || prompt === ''
  return {
    how: {
      pooling: sentence.pooling,
      after: sentence.after,
      normalize: normalize ?? sentence.normalize
    },
    prompt,
    poolsPrompt
  }
}

/** Tokens of a prompt at the start of a text, the start token counted. */
function tokensBefore(tokenizer: InferenceModel['tokenizer'], prompt: string): number {
  const ids = tokenizer.encode(prompt)
  return ids.at(-1) === tokenizer.special.eos ? ids.length - 1 : ids.length
}

/** Ids of all texts; an empty text becomes one end token, so that it has a vector too. */
export function encodeAll(
  tokenizer: InferenceModel['tokenizer'],
  texts: readonly string[],
  maxTokens: number | null
): number[][] {
  const options = maxTokens === null ? {} : { maxTokens }
  return tokenizer
    .encodeBatch(texts, options)
    .map((row) => (row.length > 0 ? row : [tokenizer.special.eos ?? tokenizer.special.pad ?? 0]))
}

/** The shortest of what was asked for, what the model was made for, and what its positions allow. */
export function inputLimit(
  { config, sentence, tokenizer }: Pick<InferenceModel, 'config' | 'sentence' | 'tokenizer'>,
  asked: number | undefined
): number | null {
  return shortest(
    asked === undefined ? null : positive('maxTokens', asked, 1),
    limitOfModel(config, sentence, tokenizer)
  )
}

async function embeddingRunner(model: InferenceModel, runners: Runners, work: Embedding): Promise<Runner> {
  const { parameters, precision } = model
  const runner = await runners.get(work.name, work.graph, () => ({ steady: linearLayers(parameters) }))
  if (precision === 'fast') await checkFast(model, runner, work)
  return runner
}

/**
 * What the decoder reads of each answer: its first token, as the tokenizer gives it. A decoder reads from left to right, so its state
 * there hangs on no later one.
 * @throws LabError `no-answers-read`
 */
function firstTokens(model: InferenceModel, texts: readonly string[], answers: readonly string[]): number[] {
  const { config, tokenizer } = model
  if (!readsAnswers(config.architecture)) {
    throw new LabError(
      'no-answers-read',
      `Vectors over inputs and answers are those of a BART's encoder and decoder. For ${config.architecture} models nobody has said what they are. Embed the inputs alone.`,
      { details: { architecture: config.architecture } }
    )
  }
  if (answers.length !== texts.length) throw new Error(`${answers.length} answers were given for ${texts.length} texts`)
  return encodeAll(tokenizer, answers, null).map(([first]) => first!)
}
