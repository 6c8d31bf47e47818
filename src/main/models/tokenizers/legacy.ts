import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LabError } from '../../contract/error.ts'
import { invalid, readBytes, readJson, readText } from '../read-json.ts'
import { debertaSettings, isDeberta } from './deberta-settings.ts'
import { definitionSchema, vocabularySchema, type Definition, type DefinitionInput } from './definition.ts'
import type { FolderSettings } from './folder-settings.ts'
import { readSentencePiece, type SentencePieceModel } from './spiece.ts'

/** Which files a folder has, and how a definition is made of them; the first that fits counts. */
const readers: readonly {
  files: readonly string[]
  read: (folder: string, settings: FolderSettings) => Promise<DefinitionInput>
}[] = [
  { files: ['vocab.json', 'merges.txt'], read: readByteLevelBpe },
  { files: ['spiece.model'], read: readSpiece },
  { files: ['sentencepiece.bpe.model'], read: readXlmRobertaSpiece },
  { files: ['spm.model'], read: readDebertaSpiece },
  { files: ['vocab.txt'], read: readWordPiece }
]

/**
 * The definition of a tokenizer that comes as the files of the time before tokenizer.json: vocab.json + merges.txt
 * (BART, RoBERTa), spiece.model (T5), sentencepiece.bpe.model (XLM-RoBERTa), spm.model (DeBERTa), vocab.txt (BERT, DistilBERT, MPNet).
 * @returns null where the folder has none of them
 * @throws LabError `model-file-invalid`, `model-file-missing`
 */
export async function readLegacyDefinition(folder: string, settings: FolderSettings): Promise<Definition | null> {
  const reader = readers.find(({ files }) => files.every((file) => existsSync(join(folder, file))))
  return reader ? definitionSchema.parse(await reader.read(folder, settings)) : null
}

async function readByteLevelBpe(folder: string, settings: FolderSettings): Promise<DefinitionInput> {
  const file = join(folder, 'vocab.json')
  const vocab = await readJson(file, vocabularySchema)
  const lines = (await readText(join(folder, 'merges.txt'))).split('\n')
  const merges = lines.filter((line) => line.trim() !== '' && !line.startsWith('#version'))
  const [bos, eos] = [idIn(file, vocab, '<s>'), idIn(file, vocab, '</s>')]
  return {
    // Whether the mask token takes the blank before it is for the files beside to say; Transformers 4 always did.
    added_tokens: special(vocab, ['<s>', '<pad>', '</s>', '<unk>', '<mask>']),
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: settings.addPrefixSpace ?? false },
    model: { type: 'BPE', vocab, merges },
    post_processor: { type: 'RobertaProcessing', sep: ['</s>', eos], cls: ['<s>', bos] },
    decoder: { type: 'ByteLevel' }
  }
}

async function readUnigram(file: string): Promise<SentencePieceModel> {
  const model = readSentencePiece(file, await readBytes(file))
  if (model.algorithm === 'unigram') return model
  throw new LabError(
    'tokenizer-unsupported',
    `${file} was trained with the algorithm "${model.algorithm}", and of SentencePiece models alone only unigram ones are read. ` +
      'Put the tokenizer.json of this model beside it: Transformers writes one with save_pretrained.',
    { details: { file, algorithm: model.algorithm } }
  )
}

async function readSpiece(folder: string, settings: FolderSettings): Promise<DefinitionInput> {
  const file = join(folder, 'spiece.model')
  refuseOthers(file, settings)
  const { pieces, unknownId, charsmap } = await readUnigram(file)
  const extra = settings.extraIds ?? 100
  const vocab: [string, number][] = pieces.map(({ piece, score }) => [piece, score])
  for (let number = extra - 1; number >= 0; number--) vocab.push([`<extra_id_${number}>`, 0])
  const ids = new Map(vocab.map(([piece], id) => [piece, id]))
  const sentinels = vocab.slice(pieces.length).map(([piece]) => piece)
  const eos = idIn(file, ids, '</s>')
  return {
    added_tokens: [...special(ids, ['<pad>', '</s>', '<unk>', ...sentinels]), ...ownPieces(pieces)],
    ...aroundPieces(charsmap),
    model: { type: 'Unigram', vocab, unk_id: unknownId },
    post_processor: {
      type: 'TemplateProcessing',
      single: [{ Sequence: { id: 'A' } }, { SpecialToken: { id: '</s>' } }],
      pair: [
        { Sequence: { id: 'A' } },
        { SpecialToken: { id: '</s>' } },
        { Sequence: { id: 'B' } },
        { SpecialToken: { id: '</s>' } }
      ],
      special_tokens: { '</s>': { ids: [eos] } }
    }
  }
}

/**
 * XLM-RoBERTa's vocabulary is fairseq's: four special tokens of its own in place of the file's three, so that each piece stands one
 * further, and the mask behind all.
 */
async function readXlmRobertaSpiece(folder: string, settings: FolderSettings): Promise<DefinitionInput> {
  const file = join(folder, 'sentencepiece.bpe.model')
  const family = settings.tokenizerClass ?? settings.modelType ?? 'xlm-roberta'
  // mBART and CamemBERT keep other tables under the same name.
  if (!/^xlm-?roberta/i.test(family)) throw otherFamily(file, family, 'XLM-RoBERTa')
  const { pieces, charsmap } = await readUnigram(file)
  const names = ['<s>', '<pad>', '</s>', '<unk>']
  const own = pieces.slice(3)
  const mask = names.length + own.length
  const vocab: [string, number][] = [
    ...names.map((name): [string, number] => [name, 0]),
    ...own.map(({ piece, score }): [string, number] => [piece, score]),
    ['<mask>', 0]
  ]
  const ids = new Map(vocab.map(([piece], id) => [piece, id]))
  const [start, end] = [{ SpecialToken: { id: '<s>' } }, { SpecialToken: { id: '</s>' } }]
  return {
    added_tokens: [
      ...special(ids, names),
      ...ownPieces(own).map(({ id, ...token }) => ({ ...token, id: id + names.length })),
      { id: mask, content: '<mask>', special: true }
    ],
    ...aroundPieces(charsmap),
    model: { type: 'Unigram', vocab, unk_id: names.indexOf('<unk>') },
    post_processor: {
      type: 'TemplateProcessing',
      single: [start, { Sequence: { id: 'A' } }, end],
      pair: [start, { Sequence: { id: 'A' } }, end, end, { Sequence: { id: 'B' } }, end],
      special_tokens: { '<s>': { ids: [0] }, '</s>': { ids: [2] } }
    }
  }
}

/** What T5 and XLM-RoBERTa put before and behind the pieces. */
function aroundPieces(charsmap: Uint8Array): Pick<DefinitionInput, 'normalizer' | 'pre_tokenizer' | 'decoder'> {
  return {
    normalizer:
      charsmap.length > 0
        ? { type: 'Precompiled', precompiled_charsmap: Buffer.from(charsmap).toString('base64') }
        : null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'WhitespaceSplit' },
        { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true }
      ]
    },
    decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true }
  }
}

async function readDebertaSpiece(folder: string, settings: FolderSettings): Promise<DefinitionInput> {
  const file = join(folder, 'spm.model')
  if (!isDeberta(settings)) throw otherFamily(file, settings.tokenizerClass ?? settings.modelType ?? '', 'DeBERTa-v2')
  const { pieces, unknownId } = await readUnigram(file)
  const vocab: [string, number][] = pieces.map(({ piece, score }) => [piece, score])
  // The mask is not among the pieces: it comes behind all added tokens.
  const names = ['[PAD]', '[CLS]', '[SEP]', '[UNK]']
  const ids = new Map(vocab.map(([piece], id) => [piece, id]))
  const [cls, sep] = [idIn(file, ids, '[CLS]'), idIn(file, ids, '[SEP]')]
  const [start, end] = [{ SpecialToken: { id: '[CLS]' } }, { SpecialToken: { id: '[SEP]' } }]
  return {
    added_tokens: [...special(ids, names), ...ownPieces(pieces, names)],
    ...debertaSettings(settings),
    model: { type: 'Unigram', vocab, unk_id: unknownId },
    post_processor: {
      type: 'TemplateProcessing',
      single: [start, { Sequence: { id: 'A' } }, end],
      pair: [start, { Sequence: { id: 'A' } }, end, { Sequence: { id: 'B' } }, end],
      special_tokens: { '[CLS]': { ids: [cls] }, '[SEP]': { ids: [sep] } }
    },
    decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true }
  }
}

async function readWordPiece(folder: string, settings: FolderSettings): Promise<DefinitionInput> {
  const file = join(folder, 'vocab.txt')
  const words = (await readText(file)).split('\n').map((line) => line.replace(/\r$/, ''))
  if (words.at(-1) === '') words.pop()
  const vocab = new Map(words.map((word, id) => [word, id]))
  const lowercase = settings.lowercase ?? true
  const likeRoberta = !vocab.has('[CLS]') // MPNet
  const [start, end] = likeRoberta ? ['<s>', '</s>'] : ['[CLS]', '[SEP]']
  const [cls, sep] = [idIn(file, vocab, start), idIn(file, vocab, end)]
  return {
    added_tokens: likeRoberta
      ? special(vocab, ['<s>', '<pad>', '</s>', '[UNK]', '<mask>'], '<mask>')
      : special(vocab, ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: settings.splitChinese ?? true,
      strip_accents: settings.stripAccents,
      lowercase
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    model: {
      type: 'WordPiece',
      vocab,
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100
    },
    post_processor: { type: likeRoberta ? 'RobertaProcessing' : 'BertProcessing', sep: [end, sep], cls: [start, cls] },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true }
  }
}

/** Pieces that are found in texts as they are written (user-defined), or never (control). */
function ownPieces(
  pieces: SentencePieceModel['pieces'],
  others: readonly string[] = ['<pad>', '</s>', '<unk>']
): NonNullable<DefinitionInput['added_tokens']> {
  const usual = new Set(others)
  return pieces.flatMap(({ piece, type }, id) =>
    (type === 'control' || type === 'user') && !usual.has(piece)
      ? [{ id, content: piece, special: type === 'control' }]
      : []
  )
}

/** Those of the names that are in the vocabulary, as special tokens. */
function special(
  vocab: ReadonlyMap<string, number>,
  names: readonly string[],
  stripped?: string
): NonNullable<DefinitionInput['added_tokens']> {
  return names
    .filter((name) => vocab.has(name))
    .map((content) => ({ id: vocab.get(content)!, content, lstrip: content === stripped, special: true }))
}

function idIn(file: string, vocab: ReadonlyMap<string, number>, token: string): number {
  const id = vocab.get(token)
  if (id === undefined) throw invalid(file, `the token "${token}" is not in it`)
  return id
}

const ofT5 = /^(u?mt5|t5)/i

/**
 * Others keep a SentencePiece model under the same name and put other special tokens around its pieces (Pegasus, ALBERT,
 * XLNet): read as T5's, every id would be wrong and nothing would say so.
 */
function refuseOthers(file: string, { tokenizerClass, modelType }: FolderSettings): void {
  const family = tokenizerClass ?? modelType ?? 't5'
  if (ofT5.test(family)) return
  throw otherFamily(file, family, 'T5, mT5 and UMT5')
}

function otherFamily(file: string, family: string, read: string): LabError {
  return new LabError(
    'tokenizer-unsupported',
    `${file} belongs to "${family}", and a SentencePiece model of this name alone is read only for ${read}. ` +
      'Put the tokenizer.json of this model beside it: Transformers writes one with save_pretrained.',
    { details: { file, family } }
  )
}
