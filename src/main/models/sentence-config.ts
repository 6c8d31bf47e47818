import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { LabError } from '../contract/error.ts'
import { only, unsupported, type Notes } from './closed.ts'
import { isPoolingMode, type AfterPooling, type PoolingMode } from './pooling.ts'
import { invalid, readClosedJson, readJson } from './read-json.ts'

/** What a sentence-transformers folder does with texts and with the encoder's last hidden states. */
export interface SentenceConfig {
  /** Several are put side by side. */
  pooling: readonly PoolingMode[]
  /** False: the tokens of the prompt are left out of the pooling (Instructor). */
  poolsPrompt: boolean
  /** What comes between the pooling and the end. */
  after: readonly AfterPooling[]
  /** The vector is brought to length 1 at the end. */
  normalize: boolean
  /** Inputs are cut at this many tokens, special ones counted; null: at the model's own limit. */
  maxTokens: number | null
  /** Texts are put into lower case before the tokenizer sees them. */
  lowercase: boolean
  prompts: Prompts
  /** How two vectors are compared. */
  similarity: 'cosine' | 'dot'
}

/** Texts put in front of what is embedded; empty where there are none. */
interface Prompts {
  query: string
  passage: string
  /** For a text of which nobody says what it is: the default prompt. */
  usual: string
}

const modulesSchema = z.array(z.object({ path: z.string(), type: z.string() }))
const poolingSchema = z.looseObject({
  pooling_mode: z.union([z.string(), z.array(z.string())]).optional(),
  include_prompt: z.boolean().nullish()
})
const transformerSchema = z.object({
  max_seq_length: z.number().int().min(1).nullish(),
  do_lower_case: z.boolean().nullish()
})
const denseSchema = z.object({
  in_features: z.number().int().min(1),
  out_features: z.number().int().min(1),
  bias: z.boolean().default(true),
  activation_function: z.string().default('torch.nn.modules.activation.Tanh'),
  use_residual: z.literal(false, 'a residual beside the dense layer is not supported').nullish()
})
const modelSchema = z.object({
  prompts: z.record(z.string(), z.string().nullable()).nullish(),
  default_prompt_name: z.string().nullish(),
  similarity_fn_name: z
    .enum(['cosine', 'dot', 'dot_score', 'cos_sim'], 'the lab compares by cosine or by dot product')
    .nullish()
})

/** The older layout has one switch per mode. */
const switches: Readonly<Record<string, PoolingMode>> = {
  pooling_mode_cls_token: 'cls',
  pooling_mode_max_tokens: 'max',
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_mean_sqrt_len_tokens: 'mean_sqrt_len_tokens',
  pooling_mode_weightedmean_tokens: 'weightedmean',
  pooling_mode_lasttoken: 'lasttoken'
}

const activations: Readonly<Record<string, Extract<AfterPooling, { kind: 'linear' }>['activation']>> = {
  Identity: null,
  Tanh: 'tanh',
  ReLU: 'relu',
  GELU: 'gelu',
  SiLU: 'silu'
}

/** The names that sentence-transformers has given the file of its first module. */
const transformerFiles = ['bert', 'roberta', 'distilbert', 'camembert', 'albert', 'xlm-roberta', 'xlnet'].map(
  (name) => `sentence_${name}_config.json`
)

/**
 * Reads modules.json and what it points to.
 * @returns null where the folder is not a sentence-transformers model
 * @throws LabError `model-file-missing`, `model-file-invalid`, `unsupported-pooling`, `model-setting-unsupported`
 */
export async function readSentenceConfig(folder: string, notes: Notes = []): Promise<SentenceConfig | null> {
  const file = join(folder, 'modules.json')
  if (!existsSync(file)) return null
  let pooling: Pick<SentenceConfig, 'pooling' | 'poolsPrompt'> | null = null
  const after: AfterPooling[] = []
  for (const { path, type } of await readJson(file, modulesSchema)) {
    const name = type.split('.').at(-1)
    if (path !== '' && !/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(path)) {
      throw invalid(file, `the module path ${JSON.stringify(path)} is not a folder in the model's folder`)
    }
    if (name === 'Transformer' && path === '') continue
    // What follows works on the one vector of a text; ColBERT's dense layer works on each token's, and is no sentence encoder.
    if (pooling === null && (name === 'Normalize' || name === 'Dense'))
      throw withoutPooling(file, `the module ${type} at "${path}" comes before any pooling`)
    if (name === 'Pooling') pooling = await readPooling(join(folder, path, 'config.json'), notes)
    else if (name === 'Normalize') after.push({ kind: 'normalize' })
    else if (name === 'Dense') after.push(await readDense(join(folder, path, 'config.json'), path, notes))
    else if (name !== 'Dropout') throw unknownModule(file, type, path)
  }
  if (pooling === null) throw withoutPooling(file, 'there is no pooling')
  const normalize = after.at(-1)?.kind === 'normalize'
  return {
    ...pooling,
    after: normalize ? after.slice(0, -1) : after,
    normalize,
    ...(await readTransformer(folder, notes)),
    ...(await readModel(folder, notes))
  }
}

/** Files that a sentence-transformers folder is read from, besides weights and tokenizer; relative to the folder. */
export async function sentenceFiles(folder: string): Promise<string[]> {
  const file = join(folder, 'modules.json')
  if (!existsSync(file)) return []
  const paths = (await readJson(file, modulesSchema)).map(({ path }) => path).filter((path) => /^[\w-]+$/.test(path))
  const inside = ['config.json', 'model.safetensors', 'pytorch_model.bin']
  return ['modules.json', 'config_sentence_transformers.json', ...transformerFiles]
    .concat(paths.flatMap((path) => inside.map((name) => join(path, name))))
    .filter((name) => existsSync(join(folder, name)))
}

async function readPooling(file: string, notes: Notes): Promise<Pick<SentenceConfig, 'pooling' | 'poolsPrompt'>> {
  const known = {
    followed: ['pooling_mode', 'include_prompt', ...Object.keys(switches)],
    harmless: ['word_embedding_dimension', 'embedding_dimension']
  }
  const config = await readClosedJson(file, poolingSchema, known, notes)
  const named = config.pooling_mode === undefined ? null : [config.pooling_mode].flat()
  const on = Object.entries(switches).filter(([key]) => config[key] === true)
  const modes = named ?? on.map(([, mode]) => mode)
  const pooling = modes.filter(isPoolingMode)
  if (pooling.length < modes.length) {
    throw new LabError(
      'unsupported-pooling',
      `${file}: pooling by ${modes.join(' and ')} is not supported. Choose a model that pools by ${Object.values(switches).join(', ')}.`,
      { details: { file, modes } }
    )
  }
  return { pooling: pooling.length === 0 ? ['mean'] : pooling, poolsPrompt: config.include_prompt ?? true }
}

async function readDense(file: string, path: string, notes: Notes): Promise<AfterPooling> {
  const known = {
    followed: Object.keys(denseSchema.shape),
    harmless: [],
    refused: [
      { field: 'module_input_name', neutral: only('sentence_embedding'), asks: 'a dense layer before the pooling' },
      { field: 'module_output_name', neutral: only('sentence_embedding'), asks: 'an output beside the vector' }
    ]
  }
  const config = await readClosedJson(file, denseSchema, known, notes)
  const name = config.activation_function.split('.').at(-1)!
  if (!Object.hasOwn(activations, name)) {
    throw unsupported(
      file,
      'activation_function',
      config.activation_function,
      'an activation that the lab does not have'
    )
  }
  const { in_features: inputs, out_features: outputs, bias } = config
  return { kind: 'linear', name: `${path}.linear`, path, inputs, outputs, bias, activation: activations[name]! }
}

async function readTransformer(folder: string, notes: Notes): Promise<Pick<SentenceConfig, 'maxTokens' | 'lowercase'>> {
  const file = transformerFiles.map((name) => join(folder, name)).find(existsSync)
  if (file === undefined) return { maxTokens: null, lowercase: false }
  const asks = 'settings for loading the model that the lab does not pass on'
  const known = {
    followed: Object.keys(transformerSchema.shape),
    harmless: ['unpad_inputs', 'modality_config', 'module_output_name'],
    refused: [
      { field: 'transformer_task', neutral: only('feature-extraction'), asks: 'another task than embedding' },
      ...['model_args', 'model_kwargs', 'tokenizer_args', 'processor_kwargs', 'config_args', 'config_kwargs'].map(
        (field) => ({ field, neutral: onlyTrust, asks })
      ),
      { field: 'processing_kwargs', neutral: only(), asks },
      { field: 'query_length', neutral: only(), asks: 'several vectors for a text' },
      { field: 'document_length', neutral: only(), asks: 'several vectors for a text' },
      { field: 'query_expansion', neutral: only(false), asks: 'several vectors for a text' }
    ]
  }
  const config = await readClosedJson(file, transformerSchema, known, notes)
  return { maxTokens: config.max_seq_length ?? null, lowercase: config.do_lower_case ?? false }
}

const onlyTrust = (value: unknown): boolean =>
  typeof value === 'object' && Object.keys(value ?? {}).every((key) => key === 'trust_remote_code')

/** sentence-transformers looks for the prompt of a passage under these names, in this order. */
const passageNames = ['document', 'passage', 'corpus']

async function readModel(folder: string, notes: Notes): Promise<Pick<SentenceConfig, 'prompts' | 'similarity'>> {
  const file = join(folder, 'config_sentence_transformers.json')
  if (!existsSync(file)) return { prompts: { query: '', passage: '', usual: '' }, similarity: 'cosine' }
  const known = {
    followed: Object.keys(modelSchema.shape),
    harmless: ['requirements'],
    refused: [
      {
        field: 'model_type',
        neutral: only('SentenceTransformer'),
        asks: 'another kind of model than a sentence encoder'
      },
      { field: 'truncate_dim', neutral: only(), asks: 'vectors that are cut' }
    ]
  }
  const config = await readClosedJson(file, modelSchema, known, notes)
  const prompts = config.prompts ?? {}
  const usualName = config.default_prompt_name ?? null
  if (usualName !== null && typeof prompts[usualName] !== 'string') {
    throw invalid(file, `the default prompt "${usualName}" is not among the prompts`)
  }
  const usual = usualName === null ? '' : prompts[usualName]!
  const passage = passageNames.map((name) => prompts[name]).find((prompt) => typeof prompt === 'string')
  return {
    prompts: { query: prompts['query'] ?? '', passage: passage ?? '', usual },
    similarity: config.similarity_fn_name?.startsWith('dot') ? 'dot' : 'cosine'
  }
}

function withoutPooling(file: string, what: string): LabError {
  return new LabError(
    'unsupported-pooling',
    `${file}: ${what}, so the model gives a vector for each token, not one for a text. Choose a sentence encoder, with a Pooling module behind its Transformer.`,
    { details: { file } }
  )
}

function unknownModule(file: string, type: string, path: string): LabError {
  return new LabError(
    'unsupported-pooling',
    `${file}: the module ${type} at "${path}" is not supported. ` +
      'The lab runs a Transformer (in the folder itself), Pooling, Dense and Normalize; choose a model made of these.',
    { details: { file, module: type } }
  )
}
