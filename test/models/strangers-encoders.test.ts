import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadEngine } from '../../src/main/engine/load.ts'
import { projectFolder } from '../../src/main/hosts/project.ts'
import { openCheckpoint } from '../../src/main/models/weights/checkpoint.ts'
import { writeSafetensors } from '../../src/main/models/weights/write-safetensors.ts'

/**
 * The demonstration's encoder, changed as people's folders are. The numbers are those of sentence-transformers 6.2 with Transformers
 * 5.24, the first three of a short text and the first two of a long one (`test/oracle/README.md`); it computes in the weights' own
 * half precision, hence the tolerance.
 */

type Change = (folder: string) => void | Promise<void>
const texts = ['The mill of Arlen, by the Harbour.', 'harbour mill old tower water '.repeat(40).trim()]
const plain = [0.009, -0.0412, -0.0317, -0.1459, -0.0623]
const st = 'sentence_transformers.models.'

const edit =
  <T>(file: string, change: (value: T) => unknown): Change =>
  (folder) => {
    const path = join(folder, file)
    const value = JSON.parse(readFileSync(path, 'utf8')) as T
    writeFileSync(path, JSON.stringify(change(value) ?? value))
  }
const set = (file: string, fields: object): Change => edit(file, (value: object) => ({ ...value, ...fields }))
const write =
  (file: string, content: object): Change =>
  (folder) => {
    mkdirSync(join(folder, file, '..'), { recursive: true })
    writeFileSync(join(folder, file), JSON.stringify(content))
  }
const drop =
  (file: string): Change =>
  (folder) =>
    rmSync(join(folder, file))
const all =
  (...changes: Change[]): Change =>
  async (folder) => {
    for (const change of changes) await change(folder)
  }

/** Tokenizers without a class of their own are read as tokenizer.json has them by both versions of Transformers. */
const tokenizer = (change: (value: Tokenizer) => unknown): Change =>
  all(edit('tokenizer.json', change), set('tokenizer_config.json', { tokenizer_class: 'PreTrainedTokenizerFast' }))
interface Tokenizer {
  added_tokens: object[]
  model: { vocab: Record<string, number>; merges: (string | string[])[] } & Record<string, unknown>
  pre_tokenizer: object
}
const added = (fields: object): Change =>
  tokenizer(({ model, added_tokens }) => {
    const last = Object.keys(model.vocab).find((token) => model.vocab[token] === 2999)!
    delete model.vocab[last]
    model.merges = model.merges.filter((pair) => (Array.isArray(pair) ? pair.join('') : pair.replace(' ', '')) !== last)
    const usual = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: false }
    added_tokens.push({ id: 2999, content: 'mill', ...usual, ...fields })
  })

type Module = { idx: number; name: string; path: string; type: string }
const modules = (change: (list: Module[]) => unknown): Change => edit('modules.json', change)
const module = (path: string, type: string): Module => ({ idx: 9, name: '9', path, type })
const pooling = (...on: string[]): Change =>
  write('1_Pooling/config.json', {
    word_embedding_dimension: 96,
    ...Object.fromEntries(on.map((mode) => [`pooling_mode_${mode}`, true]))
  })

/** Weights under other names, beside others, or of another type. */
const weights =
  (name: (tensor: string) => string, more: readonly string[] = []): Change =>
  async (folder) => {
    const path = join(folder, 'model.safetensors')
    const checkpoint = await openCheckpoint(folder)
    const tensors = await Promise.all(
      checkpoint.names().map(async (tensor) => {
        const data = await checkpoint.read(tensor)
        return {
          name: name(tensor),
          dtype: 'F32' as const,
          shape: [...checkpoint.info(tensor).shape],
          data: () => data
        }
      })
    )
    await checkpoint.close()
    const extra = more.map((tensor) => ({
      name: tensor,
      dtype: 'F32' as const,
      shape: [4],
      data: () => new Float32Array(4)
    }))
    rmSync(path)
    await writeSafetensors(path, [...tensors, ...extra], { format: 'pt' })
  }

const cases: [string, Change, number[] | RegExp][] = [
  ['another activation', set('config.json', { hidden_act: 'relu' }), [0.0389, -0.0376, -0.0136, -0.1084, -0.0582]],
  [
    'an activation under a second name',
    set('config.json', { hidden_act: 'swish' }),
    [0.0048, -0.0424, -0.0344, -0.1499, -0.0634]
  ],
  [
    'an activation that the lab lacks',
    set('config.json', { hidden_act: 'quick_gelu' }),
    /config.json: field "hidden_act": the activation "quick_gelu" is not known/
  ],
  [
    'fewer layers than there are weights for',
    set('config.json', { num_hidden_layers: 1 }),
    [-0.0079, 0.0055, 0.0005, -0.1476, 0.0132]
  ],
  [
    'no epsilon, for which the class has one',
    edit('config.json', (value: Record<string, unknown>) => void delete value['layer_norm_eps']),
    plain
  ],
  [
    'a causal mask',
    set('config.json', { is_decoder: true }),
    /field "is_decoder": a decoder of the BERT family is not supported/
  ],
  [
    'relative positions',
    set('config.json', { position_embedding_type: 'relative_key' }),
    /relative key positions are not supported/
  ],
  [
    'weights in four bits',
    set('config.json', { quantization_config: { quant_method: 'awq', bits: 4 } }),
    /"quantization_config" is .* stored quantised/
  ],
  ['a precision that is asked for', set('config.json', { torch_dtype: 'float16', dtype: 'float8_e4m3fn' }), plain],
  ['weights of a classifier’s encoder', weights((name) => `roberta.${name}`), plain],
  ['weights that DataParallel saved', weights((name) => `module.roberta.${name}`), plain],
  ['weights of a compiled model', weights((name) => `_orig_mod.${name}`), plain],
  [
    'the names of 2019',
    weights((name) =>
      name.replace(/LayerNorm\.weight$/, 'LayerNorm.gamma').replace(/LayerNorm\.bias$/, 'LayerNorm.beta')
    ),
    plain
  ],
  ['a head and position ids beside', weights((name) => name, ['lm_head.bias', 'embeddings.position_ids']), plain],
  [
    'an adapter that was not merged',
    weights((name) => name, ['encoder.layer.0.attention.self.query.lora_A.default.weight']),
    /query.lora_A.default.weight" in .* is part of an adapter/
  ],
  [
    'base layers of an adapter',
    weights((name) => name.replace('query.weight', 'query.base_layer.weight')),
    /is part of an adapter/
  ],
  [
    'an adapter beside the weights',
    write('adapter_config.json', { peft_type: 'LORA' }),
    /adapter_config.json: this is an adapter \(PEFT\), which belongs over the weights beside it/
  ],
  [
    'an adapter alone',
    all(write('adapter_config.json', { peft_type: 'LORA' }), drop('config.json'), drop('model.safetensors')),
    /adapter \(PEFT\), not a whole model/
  ],
  [
    'normalisers in a row',
    tokenizer((value) => ({
      ...value,
      normalizer: {
        type: 'Sequence',
        normalizers: [
          { type: 'NFKC' },
          { type: 'Lowercase' },
          { type: 'Strip', strip_left: true, strip_right: true },
          { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' }
        ]
      }
    })),
    [0.0909, -0.0518, 0.0011, -0.1459, -0.0623]
  ],
  ['an added token', added({}), [0.0357, 0.0072, -0.0069, -0.0803, 0.0545]],
  ['an added token that takes the blank before it', added({ lstrip: true }), [0.0062, 0.0036, 0.0048, -0.1179, 0.068]],
  [
    'an added token that takes the blank behind it',
    added({ rstrip: true }),
    [0.0441, 0.0235, -0.0409, -0.0623, 0.0402]
  ],
  [
    'an added token that is found in normalised text',
    all(
      added({ normalized: true, content: 'Mill' }),
      tokenizer((value) => ({ ...value, normalizer: { type: 'Lowercase' } }))
    ),
    [0.1232, 0.0023, 0.0296, -0.0803, 0.0545]
  ],
  [
    'a blank before every text',
    tokenizer((value) => ({ ...value, pre_tokenizer: { ...value.pre_tokenizer, add_prefix_space: true } })),
    [0.0177, -0.0485, -0.0362, -0.1444, -0.0566]
  ],
  [
    'nothing around a text',
    tokenizer((value) => ({ ...value, post_processor: null })),
    [-0.0221, -0.0105, -0.0421, -0.1503, -0.0581]
  ],
  [
    'two end tokens by a template',
    tokenizer((value) => ({
      ...value,
      post_processor: {
        type: 'TemplateProcessing',
        single: [...['<s>'].map(token), { Sequence: { id: 'A', type_id: 0 } }, ...['</s>', '</s>'].map(token)],
        pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
        special_tokens: {
          '<s>': { id: '<s>', ids: [0], tokens: ['<s>'] },
          '</s>': { id: '</s>', ids: [2], tokens: ['</s>'] }
        }
      }
    })),
    [0.0114, -0.0664, -0.0098, -0.1414, -0.0674]
  ],
  [
    'truncation and padding that were on when it was saved',
    tokenizer((value) => ({
      ...value,
      truncation: { direction: 'Right', max_length: 8, strategy: 'LongestFirst', stride: 0 },
      padding: {
        strategy: { Fixed: 12 },
        direction: 'Right',
        pad_to_multiple_of: null,
        pad_id: 1,
        pad_type_id: 0,
        pad_token: '<pad>'
      }
    })),
    plain
  ],
  [
    'digits apart',
    tokenizer((value) => ({
      ...value,
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [{ type: 'Digits', individual_digits: true }, value.pre_tokenizer]
      }
    })),
    /tokenizer.json: this tokenizer uses pre_tokenizer.pretokenizers.0.type = "Digits"/
  ],
  [
    'words by an expression of its own',
    tokenizer((value) => ({
      ...value,
      pre_tokenizer: { type: 'Split', pattern: { Regex: '\\d' }, behavior: 'Isolated', invert: false }
    })),
    /pre_tokenizer.type = "Split"/
  ],
  [
    'merges drawn at random',
    tokenizer((value) => ({ ...value, model: { ...value.model, dropout: 0.1 } })),
    /model.dropout = 0.1/
  ],
  [
    'bytes for what is not known',
    tokenizer((value) => ({ ...value, model: { ...value.model, byte_fallback: true } })),
    /model.byte_fallback = true/
  ],
  ['a template for chats', write('chat_template.jinja', {}), plain],
  [
    'texts cut at their start',
    set('tokenizer_config.json', { truncation_side: 'left' }),
    /"truncation_side" is "left"/
  ],
  [
    'a limit of the tokenizer alone',
    all(set('tokenizer_config.json', { model_max_length: 20 }), drop('sentence_bert_config.json')),
    [0.009, -0.0412, -0.0317, -0.1301, 0.0195]
  ],
  [
    'no limit but 1e30: that of the positions',
    all(set('tokenizer_config.json', { model_max_length: 1e30 }), drop('sentence_bert_config.json')),
    plain
  ],
  [
    'a limit of twelve',
    set('sentence_bert_config.json', { max_seq_length: 12 }),
    [0.0598, -0.051, -0.0421, -0.091, 0.0089]
  ],
  [
    'lower case by the module',
    set('sentence_bert_config.json', { do_lower_case: true }),
    [0.0909, -0.0518, 0.0011, -0.1459, -0.0623]
  ],
  [
    'weighted layers',
    modules((list) => list.splice(1, 0, module('9_W', `${st}WeightedLayerPooling`)) && list),
    /WeightedLayerPooling at "9_W" is not supported/
  ],
  ['a picture model', modules(() => [module('', `${st}CLIPModel`)]), /CLIPModel at "" is not supported/],
  ['vectors of words', modules(() => [module('', `${st}StaticEmbedding`)]), /StaticEmbedding at "" is not supported/],
  ['ways for queries and passages', modules(() => [module('', `${st}Router`)]), /Router at "" is not supported/],
  [
    'no pooling',
    modules((list) => list.slice(0, 1)),
    /modules.json: there is no pooling, so the model gives a vector for each token/
  ],
  [
    'a dense layer over tokens, as ColBERT has it',
    modules(([first]) => [first, module('1_Dense', 'pylate.models.Dense.Dense')]),
    /pylate.models.Dense.Dense at "1_Dense" comes before any pooling/
  ],
  [
    'lengths of one before the pooling',
    modules(([a, b, c]) => [a, c, b]),
    /Normalize at "2_Normalize" comes before any pooling/
  ],
  ['dropout between', modules((list) => list.splice(2, 0, module('2_Dropout', `${st}Dropout`)) && list), plain],
  ['the first token', pooling('cls_token'), [0.0203, -0.0695, -0.181, 0.018, -0.0731]],
  ['the largest of each number', pooling('max_tokens'), [0.0876, 0.0828, 0.0622, 0.0663, 0.1316]],
  ['later tokens more', pooling('weightedmean_tokens'), [0.0265, -0.0308, 0.0404, -0.1396, -0.0495]],
  ['the last token', pooling('lasttoken'), [0.0421, -0.1129, 0.0873, 0.0922, -0.0898]],
  ['two poolings side by side', pooling('cls_token', 'mean_tokens'), [0.0196, -0.067, -0.1746, 0.0174, -0.0707]],
  ['no word about the pooling', pooling(), plain],
  [
    'another distance',
    write('config_sentence_transformers.json', { similarity_fn_name: 'manhattan' }),
    /field "similarity_fn_name": the lab compares by cosine or by dot product; found "manhattan"/
  ],
  [
    'a default prompt',
    write('config_sentence_transformers.json', { prompts: { query: 'query: ' }, default_prompt_name: 'query' }),
    [-0.012, -0.0728, -0.0654, -0.1387, -0.0605]
  ],
  [
    'a default prompt that is not there',
    write('config_sentence_transformers.json', { prompts: {}, default_prompt_name: 'query' }),
    /the default prompt "query" is not among the prompts/
  ],
  ['vectors that are cut', write('config_sentence_transformers.json', { truncate_dim: 32 }), /"truncate_dim" is 32/],
  [
    'a sparse encoder',
    write('config_sentence_transformers.json', { model_type: 'SparseEncoder' }),
    /"model_type" is "SparseEncoder"/
  ]
]

function token(id: string): object {
  return { SpecialToken: { id, type_id: 0 } }
}

test.each(cases)('%s', async (_, change, expected) => {
  const folder = mkdtempSync(join(tmpdir(), 'recross-encoder-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  cpSync(join(projectFolder(), 'data', 'demo', 'encoder'), folder, { recursive: true })
  await change(folder)
  const opened = loadEngine({ folder, provider: 'cpu', threads: 1 })
  if (expected instanceof RegExp) return expect(opened).rejects.toThrow(expected)
  const engine = await opened
  const found: number[][] = []
  for await (const { indices, vectors } of engine.embed(texts, { maxTokens: 100_000 })) {
    const size = vectors.length / indices.length
    indices.forEach((index, place) => (found[index] = [...vectors.subarray(place * size, (place + 1) * size)]))
  }
  await engine.close()
  const numbers = [...found[0]!.slice(0, 3), ...found[1]!.slice(0, 2)]
  numbers.forEach((number, at) =>
    expect(Math.abs(number - expected[at]!), `number ${at}: ${number}`).toBeLessThan(6e-4)
  )
})
