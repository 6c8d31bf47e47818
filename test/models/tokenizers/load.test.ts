import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { LabError } from '../../../src/main/contract/error.ts'
import { loadTokenizer } from '../../../src/main/models/tokenizers/load.ts'
import { readSentencePiece } from '../../../src/main/models/tokenizers/spiece.ts'
import { modelFolder, spieceFile } from './fixtures.ts'

function folderWith(files: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), 'lab-tokenizer-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, value] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value))
  }
  return folder
}

const words = {
  type: 'WordPiece',
  vocab: { a: 0, '[UNK]': 1 },
  unk_token: '[UNK]',
  continuing_subword_prefix: '##',
  max_input_chars_per_word: 100
}
const bytes = { type: 'BPE', vocab: { a: 0, b: 1, ab: 2 }, merges: ['a b'] }
const pieces = {
  type: 'Unigram',
  vocab: [
    ['<unk>', 0],
    ['a', -1]
  ],
  unk_id: 0
}

describe('loadTokenizer', () => {
  it('finds the special tokens of each kind', async () => {
    const found = async (kind: string): Promise<unknown> => {
      const { folder, remove } = modelFolder(kind, 'tokenizer.json')
      return (await loadTokenizer(folder).finally(remove)).special
    }
    expect(await found('bpe')).toEqual({ bos: 0, pad: 1, eos: 2, unk: 3, mask: 1000 })
    expect(await found('unigram')).toEqual({ bos: null, pad: 0, eos: 1, unk: 2, mask: null })
    expect(await found('wordpiece-uncased')).toEqual({ pad: 0, unk: 1, bos: 2, eos: 3, mask: 4 })
  })

  it('believes tokenizer_config.json about names', async () => {
    const folder = folderWith({
      'tokenizer.json': { model: { ...words, vocab: { '[UNK]': 0, mine: 1, yours: 2, '[PAD]': 3 } } },
      'tokenizer_config.json': {
        cls_token: 'mine',
        pad_token: { content: 'yours', lstrip: false },
        eos_token: null
      }
    })
    expect((await loadTokenizer(folder)).special).toEqual({ bos: 1, pad: 2, eos: null, unk: 0, mask: null })
  })

  it('keeps a token called __proto__', async () => {
    const json = JSON.stringify({ model: { ...words, vocab: { '[UNK]': 0 } } }).replace(
      '{"[UNK]":0}',
      '{"[UNK]":0,"__proto__":1}'
    )
    const tokenizer = await loadTokenizer(folderWith({ 'tokenizer.json': json }))
    expect(tokenizer.encode('__proto__')).toEqual([1])
    expect(tokenizer.decode([1])).toBe('__proto__')
  })

  it('replaces halves of surrogate pairs as they would be in UTF-8', async () => {
    const { folder, remove } = modelFolder('bpe', 'tokenizer.json')
    const tokenizer = await loadTokenizer(folder).finally(remove)
    expect(tokenizer.encode('a\ud800b')).toEqual(tokenizer.encode('a\ufffdb'))
  })

  it('turns ids that do not exist into nothing', async () => {
    const tokenizer = await loadTokenizer(folderWith({ 'tokenizer.json': { model: words } }))
    expect(tokenizer.decode([0, 99, -1, 0.5, 0])).toBe('a a')
    expect([tokenizer.tokenOf(99), tokenizer.idOf('zzz')]).toEqual([null, null])
    expect(tokenizer.decode([])).toBe('')
  })

  it.each<[string, Record<string, unknown>, string, RegExp]>([
    ['nothing', {}, 'tokenizer-missing', /tokenizer.json, or vocab.json and merges.txt/],
    ['a vocabulary without merges', { 'vocab.json': {} }, 'tokenizer-missing', /no tokenizer/],
    ['broken JSON', { 'tokenizer.json': '{' }, 'model-file-invalid', /not JSON/],
    ['no model', { 'tokenizer.json': {} }, 'model-file-invalid', /"model"/],
    [
      'an unknown model',
      { 'tokenizer.json': { model: { type: 'WordLevel' } } },
      'tokenizer-unsupported',
      /model.type = "WordLevel".*sound/
    ],
    [
      'an unknown normaliser',
      { 'tokenizer.json': { model: words, normalizer: { type: 'Nmt' } } },
      'tokenizer-unsupported',
      /normalizer.type = "Nmt".*sound/
    ],
    [
      'byte fallback',
      { 'tokenizer.json': { model: { ...pieces, byte_fallback: true } } },
      'tokenizer-unsupported',
      /byte_fallback = true/
    ],
    [
      'a merge of unknown tokens',
      { 'tokenizer.json': { model: { ...bytes, merges: ['a z'] } } },
      'model-file-invalid',
      /merge 1, "a z"/
    ],
    [
      'an id that is text',
      { 'tokenizer.json': { model: { ...words, vocab: { a: 'b' } } } },
      'model-file-invalid',
      /id of token "a"/
    ],
    [
      'an id beyond reason',
      { 'tokenizer.json': { model: { ...words, vocab: { a: 2 ** 40 } } } },
      'model-file-invalid',
      /id of token "a"/
    ],
    ['an empty vocabulary', { 'tokenizer.json': { model: { ...words, vocab: {} } } }, 'model-file-invalid', /empty/],
    [
      'no unknown token',
      { 'tokenizer.json': { model: { ...words, vocab: { a: 0 } } } },
      'model-file-invalid',
      /unknown token "\[UNK\]"/
    ],
    [
      'an unknown id out of range',
      { 'tokenizer.json': { model: { ...pieces, unk_id: 7 } } },
      'model-file-invalid',
      /unk_id/
    ],
    [
      'a template without ids',
      {
        'tokenizer.json': {
          model: words,
          post_processor: {
            type: 'TemplateProcessing',
            single: [{ SpecialToken: { id: 'x' } }],
            pair: [],
            special_tokens: {}
          }
        }
      },
      'model-file-invalid',
      /"x" without giving its id/
    ],
    [
      'an expression that is not known',
      {
        'tokenizer.json': { model: words, normalizer: { type: 'Replace', pattern: { Regex: '(a+)+$' }, content: '' } }
      },
      'tokenizer-unsupported',
      /normalizer/
    ],
    [
      'a damaged normalisation table',
      { 'tokenizer.json': { model: pieces, normalizer: { type: 'Precompiled', precompiled_charsmap: 'AAAA' } } },
      'model-file-invalid',
      /precompiled_charsmap/
    ],
    [
      'texts that are cut at their start',
      {
        'tokenizer.json': {
          model: pieces,
          truncation: { direction: 'Left', max_length: 5, strategy: 'LongestFirst', stride: 0 }
        }
      },
      'model-setting-unsupported',
      /truncation.direction.*cut at their start/
    ],
    ['a vocabulary without BERT tokens', { 'vocab.txt': 'a\nb\n' }, 'model-file-invalid', /"<s>" is not in it/],
    ['a model that is no SentencePiece', { 'spiece.model': 'hello, world' }, 'model-file-invalid', /SentencePiece/],
    ...['pegasus', 'albert', 'xlnet', 'fnet'].map((model_type): [string, Record<string, unknown>, string, RegExp] => [
      `the SentencePiece model of ${model_type} alone`,
      { 'spiece.model': 'x', 'config.json': { model_type } },
      'tokenizer-unsupported',
      new RegExp(`"${model_type}".*tokenizer\\.json`)
    ]),
    [
      'a SentencePiece model of another class of tokenizers',
      { 'spiece.model': 'x', 'tokenizer_config.json': { tokenizer_class: 'PegasusTokenizer' } },
      'tokenizer-unsupported',
      /PegasusTokenizer/
    ]
  ])('refuses a folder with %s', async (_, files, code, message) => {
    const error = loadTokenizer(folderWith(files))
    await expect(error).rejects.toMatchObject({ code })
    await expect(error).rejects.toThrow(message)
  })
})

describe('readSentencePiece', () => {
  const whole = readFileSync(spieceFile)

  it('reads pieces, scores, types and the table', () => {
    const model = readSentencePiece(spieceFile, whole)
    expect(model.pieces.slice(0, 3)).toEqual([
      { piece: '<pad>', score: 0, type: 'control' },
      { piece: '</s>', score: 0, type: 'control' },
      { piece: '<unk>', score: 0, type: 'unknown' }
    ])
    expect(model).toMatchObject({ unknownId: 2, algorithm: 'unigram' })
    expect(model.charsmap.length).toBeGreaterThan(200_000)
  })

  it('gives a model or a LabError for changed or missing bytes', () => {
    const head = whole.subarray(0, 4000)
    const changes = fc.array(fc.tuple(fc.nat(head.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 6 })
    fc.assert(
      fc.property(changes, fc.nat(head.length), (edits, cut) => {
        const copy = Buffer.from(head.subarray(0, cut))
        for (const [at, value] of edits) if (at < cut) copy[at] = value
        try {
          readSentencePiece('spiece.model', copy)
        } catch (error) {
          if (!(error instanceof LabError)) throw error
        }
      }),
      { numRuns: 500 }
    )
  })
})
