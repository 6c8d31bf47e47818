/** A case of the oracle as a model to run. It has no tokenizer; `withTokenizer` of tiny-model.ts makes one that has. */
import type { InferenceModel } from '../../../src/main/engine/inference/model.ts'
import type { Tokenizer } from '../../../src/main/models/tokenizers/tokenizer.ts'
import type { GoldenCase } from '../../oracle/golden.ts'

/** Texts are token ids written out, such as `0 17 5 2`. */
export const numberTokenizer: Tokenizer = {
  special: { pad: 1, bos: 0, eos: 2, unk: 3, mask: null },
  vocabularySize: 1000,
  modelMaxTokens: null,
  encode: (text, pair, options) => cut([...numbers(text), ...(pair === undefined ? [] : numbers(pair))], options),
  encodeBatch: (texts, options) => texts.map((text) => cut(numbers(text), options)),
  decode: (ids) => ids.join(' '),
  idOf: (token) => Number(token),
  tokenOf: (id) => String(id)
}

export function goldenModel(golden: GoldenCase, changes: Partial<InferenceModel> = {}): InferenceModel {
  return {
    config: golden.config,
    generation: null,
    sentence: null,
    parameters: golden.parameters,
    tokenizer: numberTokenizer,
    weight: (name) => {
      const data = golden.weights.get(name)
      if (!data) throw new Error(`no weight "${name}"`)
      return data
    },
    live: false,
    precision: 'fp32',
    provider: 'cpu',
    threads: 1,
    ...changes
  }
}

function numbers(text: string): number[] {
  return text.split(' ').filter(Boolean).map(Number)
}

function cut(ids: number[], options?: { maxTokens?: number }): number[] {
  return ids.slice(0, options?.maxTokens ?? ids.length)
}
