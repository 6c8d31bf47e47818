/**
 * Rounds the linear layers of a model folder to 8 or 4 bits while they are read, and keeps the result beside the weights: rounding
 * takes longer than reading. What is kept carries the fingerprint of what it was made of, and is made anew for anything else.
 */
import type { RoundedWeights } from '../contract/base-weights.ts'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../contract/error.ts'
import { quantizedNames } from '../models/context.ts'
import { parameterSize } from '../models/parameters.ts'
import type { LocatedParameter } from '../models/locate.ts'
import { openWeights, type Checkpoint } from '../models/weights/checkpoint.ts'
import { writeSafetensors, type TensorToWrite } from '../models/weights/write-safetensors.ts'
import { QuantizedBase } from './quantized-base.ts'
import { floats } from './tensors.ts'

/** Raised when the same weights are rounded otherwise. */
const format = 1

/** In the model's folder. */
export const roundedFolder = 'rounded'

const fileOf = (folder: string, bits: RoundedWeights): string => join(folder, roundedFolder, `${bits}.safetensors`)

export interface BaseSource {
  folder: string
  /** Of the folder's weights. */
  fingerprint: string
  checkpoint: Pick<Checkpoint, 'read'>
  /** The linear layers to be rounded. */
  parameters: readonly LocatedParameter[]
  /** Whether to leave the result in the folder. */
  keep: boolean
}

/** A tensor at a time, so that one of them in fp32 is the most that lies in memory besides what is rounded. */
export async function readBase(source: BaseSource, bits: RoundedWeights): Promise<QuantizedBase> {
  const kept = await readKept(source, bits)
  if (kept) return kept
  const { checkpoint, parameters } = source
  const base = new QuantizedBase(bits)
  const scratch = new Float32Array(Math.max(0, ...parameters.map(parameterSize)))
  for (const parameter of parameters) {
    const weight = scratch.subarray(0, parameterSize(parameter))
    await checkpoint.read(parameter.source!, weight)
    base.round(layerOf(parameter), weight, parameter.dims as [number, number])
  }
  if (source.keep) await keep(source, base)
  return base
}

async function readKept(
  { folder, fingerprint, parameters }: BaseSource,
  bits: RoundedWeights
): Promise<QuantizedBase | null> {
  const file = fileOf(folder, bits)
  if (!existsSync(file)) return null
  // What is damaged is made anew, like what belongs to other weights.
  const stored = await openWeights(file).catch(() => null)
  if (stored === null) return null
  try {
    if (stored.metadata['base'] !== identityOf(fingerprint)) return null
    const base = new QuantizedBase(bits)
    for (const parameter of parameters) {
      const layer = layerOf(parameter)
      const names = quantizedNames(layer)
      const bytes = await stored.readBytes(names.values)
      const values = bits === '8-bit' ? new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length) : bytes
      base.put(layer, parameter.dims as [number, number], values, await stored.read(names.scale))
    }
    return base
  } catch (thrown) {
    if (thrown instanceof LabError) return null
    throw thrown
  } finally {
    await stored.close()
  }
}

/** A folder that cannot be written, or a full disk, costs the time of rounding again and nothing else. */
async function keep({ folder, fingerprint }: BaseSource, base: QuantizedBase): Promise<void> {
  const tensors: TensorToWrite[] = []
  for (const [layer, { values, scale }] of base.layers) {
    const names = quantizedNames(layer)
    const { data } = values
    const bytes = new Uint8Array(
      (data as Uint8Array).buffer,
      (data as Uint8Array).byteOffset,
      (data as Uint8Array).byteLength
    )
    const dtype = base.bits === '8-bit' ? 'I8' : 'U8'
    tensors.push(
      { name: names.values, dtype, shape: values.dims, data: bytes },
      { name: names.scale, dtype: 'F32', shape: scale.dims, data: floats(scale) }
    )
  }
  try {
    await mkdir(join(folder, roundedFolder), { recursive: true })
    await writeSafetensors(fileOf(folder, base.bits), tensors, { base: identityOf(fingerprint) })
  } catch {
    return
  }
}

const identityOf = (fingerprint: string): string => `${format} ${fingerprint}`
const layerOf = ({ name }: LocatedParameter): string => name.slice(0, -'.weight'.length)
