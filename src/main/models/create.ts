/** A fresh model folder with random weights: for demonstration models that are trained from nothing, and for tests. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { writeWhole } from '../files/durable.ts'
import { removeInside } from '../files/remove.ts'
import { modelTypeOf, parametersOf } from './architectures/index.ts'
import { readConfig } from './config.ts'
import { savedName } from './locate.ts'
import { parameterSize, type Parameter } from './parameters.ts'
import { writeSafetensors } from './weights/write-safetensors.ts'

/** The fields of a config.json, as Transformers names them. */
export type ConfigFields = Readonly<Record<string, unknown>> & { readonly model_type: string }

/**
 * Writes config.json and model.safetensors into `folder` (made if it is not there). Weights are drawn as the architecture's
 * own initialisation draws them. The tokenizer's files are the caller's part.
 * @param normal gives numbers of mean 0 and standard deviation 1; the same numbers give the same file
 * @throws LabError as `readConfig`, for fields that do not fit
 */
export async function createModelFolder(folder: string, fields: ConfigFields, normal: () => number): Promise<void> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'config.json')
  await writeWhole(path, `${JSON.stringify({ architectures: [classOf(fields)], ...fields }, null, 2)}\n`)
  try {
    const config = await readConfig(folder)
    const tensors = parametersOf(config).map((parameter) => ({
      name: savedName(config, parameter.name),
      dtype: 'F32' as const,
      shape: parameter.dims,
      data: () => drawParameter(parameter, normal)
    }))
    await writeSafetensors(join(folder, 'model.safetensors'), tensors, { format: 'pt' })
  } catch (error) {
    await removeInside(folder, path)
    throw error
  }
}

/** The initial values of one tensor. */
export function drawParameter(parameter: Parameter, normal: () => number): Float32Array {
  const values = new Float32Array(parameterSize(parameter))
  const { initial } = parameter
  if (initial.kind === 'constant') return values.fill(initial.value)
  if (initial.kind === 'sines') return sinesOf(parameter.dims as [number, number])
  for (let index = 0; index < values.length; index++) values[index] = normal() * initial.std
  return values
}

/** The class by which Transformers knows a pair classifier of this architecture. */
export function classifierClass(modelType: string): string {
  return `${classOf({ model_type: modelType }).replace(/Model$/, '')}ForSequenceClassification`
}

function sinesOf([rows, width]: [number, number]): Float32Array {
  const values = new Float32Array(rows * width)
  const half = Math.ceil(width / 2)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++) {
      const pair = column < half ? column : column - half
      const angle = row / 10_000 ** ((2 * pair) / width)
      values[row * width + column] = column < half ? Math.sin(angle) : Math.cos(angle)
    }
  }
  return values
}

function classOf({ model_type: type }: ConfigFields): string {
  return modelTypeOf(type)?.className ?? type
}
