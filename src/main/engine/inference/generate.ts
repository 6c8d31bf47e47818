/** Texts to answers. */
import { LabError } from '../../contract/error.ts'
import { seq2seqOf } from '../../models/architectures/index.ts'
import type { GenerationConfig } from '../../models/generation-config.ts'
import type { Generated, GenerateOptions } from '../engine.ts'
import { positive } from './batches.ts'
import { beamAnswers } from './beam.ts'
import { seq2seqConfig } from './decoder.ts'
import { encodeAll, inputLimit } from './embed.ts'
import { greedyAnswers, type GreedyAnswer } from './greedy.ts'
import type { InferenceModel, Runners } from './model.ts'

/** Source tokens that are answered side by side, each input counted as long as the longest, times beams. */
const defaultTokenBudget = 4096
const largestBatch = 128

/** Answers in the order in which they are done; longest inputs first. */
export async function* generate(
  model: InferenceModel,
  runners: Runners,
  inputs: readonly string[],
  options: GenerateOptions = {}
): AsyncGenerator<Generated> {
  const config = seq2seqConfig(model)
  const settings = generationSettings(model)
  const beams = positive('beams', options.beams, settings.beams)
  const maxNewTokens = newTokenLimit(config, settings, options.maxNewTokens)
  const tokens = positive('tokenBudget', options.tokenBudget, defaultTokenBudget)
  const ids = encodeAll(model.tokenizer, inputs, inputLimit(model, options.maxInputTokens))
  const limits = { tokens: Math.ceil(tokens / beams), rows: Math.ceil(largestBatch / beams) }
  const start = settings.decoderStart ?? config.ids.decoderStart
  const { signal } = options
  const decoding = { model, runners, inputs: ids, settings, start, maxNewTokens, limits, signal }
  const answers: AsyncGenerator<GreedyAnswer & { score?: number }> =
    beams === 1 ? greedyAnswers(decoding) : beamAnswers(decoding, beams)
  for await (const answer of answers) {
    const text = model.tokenizer.decode(answer.ids, { skipSpecial: true })
    yield { index: answer.input, text, tokenIds: answer.ids, score: answer.score ?? null }
  }
}

function generationSettings(model: InferenceModel): GenerationConfig {
  if (model.generation) return model.generation
  throw new LabError('model-file-missing', 'The model was loaded without generation settings. Load its folder again.')
}

/** New tokens at most: what was asked for, else what the model's own settings say, within the decoder's positions. */
function newTokenLimit(
  config: ReturnType<typeof seq2seqConfig>,
  settings: GenerationConfig,
  asked: number | undefined
): number {
  // Where a model says nothing, Transformers makes 20 new ids.
  const ofModel = settings.maxLength === null ? 20 : Math.max(1, settings.maxLength - 1)
  const usual = settings.maxNewTokens ?? ofModel
  const limit = positive('maxNewTokens', asked, usual)
  return Math.min(limit, seq2seqOf(config).maxOutputTokens(config) ?? limit)
}
