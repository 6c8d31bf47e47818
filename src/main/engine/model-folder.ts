/** Writes a model folder in Hugging Face layout. */
import { existsSync } from 'node:fs'
import { copyFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { replaceFile } from '../files/durable.ts'
import { savedName } from '../models/locate.ts'
import { tokenizerFiles } from '../models/tokenizers/files.ts'
import { writeSafetensors } from '../models/weights/write-safetensors.ts'
import type { LoadedModel } from './loaded-model.ts'

/**
 * A complete model folder: the small files of the model's own folder, then its weights in full precision. A write that was cut
 * off leaves no weights, so that nobody takes it for a model.
 * @param value the numbers of a parameter, by the name that the lab has for it
 */
export async function writeModelFolder(
  { folder, config, parameters }: Pick<LoadedModel, 'folder' | 'config' | 'parameters'>,
  to: string,
  value: (name: string) => Float32Array
): Promise<void> {
  for (const file of [...companions, ...licenceFiles, ...tokenizerFiles]) {
    const [source, target] = [join(folder, file), join(to, file)]
    if (source === target || !existsSync(source)) continue
    await mkdir(dirname(target), { recursive: true })
    await replaceFile(target, (beside) => copyFile(source, beside))
  }
  const tensors = parameters.map(({ name, dims }) => ({
    name: savedName(config, name),
    dtype: 'F32' as const,
    shape: dims,
    data: () => value(name)
  }))
  await writeSafetensors(join(to, weightsFile), tensors, { format: 'pt' })
}

export const weightsFile = 'model.safetensors'

/** Licences ask to be passed on with what they are about. */
const licenceFiles = ['LICENSE', 'LICENSE.txt', 'LICENSE.md', 'NOTICE', 'NOTICE.txt', 'USE_POLICY.md']

/** What a model folder holds besides weights and tokenizer. */
const companions = [
  'config.json',
  'generation_config.json',
  'modules.json',
  'sentence_bert_config.json',
  'config_sentence_transformers.json',
  '1_Pooling/config.json',
  '2_Normalize/config.json'
]
