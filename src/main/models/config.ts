import { join } from 'node:path'
import { z } from 'zod'
import { LabError } from '../contract/error.ts'
import { architectureOf, modelTypeNames, modelTypeOf, typeOfClass, type ModelConfig } from './architectures/index.ts'
import type { Notes } from './closed.ts'
import { configFields } from './config-fields.ts'
import { invalid, readClosedJson, readJson } from './read-json.ts'

export type { ArchitectureName, EncoderConfig, ModelConfig, Seq2SeqConfig } from './architectures/index.ts'

/**
 * Reads config.json of a model folder. Fields that it leaves out have the values that Transformers gives them.
 * @throws LabError `model-file-missing`, `model-file-invalid` (names the field), `unknown-architecture`,
 * `model-setting-unsupported`
 */
export async function readConfig(folder: string, notes: Notes = []): Promise<ModelConfig> {
  const file = join(folder, 'config.json')
  const raw = await readJson(file, headSchema)
  const className = raw.architectures?.[0]
  const type = raw.model_type ?? (className === undefined ? null : typeOfClass(className)) ?? ''
  const known = modelTypeOf(type, className)
  if (known === null) throw unknownArchitecture(file, raw.model_type, className)
  if (raw.model_type === undefined) {
    notes.push(`config.json does not say its model_type; after the class ${className} it is taken as "${type}".`)
  }
  const withType = z.preprocess((given) => Object.assign({}, given, { model_type: type }), known.schema)
  const config = await readClosedJson(file, withType, { ...configFields, followed: known.fields }, notes)
  const { pad_token_id: pad } = raw
  if (typeof pad === 'number' && pad >= config.vocabularySize)
    throw invalid(
      file,
      `field "pad_token_id": there is no token ${pad} in a vocabulary of ${config.vocabularySize}`,
      undefined,
      'pad_token_id'
    )
  return config
}

const headSchema = z.object({
  model_type: z.string().optional(),
  architectures: z.array(z.string()).nullish(),
  pad_token_id: z.unknown().optional()
})

/** Architectures that are near enough to be tried, and why they are not run. */
const notRun: Readonly<Record<string, string>> = {
  longt5: 'the local and transient-global attention of LongT5 is not computed',
  deberta: 'only the second and third version of DeBERTa are run',
  longformer: 'its attention in windows with global tokens is not computed',
  led: 'its attention in windows with global tokens is not computed',
  big_bird: 'its sparse attention is not computed',
  bigbird_pegasus: 'its sparse attention is not computed',
  'modernbert-decoder': 'models that only write on are not run',
  gpt2: 'models that only write on are not run',
  llama: 'models that only write on are not run',
  mistral: 'models that only write on are not run',
  qwen2: 'models that only write on are not run',
  qwen3: 'models that only write on are not run'
}

function unknownArchitecture(file: string, type: string | undefined, className: string | undefined): LabError {
  const found =
    type === undefined
      ? `model_type is missing${className ? ` and the class is "${className}"` : ''}`
      : `model_type is "${type}"`
  const reason = type !== undefined && Object.hasOwn(notRun, type) ? notRun[type] : undefined
  return new LabError(
    'unknown-architecture',
    `${file}: ${found}, which the lab does not ${reason === undefined ? 'know' : `run: ${reason}`}. ` +
      `It runs ${modelTypeNames.join(', ')}; choose a model of one of these.`,
    { details: { file, architecture: type ?? '' } }
  )
}

/** Longest input in tokens that the positions allow, special ones counted; null where there is no limit. */
export function maxInputTokens(config: ModelConfig): number | null {
  return architectureOf(config).maxInputTokens(config)
}
