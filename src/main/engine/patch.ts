/**
 * What a training changed, as one safetensors file: `patch.safetensors`. Kind `tensors` holds whole weights that take the place
 * of the model folder's (full training, last blocks); kind `adapter` holds LoRA pairs, which are added to them.
 */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { LabError } from '../contract/error.ts'
import { openWeights } from '../models/weights/checkpoint.ts'
import { writeSafetensors } from '../models/weights/write-safetensors.ts'
import { LoadedAdapter, type AdapterPair } from './adapter.ts'
import { adapterNames, weightOfAdapter } from './training/trainable.ts'
import type { WeightStore } from './weights.ts'
import { jsonOrNull } from '../files/json-or-null.ts'

export const patchFile = 'patch.safetensors'

const description = z.object({
  kind: z.enum(['tensors', 'adapter']),
  /** Fingerprint of the model folder that the patch belongs to. */
  base: z.string(),
  /** For adapters: what the product of a pair is multiplied by. */
  scale: z.number().optional()
})

export type PatchDescription = z.infer<typeof description>

export interface PatchTensor {
  readonly name: string
  readonly dims: readonly number[]
  readonly data: Float32Array
}

export async function writePatch(
  folder: string,
  described: PatchDescription,
  tensors: readonly PatchTensor[]
): Promise<void> {
  const stored = tensors.map(({ name, dims, data }) => ({ name, dtype: 'F32' as const, shape: dims, data }))
  await writeSafetensors(join(folder, patchFile), stored, { patch: JSON.stringify(described) })
}

/**
 * Changes the weights as the patch says; an adapter is multiplied out, so that the patched model is as fast as the plain one.
 * Beside rounded weights it stays by itself, as their rounding would swallow it.
 * @param path the file, or the folder that holds it
 * @throws LabError `patch-missing`, `patch-mismatch`, `checkpoint-damaged`
 */
export async function applyPatch(
  path: string,
  base: string,
  weights: WeightStore
): Promise<PatchDescription & { beside?: LoadedAdapter }> {
  const { file, stored, described } = await openPatch(path)
  try {
    if (described.base !== base) {
      throw new LabError(
        'patch-mismatch',
        `${file} belongs to another model: it was made for weights with the fingerprint ${described.base.slice(0, 12)}…, these have ${base.slice(0, 12)}…. Load it with the model it was trained from.`,
        {
          details: { file, expected: described.base, found: base }
        }
      )
    }
    if (weights.rounded) {
      if (described.kind === 'adapter') return { ...described, beside: await adapterBeside(file) }
      throw new LabError(
        'patch-mismatch',
        `${file} holds whole weights, made by tuning them in full precision. A base in ${weights.rounded.bits} takes LoRA adapters alone: load the model with its weights in full.`,
        { details: { file } }
      )
    }
    if (described.kind === 'tensors') {
      for (const name of stored.names()) {
        await stored.read(name, weights.data(name))
        weights.changed.add(name)
      }
      return described
    }
    for (const { name } of weights.parameters) {
      const { down, up } = adapterNames(name)
      if (!stored.has(down) || !stored.has(up)) continue
      const [rank] = stored.info(down).shape
      const pair = { up: await stored.read(up), down: await stored.read(down), rank: rank! }
      addProduct(weights.data(name), pair, described.scale ?? 1)
      weights.changed.add(name)
    }
    return described
  } finally {
    await stored.close()
  }
}

/** The weights that it belongs to stay as they are. */
async function adapterBeside(file: string): Promise<LoadedAdapter> {
  const { scale, pairs } = await readAdapter(file)
  return new LoadedAdapter(scale, pairs)
}

/**
 * The adapter of a patch, as it is. What it belongs to is not checked.
 * @throws LabError `patch-missing`, `patch-mismatch`, `no-adapter`
 */
export async function readAdapter(path: string): Promise<{ scale: number; pairs: AdapterPair[] }> {
  const { file, stored, described } = await openPatch(path)
  try {
    if (described.kind !== 'adapter')
      throw new LabError(
        'no-adapter',
        `${file} holds whole weights and no LoRA adapter, as the model was not tuned with LoRA. Export the whole model: --format hf`,
        { details: { file } }
      )
    const pairs: AdapterPair[] = []
    for (const name of stored.names()) {
      const weight = weightOfAdapter(name)
      if (weight === null) continue
      const { down, up } = adapterNames(weight)
      const [rank, inputs] = stored.info(down).shape
      const [outputs] = stored.info(up).shape
      pairs.push({
        weight,
        rank: rank!,
        inputs: inputs!,
        outputs: outputs!,
        down: await stored.read(down),
        up: await stored.read(up)
      })
    }
    return { scale: described.scale ?? 1, pairs }
  } finally {
    await stored.close()
  }
}

async function openPatch(path: string) {
  const file = existsSync(path) && statSync(path).isDirectory() ? join(path, patchFile) : path
  if (!existsSync(file)) {
    throw new LabError(
      'patch-missing',
      `${file} does not exist. The run's result was deleted or never written; train again.`,
      { details: { file } }
    )
  }
  const stored = await openWeights(file)
  const parsed = description.safeParse(jsonOrNull(stored.metadata['patch'] ?? ''))
  if (parsed.success) return { file, stored, described: parsed.data }
  await stored.close()
  throw new LabError(
    'patch-mismatch',
    `${file} is not a patch of this program: its metadata does not say what it holds.`,
    { details: { file } }
  )
}

/** weight `[out, in]` += scale · up `[out, rank]` · down `[rank, in]`. */
export function addProduct(
  weight: Float32Array,
  { up, down, rank }: { up: Float32Array; down: Float32Array; rank: number },
  scale: number
): void {
  const inputs = down.length / rank
  const outputs = up.length / rank
  for (let output = 0; output < outputs; output++) {
    const row = weight.subarray(output * inputs, (output + 1) * inputs)
    for (let k = 0; k < rank; k++) {
      const factor = scale * up[output * rank + k]!
      const source = down.subarray(k * inputs, (k + 1) * inputs)
      for (let input = 0; input < inputs; input++) row[input]! += factor * source[input]!
    }
  }
}
