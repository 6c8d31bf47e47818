import { makeBpe } from './bpe.ts'
import type { ModelDefinition } from './definition.ts'
import type { SubwordModel } from './subword-model.ts'
import { makeUnigram } from './unigram.ts'
import { makeWordPiece } from './wordpiece.ts'

/** Words of a text come again and again; longer ones and rarer ones are not worth keeping. */
const mostWords = 100_000
const longestWord = 48

/** The model of a tokenizer, with a memory for the words it has met. */
export function makeModel(definition: ModelDefinition): SubwordModel {
  const model = makeUncached(definition)
  const known = new Map<string, readonly number[]>()
  return {
    ids: model.ids,
    tokenize: (word, out) => {
      if (word.length > longestWord) {
        model.tokenize(word, out)
        return
      }
      let ids = known.get(word)
      if (!ids) {
        const fresh: number[] = []
        model.tokenize(word, fresh)
        if (known.size >= mostWords) known.clear()
        known.set(word, fresh)
        ids = fresh
      }
      for (const id of ids) out.push(id)
    }
  }
}

function makeUncached(definition: ModelDefinition): SubwordModel {
  switch (definition.type) {
    case 'BPE':
      return makeBpe(definition)
    case 'Unigram':
      return makeUnigram(definition)
    case 'WordPiece':
      return makeWordPiece(definition)
  }
}
