import { LabError } from '../../contract/error.ts'
import type { ModelDefinition } from './definition.ts'
import type { SubwordModel } from './subword-model.ts'

/** WordPiece: the longest known start of a word, then the longest known continuation, and so on; else unknown. */
export function makeWordPiece(definition: Extract<ModelDefinition, { type: 'WordPiece' }>): SubwordModel {
  const ids = definition.vocab
  const { continuing_subword_prefix: prefix, max_input_chars_per_word: longest } = definition
  const unknown = ids.get(definition.unk_token)
  if (unknown === undefined) {
    throw new LabError(
      'model-file-invalid',
      `The tokenizer's unknown token "${definition.unk_token}" is not in its vocabulary. Download its files again.`
    )
  }
  return {
    ids,
    tokenize: (word, out) => {
      const characters = word.length > 2 * longest ? null : Array.from(word)
      if (!characters || characters.length > longest) {
        out.push(unknown)
        return
      }
      const before = out.length
      for (let start = 0; start < characters.length;) {
        let end = characters.length
        let found: number | undefined
        for (; end > start; end--) {
          const piece = characters.slice(start, end).join('')
          found = ids.get(start > 0 ? prefix + piece : piece)
          if (found !== undefined) break
        }
        if (found === undefined) {
          out.length = before
          out.push(unknown)
          return
        }
        out.push(found)
        start = end
      }
    }
  }
}
