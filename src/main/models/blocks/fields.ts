import { z } from 'zod'
import { activationNames, type Activation } from '../context.ts'
import type { EncoderCommon } from '../architecture.ts'

/**
 * Fields of config.json, with names as in the configuration classes of Transformers. Sizes are bounded so that a damaged file
 * cannot ask for absurd memory.
 */
export const size = (least: number, most: number): z.ZodNumber => z.number().int().min(least).max(most)
export const width = size(1, 65_536)
export const layers = size(0, 512)
export const heads = size(1, 1024)
export const vocabulary = size(1, 4_000_000)
export const positions = size(1, 1_048_576)
export const probability = z.number().min(0).max(1)
export const epsilon = z.number().min(0).max(1)
const id = size(0, 4_000_000)
export const optionalId = id.nullish()
export const eosId = z
  .union([
    id,
    z
      .array(id)
      .min(1)
      .transform((ids) => ids[0]!)
  ])
  .nullish()

export const activation = z.string().transform((name, context): Activation => {
  const known = Object.hasOwn(activationNames, name) ? activationNames[name] : undefined
  if (known) return known
  context.addIssue(`the activation "${name}" is not known; expected one of ${Object.keys(activationNames).join(', ')}`)
  return z.NEVER
})

/** Fields that any encoder may have; `num_labels` is written as a table of label names. */
export const classifierFields = {
  architectures: z.array(z.string()).nullish(),
  id2label: z.record(z.string(), z.unknown()).nullish(),
  num_labels: size(1, 65_536).nullish()
}

interface HeadFields {
  architectures?: string[] | null | undefined
  id2label?: Record<string, unknown> | null | undefined
  num_labels?: number | null | undefined
}

/** What an encoder is for, and how many outputs its classifier has. */
export function roleOf(raw: HeadFields): Pick<EncoderCommon, 'role' | 'labels'> {
  const classifies = raw.architectures?.some((name) => name.endsWith('ForSequenceClassification')) ?? false
  const named = raw.id2label ? Object.keys(raw.id2label).length : 0
  return { role: classifies ? 'pair-classifier' : 'encoder', labels: named || (raw.num_labels ?? 2) }
}

export function divides(context: z.core.$RefinementCtx, field: string, hiddenSize: number, headCount: number): void {
  if (hiddenSize % headCount === 0) return
  context.addIssue({
    code: 'custom',
    path: [field],
    message: `${headCount} heads do not divide the hidden size ${hiddenSize}`
  })
}
