/** Takes a tuned model out of the lab: as a model of its own, or as an adapter that PEFT loads beside the base model. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../contract/error.ts'
import { writeWhole } from '../files/durable.ts'
import { savedName } from '../models/locate.ts'
import { writeSafetensors, type TensorToWrite } from '../models/weights/write-safetensors.ts'
import type { LoadOptions } from './engine.ts'
import { loadModel, type LoadedModel } from './loaded-model.ts'
import { readAdapter } from './patch.ts'
import { writeModelFolder } from './model-folder.ts'

/** What was tuned: the base model and what tuning changed. */
export type Tuned = Required<Pick<LoadOptions, 'folder' | 'patch'>>

/** Writes the base model with the changes in it. It computes what the lab computes with both, number by number. */
export async function exportMerged(tuned: Tuned, to: string): Promise<LoadedModel['info']> {
  const model = await loadModel({ ...tuned, provider: 'cpu' })
  await writeModelFolder(model, to, (name) => model.weights.data(name))
  await sayPrecision(join(to, 'config.json'))
  return model.info
}

/**
 * Writes the adapter as PEFT does: adapter_config.json and adapter_model.safetensors.
 * @param base what the adapter's config names as the model that it belongs to
 * @throws LabError `no-adapter` where tuning changed the weights themselves
 */
export async function exportAdapter(tuned: Tuned, to: string, base: string): Promise<LoadedModel['info']> {
  const { pairs, scale } = await readAdapter(tuned.patch)
  // Loading checks that the adapter belongs to the base model.
  const { config, info } = await loadModel({ ...tuned, provider: 'cpu' })
  const rank = pairs[0]?.rank
  if (rank === undefined)
    throw new LabError('no-adapter', `${tuned.patch} holds no adapter. Export the whole model: --format hf`)
  const module = (weight: string) => savedName(config, weight).replace(/\.weight$/, '')
  const tensors = pairs.flatMap(({ weight, rank, inputs, outputs, down, up }): TensorToWrite[] => [
    { name: `base_model.model.${module(weight)}.lora_A.weight`, dtype: 'F32', shape: [rank, inputs], data: down },
    { name: `base_model.model.${module(weight)}.lora_B.weight`, dtype: 'F32', shape: [outputs, rank], data: up }
  ])
  await writeWhole(
    join(to, 'adapter_config.json'),
    json({
      peft_type: 'LORA',
      task_type: 'SEQ_2_SEQ_LM',
      base_model_name_or_path: base,
      inference_mode: true,
      r: rank,
      lora_alpha: scale * rank,
      lora_dropout: 0,
      bias: 'none',
      fan_in_fan_out: false,
      use_rslora: false,
      modules_to_save: null,
      // In full: the end of a name may also be that of a layer without an adapter.
      target_modules: pairs.map(({ weight }) => module(weight)).sort()
    })
  )
  await writeSafetensors(join(to, 'adapter_model.safetensors'), tensors, { format: 'pt' })
  return info
}

/** Transformers loads weights in the precision that config.json names, which was that of the base model's files. */
async function sayPrecision(path: string): Promise<void> {
  if (!existsSync(path)) return
  const config = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
  const fields = ['torch_dtype', 'dtype'].filter((field) => field in config)
  if (fields.every((field) => config[field] === 'float32')) return
  await writeWhole(path, json({ ...config, ...Object.fromEntries(fields.map((field) => [field, 'float32'])) }))
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
