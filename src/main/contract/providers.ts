import { z } from 'zod'

/** Who can compute: the execution providers of ONNX Runtime that the lab knows, as its own name for each. */
export const providerNames = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const
export type Provider = (typeof providerNames)[number]

/** auto: the fastest that works on this computer. */
export const providerChoiceSchema = z.enum(['auto', ...providerNames])
export type ProviderChoice = z.infer<typeof providerChoiceSchema>

/** The same where nobody needs to choose. */
export const providerSchema = providerChoiceSchema.default('auto')
