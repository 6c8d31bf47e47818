import { join } from 'node:path'
import { z } from 'zod'
import { LabError } from '../contract/error.ts'
import { architectureOf, modelTypes, type ModelConfig } from './architectures/index.ts'
import { readJson } from './read-json.ts'

export type { ArchitectureName, EncoderConfig, ModelConfig, Seq2SeqConfig } from './architectures/index.ts'

/**
 * Reads config.json of a model folder. Fields that it leaves out have the values that Transformers gives them.
 * @throws LabError `model-file-missing`, `model-file-invalid` (names the field), `unknown-architecture`
 */
export async function readConfig(folder: string): Promise<ModelConfig> {
  const file = join(folder, 'config.json')
  const head = await readJson(file, z.object({ model_type: z.string().optional() }))
  const type = head.model_type ?? ''
  if (!Object.hasOwn(modelTypes, type)) {
    throw new LabError(
      'unknown-architecture',
      `${file}: the architecture "${type}" (field model_type) is not known to the lab. ` +
        `It runs ${Object.keys(modelTypes).join(', ')}; choose a model of one of these.`,
      { details: { file, architecture: type } }
    )
  }
  return readJson(file, modelTypes[type]!.schema)
}

/** Longest input in tokens that the positions allow, special ones counted; null where there is no limit. */
export function maxInputTokens(config: ModelConfig): number | null {
  return architectureOf(config).maxInputTokens(config)
}
