import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { maxInputTokens, readConfig } from '../../src/main/models/config.ts'
import { readGenerationConfig } from '../../src/main/models/generation-config.ts'
import { readSentenceConfig } from '../../src/main/models/sentence-config.ts'

/** A model folder with these JSON files. */
function folderWith(files: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), 'lab-config-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, value] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value))
  }
  return folder
}

const config = (fields: unknown): string => folderWith({ 'config.json': fields })

describe('readConfig', () => {
  it('fills in what Transformers fills in', async () => {
    expect(await readConfig(config({ model_type: 'bart' }))).toMatchObject({
      vocabularySize: 50265,
      encoderLayers: 12,
      encoderHeads: 16,
      maxPositions: 1024,
      activation: 'gelu',
      scaleEmbedding: false,
      ids: { pad: 1, bos: 0, eos: 2, decoderStart: 2 }
    })
    expect(await readConfig(config({ model_type: 'bert' }))).toMatchObject({
      hiddenSize: 768,
      firstPosition: 0,
      tokenTypes: 2,
      relativeBuckets: null,
      layerNormEpsilon: 1e-12
    })
  })

  it.each([
    ['longt5', { encoder_attention_type: 'local' }, /longt5.*local and transient-global attention of LongT5/],
    ['longt5', { encoder_attention_type: 'transient-global' }, /local and transient-global attention of LongT5/],
    ['deberta', {}, /second and third version of DeBERTa/],
    ['big_bird', {}, /sparse attention/],
    ['constructor', {}, /does not know/]
  ])('says why it does not run %s', async (model_type, fields, reason) => {
    const folder = config({ model_type, ...fields })
    await expect(readConfig(folder)).rejects.toMatchObject({ code: 'unknown-architecture' })
    await expect(readConfig(folder)).rejects.toThrow(reason)
  })

  it.each([
    ['deberta-v2', { pos_att_type: ['p2p'] }, /pos_att_type.*"p2p"/],
    [
      'deberta-v2',
      { attention_head_size: 32, hidden_size: 128, num_attention_heads: 2 },
      /attention_head_size.*expected 64/
    ],
    ['deberta-v2', { pooler_hidden_size: 8 }, /pooler_hidden_size/],
    ['deberta-v2', { conv_kernel_size: 3, conv_groups: 4 }, /conv_groups.*in groups/],
    ['deberta-v2', { conv_kernel_size: 4 }, /conv_kernel_size.*odd/],
    ['deberta-v2', { hidden_act: 'squared' }, /hidden_act.*"squared"/],
    ['modernbert', { rope_scaling: { rope_type: 'yarn', factor: 4 } }, /rope_scaling/],
    ['modernbert', { rope_parameters: { full_attention: { rope_type: 'linear' } } }, /rope_parameters.*stretched/],
    [
      'modernbert',
      { rope_parameters: { full_attention: { rope_theta: 1, partial_rotary_factor: 0.5 } } },
      /partial_rotary_factor/
    ],
    ['modernbert', { layer_types: ['full_attention'] }, /layer_types.*22 blocks, found 1/],
    ['modernbert', { layer_types: Array(22).fill('chunked_attention') }, /layer_types/],
    ['modernbert', { hidden_size: 30, num_attention_heads: 2 }, /head_dim.*even/],
    ['modernbert', { classifier_pooling: 'max' }, /classifier_pooling/]
  ])('refuses what it would compute otherwise: %s with %j', async (model_type, fields, reason) => {
    await expect(readConfig(config({ model_type, ...fields }))).rejects.toThrow(reason)
  })

  it('reads DeBERTa and ModernBERT as they are published', async () => {
    const notes: string[] = []
    const v3 = {
      ...{ model_type: 'deberta-v2', attention_probs_dropout_prob: 0.1, hidden_act: 'gelu', hidden_dropout_prob: 0.1 },
      ...{ hidden_size: 768, initializer_range: 0.02, intermediate_size: 3072, max_position_embeddings: 512 },
      ...{ relative_attention: true, position_buckets: 256, norm_rel_ebd: 'layer_norm', share_att_key: true },
      ...{ pos_att_type: 'p2c|c2p', layer_norm_eps: 1e-7, max_relative_positions: -1, position_biased_input: false },
      ...{ num_attention_heads: 12, num_hidden_layers: 12, type_vocab_size: 0, vocab_size: 128100, z_steps: 0 },
      ...{ pooler_dropout: 0, pooler_hidden_act: 'gelu', pooler_hidden_size: 768, legacy: true }
    }
    expect(await readConfig(config(v3), notes)).toMatchObject({
      distances: { span: 256, buckets: 256, maxDistance: 512 },
      attends: { toPosition: true, fromPosition: true },
      ...{ sharedProjections: true, normedDistances: true, positionTable: false, convolution: null, maxPositions: 512 }
    })
    const modern = {
      ...{
        model_type: 'modernbert',
        architectures: ['ModernBertForMaskedLM'],
        attention_bias: false,
        attention_dropout: 0
      },
      ...{ bos_token_id: 50281, classifier_activation: 'gelu', classifier_bias: false, classifier_dropout: 0 },
      ...{ classifier_pooling: 'mean', cls_token_id: 50281, decoder_bias: true, deterministic_flash_attn: false },
      ...{ embedding_dropout: 0, eos_token_id: 50282, global_attn_every_n_layers: 3, global_rope_theta: 160000 },
      ...{ gradient_checkpointing: false, hidden_activation: 'gelu', hidden_size: 768, initializer_cutoff_factor: 2 },
      ...{ initializer_range: 0.02, intermediate_size: 1152, layer_norm_eps: 1e-5, local_attention: 128 },
      ...{ local_rope_theta: 10000, max_position_embeddings: 8192, mlp_bias: false, mlp_dropout: 0, norm_bias: false },
      ...{ norm_eps: 1e-5, num_attention_heads: 12, num_hidden_layers: 22, pad_token_id: 50283, sep_token_id: 50282 },
      ...{
        position_embedding_type: 'absolute',
        sparse_pred_ignore_index: -100,
        sparse_prediction: false,
        vocab_size: 50368
      },
      ...{ reference_compile: null, repad_logits_with_grad: false }
    }
    const read = await readConfig(config(modern), notes)
    expect(read).toMatchObject({ window: 64, theta: { full_attention: 160000, sliding_attention: 10000 } })
    const global =
      'reaches' in read ? read.reaches.flatMap((reach, at) => (reach === 'full_attention' ? [at] : [])) : []
    expect(global).toEqual([0, 3, 6, 9, 12, 15, 18, 21])
    expect(notes).toEqual([])
  })

  it.each([
    ['v1.0', { model_type: 't5' }, { gated: false, activation: 'relu', scaleHead: true }],
    [
      'v1.1, LM-adapted, Flan',
      { model_type: 't5', feed_forward_proj: 'gated-gelu', tie_word_embeddings: false },
      { gated: true, activation: 'gelu_new', scaleHead: false }
    ],
    [
      'v1.1 as newer versions save it',
      { model_type: 't5', feed_forward_proj: 'gated-gelu', tie_word_embeddings: true, scale_decoder_outputs: false },
      { gated: true, scaleHead: false }
    ],
    ['with a gated SiLU', { model_type: 't5', feed_forward_proj: 'gated-silu' }, { gated: true, activation: 'silu' }],
    [
      'mT5',
      { model_type: 'mt5' },
      { architecture: 't5', gated: true, scaleHead: false, encoderLayers: 8, decoderLayers: 8 }
    ],
    [
      'with fewer decoder layers',
      { model_type: 't5', num_layers: 4, num_decoder_layers: 2 },
      { encoderLayers: 4, decoderLayers: 2 }
    ]
  ])('tells T5 %s apart', async (_, fields, expected) => {
    expect(await readConfig(config(fields))).toMatchObject(expected)
  })

  it('starts positions after the padding id where the architecture does', async () => {
    const roberta = await readConfig(config({ model_type: 'roberta', max_position_embeddings: 514, pad_token_id: 1 }))
    expect(roberta).toMatchObject({ firstPosition: 2, tokenTypes: 2 })
    expect(maxInputTokens(roberta)).toBe(512)
    const mpnet = await readConfig(config({ model_type: 'mpnet', max_position_embeddings: 514 }))
    expect(mpnet).toMatchObject({ firstPosition: 2, tokenTypes: 0, relativeBuckets: 32 })
    expect(maxInputTokens(await readConfig(config({ model_type: 't5' })))).toBeNull()
  })

  it('knows a pair classifier by its class', async () => {
    const fields = {
      model_type: 'roberta',
      architectures: ['RobertaForSequenceClassification'],
      id2label: { '0': 'no' }
    }
    expect(await readConfig(config(fields))).toMatchObject({ role: 'pair-classifier', labels: 1 })
    expect(await readConfig(config({ model_type: 'distilbert', dim: 64, n_heads: 4 }))).toMatchObject({
      architecture: 'distilbert',
      role: 'encoder',
      hiddenSize: 64
    })
  })

  it.each<[string, unknown, string, RegExp]>([
    ['another architecture', { model_type: 'llama' }, 'unknown-architecture', /"llama".*bart, mbart, pegasus, t5/],
    ['a name from the prototype', { model_type: 'constructor' }, 'unknown-architecture', /"constructor"/],
    ['no architecture', {}, 'unknown-architecture', /model_type/],
    ['a list', [], 'model-file-invalid', /config.json/],
    ['broken JSON', '{"model_type": "bart"', 'model-file-invalid', /not JSON/],
    ['a size that is text', { model_type: 'bart', d_model: '768' }, 'model-file-invalid', /"d_model"/],
    ['a negative size', { model_type: 't5', d_ff: -1 }, 'model-file-invalid', /"d_ff"/],
    ['a size beyond reason', { model_type: 't5', vocab_size: 1e12 }, 'model-file-invalid', /"vocab_size"/],
    [
      'heads that do not divide',
      { model_type: 'bert', num_attention_heads: 7 },
      'model-file-invalid',
      /7 heads do not divide/
    ],
    [
      'an unknown activation',
      { model_type: 'bert', hidden_act: 'mish' },
      'model-setting-unsupported',
      /"hidden_act".*mish/
    ],
    [
      'an unknown feed-forward',
      { model_type: 't5', feed_forward_proj: 'gated-x' },
      'model-setting-unsupported',
      /"feed_forward_proj"/
    ],
    [
      'relative key positions',
      { model_type: 'bert', position_embedding_type: 'relative_key' },
      'model-setting-unsupported',
      /absolute/
    ],
    [
      'a padding token beyond the vocabulary',
      { model_type: 'roberta', vocab_size: 300, pad_token_id: 300 },
      'model-file-invalid',
      /"pad_token_id": there is no token 300 in a vocabulary of 300/
    ],
    ['the layer norms of mBART', { model_type: 'bart', normalize_before: true }, 'model-file-invalid', /mBART/]
  ])('refuses %s and names the field', async (_, fields, code, message) => {
    const error = readConfig(config(fields))
    await expect(error).rejects.toMatchObject({ code })
    await expect(error).rejects.toThrow(message)
  })

  it('what the lab lacks is no damage: nobody is sent for the same file again', async () => {
    const error = await readConfig(config({ model_type: 'bert', hidden_act: 'mish' })).catch(
      (thrown: unknown) => thrown
    )
    expect((error as Error).message).toMatch(/does not run models of this kind. Choose another model.$/)
    expect((error as Error).message).not.toMatch(/again/)
  })

  it('says which file is missing', async () => {
    await expect(readConfig(folderWith({}))).rejects.toMatchObject({
      code: 'model-file-missing',
      message: expect.stringContaining('config.json') as string
    })
  })
})

describe('readGenerationConfig', () => {
  it('takes generation_config.json where there is one', async () => {
    const folder = folderWith({
      'config.json': { model_type: 'bart', num_beams: 9, decoder_start_token_id: 2 },
      'generation_config.json': { num_beams: 4, eos_token_id: [2, 3], forced_bos_token_id: 0, max_length: 62 }
    })
    expect(await readGenerationConfig(folder)).toMatchObject({
      beams: 4,
      eos: [2, 3],
      forcedBos: 0,
      forcedEos: null,
      maxLength: 62,
      decoderStart: 2
    })
  })

  it('takes the fields of config.json otherwise, and what the class of BART adds', async () => {
    const folder = config({
      model_type: 'bart',
      num_beams: 4,
      early_stopping: true,
      no_repeat_ngram_size: 3,
      eos_token_id: 2
    })
    expect(await readGenerationConfig(folder)).toMatchObject({
      beams: 4,
      earlyStopping: true,
      noRepeatNgramSize: 3,
      forcedEos: 2,
      eos: [2],
      maxLength: null,
      lengthPenalty: 1
    })
  })
})

describe('readSentenceConfig', () => {
  const modules = (...types: string[]): unknown =>
    types.map((type, idx) => ({
      idx,
      name: `${idx}`,
      path: type === 'Transformer' ? '' : `${idx}_${type}`,
      type: `sentence_transformers.models.${type}`
    }))

  it('is null for a plain model', async () => {
    expect(await readSentenceConfig(folderWith({}))).toBeNull()
  })

  it.each([
    ['older switches', { pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }, 'cls'],
    ['newer name', { pooling_mode: 'mean' }, 'mean'],
    ['newer list', { pooling_mode: ['cls'] }, 'cls'],
    ['nothing said', { word_embedding_dimension: 384 }, 'mean']
  ])('reads the pooling from %s', async (_, pooling, expected) => {
    const folder = folderWith({
      'modules.json': modules('Transformer', 'Pooling', 'Normalize'),
      '1_Pooling/config.json': pooling,
      'sentence_bert_config.json': { max_seq_length: 128 }
    })
    expect(await readSentenceConfig(folder)).toMatchObject({ pooling: [expected], normalize: true, maxTokens: 128 })
  })

  it.each<[string, unknown, unknown, string]>([
    ['another module', modules('Transformer', 'LSTM'), {}, 'unsupported-pooling'],
    [
      'a pooling that nobody knows',
      modules('Transformer', 'Pooling'),
      { pooling_mode: 'median' },
      'unsupported-pooling'
    ],
    ['a path out of the folder', [{ path: '../1_Pooling', type: 'models.Pooling' }], {}, 'model-file-invalid'],
    ['no list', {}, {}, 'model-file-invalid']
  ])('refuses %s', async (_, list, pooling, code) => {
    const folder = folderWith({ 'modules.json': list, '1_Pooling/config.json': pooling })
    await expect(readSentenceConfig(folder)).rejects.toMatchObject({ code })
  })
})
