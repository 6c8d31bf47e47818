/**
 * About what a process takes, in bytes, by the number of a model's weights alone: enough for what shares a machine, or asks a
 * scheduler for room. What does not fit in spite of it is refused by the engine, which knows the model, before it begins.
 */

const runtime = 3e8

/** Weights, gradients, two moments and activations; of an adapter or the last blocks only the weights themselves count. */
export function tuningBytes(parameters: number, method: 'full' | 'last-blocks' | 'lora' = 'full'): number {
  return runtime + (method === 'full' ? 32 : 8) * parameters
}

/** Weights, and as much again for a batch and for copies. */
export function answeringBytes(parameters: number): number {
  return runtime + 8 * parameters
}
