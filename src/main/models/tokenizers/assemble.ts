/** A tokenizer's definition with everything that the small files beside it change, as Transformers loads it. */
import type { Notes } from '../closed.ts'
import { debertaSettings, isDeberta } from './deberta-settings.ts'
import type { AddedToken, Definition, NormalizerDefinition, PreTokenizerDefinition } from './definition.ts'
import { stepsOf } from './normalizers.ts'
import { contentOf, type FolderSettings, type NamedToken } from './folder-settings.ts'

/** Classes that take tokenizer.json as it is. All others have settings of their own, which win over the file. */
const plainClasses = new Set(['PreTrainedTokenizer', 'TokenizersBackend'])

/** Whether Transformers reads a tokenizer.json with a class whose settings win over it. */
function hasOwnSettings({ tokenizerClass, modelType }: FolderSettings): boolean {
  return tokenizerClass === null ? modelType !== null : !plainClasses.has(tokenizerClass)
}

/** tokenizer.json, changed by the settings of the class that reads it. */
export function withSettings(definition: Definition, settings: FolderSettings, notes: Notes): Definition {
  if (!hasOwnSettings(settings)) return definition
  if (isDeberta(settings)) {
    if (stepsOf(definition.normalizer).some(({ type }) => type === 'Precompiled')) notes.push(withoutTable)
    return { ...definition, ...debertaSettings(settings), added_tokens: ownTokens(definition, settings) }
  }
  return {
    ...definition,
    added_tokens: ownTokens(definition, settings),
    normalizer: definition.normalizer && withBertSettings(definition.normalizer, settings),
    pre_tokenizer: definition.pre_tokenizer && withPrefixSpace(definition, definition.pre_tokenizer, settings)
  }
}

const withoutTable =
  'tokenizer.json has a table that makes full-width letters, ligatures and fractions plain. Transformers 5 does not use it for ' +
  'DeBERTa, and neither does the lab; Transformers 4 did, and gives other ids for such characters.'

/** Classes with settings of their own take ordinary added tokens from the list in tokenizer_config.json alone. */
function ownTokens(definition: Definition, settings: FolderSettings): AddedToken[] {
  return definition.added_tokens.filter((token) => token.special || !settings.listsAll)
}
function withBertSettings(normalizer: NormalizerDefinition, settings: FolderSettings): NormalizerDefinition {
  if (normalizer.type === 'Sequence') {
    const normalizers = normalizer.normalizers.map((step) => withBertSettings(step, settings))
    return {
      ...normalizer,
      normalizers: normalizers.flatMap((step) => (step.type === 'Sequence' ? step.normalizers : [step]))
    }
  }
  if (normalizer.type !== 'BertNormalizer') return normalizer
  return {
    ...normalizer,
    lowercase: settings.lowercase ?? true,
    strip_accents: settings.stripAccents,
    handle_chinese_chars: settings.splitChinese ?? true
  }
}

function withPrefixSpace(
  { post_processor: post }: Definition,
  preTokenizer: PreTokenizerDefinition,
  { addPrefixSpace }: FolderSettings
): PreTokenizerDefinition {
  // The classes of BART and RoBERTa; others that cut into bytes leave it to the file.
  if (preTokenizer.type !== 'ByteLevel' || post?.type !== 'RobertaProcessing') return preTokenizer
  return { ...preTokenizer, add_prefix_space: addPrefixSpace ?? false }
}

/**
 * The definition with the tokens that other files add. A token that the vocabulary has keeps its id; a new one gets the next,
 * whatever number its file gives, because that is what Transformers does.
 */
export function withAddedTokens(
  definition: Definition,
  settings: FolderSettings,
  { fromJson, notes }: { fromJson: boolean; notes: Notes }
): Definition {
  const ids = idsOf(definition)
  const tokens = new Map(definition.added_tokens.map((token) => [token.content, token]))
  let next = Math.max(-1, ...ids.values()) + 1
  const add = (token: Omit<AddedToken, 'id'>, asked: number | null): void => {
    const id = ids.get(token.content) ?? next++
    ids.set(token.content, id)
    tokens.set(token.content, { ...token, id })
    if (asked !== null && asked !== id) {
      notes.push(
        `The token ${JSON.stringify(token.content)} has the id ${asked} in its file; as in Transformers it gets ${id}.`
      )
    }
  }
  for (const token of settings.added) {
    const before = tokens.get(token.content)
    // What tokenizer.json says of a token counts, unless tokenizer_config.json describes it in full.
    if (!before || before.id === token.id)
      add({ ...token, special: token.special || isNamed(settings, token) }, token.id)
  }
  for (const token of [...settings.roles.values(), ...settings.extra]) {
    // Without tokenizer.json these files alone say how a special token is found.
    if (!tokens.has(contentOf(token)) || (!fromJson && typeof token !== 'string' && !settings.listsAll)) {
      add(special(token), null)
    }
  }
  return { ...definition, added_tokens: [...tokens.values()] }
}

/** The definition for texts that are put into lower case first, as sentence-transformers asks for it. */
export function withLowercase(definition: Definition): Definition {
  const steps = stepsOf(definition.normalizer)
  if (steps.some((step) => step.type === 'Lowercase' || (step.type === 'BertNormalizer' && step.lowercase)))
    return definition
  return { ...definition, normalizer: { type: 'Sequence', normalizers: [{ type: 'Lowercase' }, ...steps] } }
}

function isNamed(settings: FolderSettings, token: AddedToken): boolean {
  return [...settings.roles.values()].some((named) => contentOf(named) === token.content)
}

function special(token: NamedToken): Omit<AddedToken, 'id'> {
  if (typeof token !== 'string') return { ...token, special: true }
  return { content: token, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true }
}

/** Ids by token, added ones among them. */
export function idsOf({ model, added_tokens: added }: Definition): Map<string, number> {
  const ids = new Map<string, number>(
    model.type === 'Unigram' ? model.vocab.map(([piece], id) => [piece, id]) : model.vocab
  )
  for (const { content, id } of added) ids.set(content, id)
  return ids
}
