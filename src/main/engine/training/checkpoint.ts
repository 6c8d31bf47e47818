/**
 * Checkpoints: one safetensors file with weights and optimiser's state, and how far the training has come in its metadata. Data
 * order and dropout follow from the seed and the step, so nothing else has a state. The file replaces the old one in one move.
 */
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { LabError } from '../../contract/error.ts'
import { openWeights } from '../../models/weights/checkpoint.ts'
import { writeSafetensors } from '../../models/weights/write-safetensors.ts'
import type { TrainingDevice } from './device.ts'
import { lossScaleSchema } from './loss-scale.ts'

const progressSchema = z.object({
  /** Finished updates. */
  step: z.number().int().min(0),
  /** Lowest held-out loss so far. */
  best: z.number().nullable(),
  /** The step after which it was measured. */
  bestStep: z.number().int().min(0).default(0),
  checksWithoutGain: z.number().int().min(0),
  stopped: z.boolean(),
  /** In half precision. */
  lossScale: lossScaleSchema.optional()
})

export type Progress = z.infer<typeof progressSchema>

const fileName = 'checkpoint.safetensors'

export async function writeCheckpoint(
  folder: string,
  fingerprint: string,
  progress: Progress,
  device: TrainingDevice
): Promise<void> {
  await mkdir(folder, { recursive: true })
  const tensors = (await device.state()).map(({ name, dims, data }) => ({
    name,
    dtype: 'F32' as const,
    shape: dims,
    data
  }))
  await writeSafetensors(join(folder, fileName), tensors, { training: fingerprint, progress: JSON.stringify(progress) })
}

/**
 * Fills the device from the folder's checkpoint.
 * @returns how far it had come; null where the folder holds none
 * @throws LabError `checkpoint-mismatch` for a checkpoint of other data, model or settings; `checkpoint-damaged`
 */
export async function readProgress(
  folder: string,
  fingerprint: string,
  device: TrainingDevice
): Promise<Progress | null> {
  const path = join(folder, fileName)
  if (!existsSync(path)) return null
  const checkpoint = await openWeights(path)
  try {
    if (checkpoint.metadata['training'] !== fingerprint) {
      throw new LabError(
        'checkpoint-mismatch',
        `${path} was saved by a training with another model, other examples or other settings. Start afresh in another folder, or delete it.`,
        { details: { path } }
      )
    }
    const progress = progressSchema.parse(JSON.parse(checkpoint.metadata['progress'] ?? '{}'))
    await device.restore(async (name, target) => {
      await checkpoint.read(name, target)
    })
    return progress
  } finally {
    await checkpoint.close()
  }
}
