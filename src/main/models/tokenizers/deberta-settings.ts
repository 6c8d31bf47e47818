/**
 * How Transformers 5 reads the tokenizer of DeBERTa-v2 and v3, whatever its tokenizer.json says of texts: runs of white space
 * become a blank, the rest stays as it is written but for composed accents. Version 4 went by the file, whose table also turned
 * full-width letters, ligatures and fractions into plain ones.
 */
import type { Definition, NormalizerDefinition } from './definition.ts'
import type { FolderSettings } from './folder-settings.ts'

export function debertaSettings(
  settings: Pick<FolderSettings, 'lowercase' | 'splitPunctuation' | 'addPrefixSpace'>
): Required<Pick<Definition, 'normalizer' | 'pre_tokenizer'>> {
  const lower: Extract<NormalizerDefinition, { type: 'Lowercase' }>[] = settings.lowercase
    ? [{ type: 'Lowercase' }]
    : []
  return {
    normalizer: {
      type: 'Sequence',
      normalizers: [
        ...lower,
        { type: 'Replace', pattern: { Regex: '\\s{2,}|[\\n\\r\\t]' }, content: ' ' },
        { type: 'NFC' },
        { type: 'Strip', strip_left: false, strip_right: true }
      ]
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        ...(settings.splitPunctuation ? [{ type: 'Punctuation' as const, behavior: 'Isolated' as const }] : []),
        {
          type: 'Metaspace',
          replacement: '▁',
          prepend_scheme: settings.addPrefixSpace === false ? 'first' : 'always',
          split: true
        }
      ]
    }
  }
}

/** The tokens that the class has by itself where no file names others. */
export function withDebertaRoles(settings: FolderSettings): FolderSettings {
  if (!isDeberta(settings)) return settings
  const usual: readonly (readonly [string, string])[] = [
    ...([
      ['bos_token', '[CLS]'],
      ['eos_token', '[SEP]'],
      ['unk_token', '[UNK]'],
      ['sep_token', '[SEP]']
    ] as const),
    ...([
      ['pad_token', '[PAD]'],
      ['cls_token', '[CLS]'],
      ['mask_token', '[MASK]']
    ] as const)
  ]
  return { ...settings, roles: new Map([...usual, ...settings.roles]) }
}

/** Whether Transformers reads a folder's tokenizer with that class. */
export function isDeberta({ tokenizerClass, modelType }: FolderSettings): boolean {
  return tokenizerClass === null ? modelType === 'deberta-v2' : tokenizerClass === 'DebertaV2Tokenizer'
}
