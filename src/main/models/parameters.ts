/**
 * The weights of a model as a list: what a checkpoint must hold, and how a fresh one is drawn. Names are the ones that
 * Transformers gives the bare model's tensors; `locate.ts` finds them under the other names that checkpoints use.
 */

/** How a new tensor is filled. */
export type Initial =
  | { readonly kind: 'normal'; readonly std: number }
  | { readonly kind: 'constant'; readonly value: number }
  /** Positions as sines and cosines (Vaswani et al., 2017); the sines in the first half of each row, as in Pegasus. */
  | { readonly kind: 'sines' }

export interface Parameter {
  readonly name: string
  readonly dims: readonly number[]
  readonly initial: Initial
  /** False for a buffer that no training changes. */
  readonly trainable: boolean
  /** A checkpoint may leave it out; it then has its initial value. */
  readonly optional: boolean
  /** The weight that stands in where a checkpoint has none of this name: a tied table. */
  readonly insteadOf: string | null
}

export const zeros: Initial = { kind: 'constant', value: 0 }
export const ones: Initial = { kind: 'constant', value: 1 }
export const sines: Initial = { kind: 'sines' }
export const normal = (std: number): Initial => ({ kind: 'normal', std })

export function parameter(
  name: string,
  dims: readonly number[],
  initial: Initial,
  { trainable = true, optional = false, insteadOf = null }: Partial<Omit<Parameter, 'name' | 'dims' | 'initial'>> = {}
): Parameter {
  return { name, dims, initial, trainable, optional, insteadOf }
}

/** A linear layer `[out, in]` with its bias. */
export function linearParameters(name: string, output: number, input: number, std: number): Parameter[] {
  return [parameter(`${name}.weight`, [output, input], normal(std)), parameter(`${name}.bias`, [output], zeros)]
}

export function normParameters(name: string, size: number): Parameter[] {
  return [parameter(`${name}.weight`, [size], ones), parameter(`${name}.bias`, [size], zeros)]
}

/** Number of elements of one tensor. */
export function parameterSize({ dims }: Parameter): number {
  return dims.reduce((product, size) => product * size, 1)
}

/** Number of elements over all. */
export function totalSize(parameters: readonly Parameter[]): number {
  return parameters.reduce((sum, parameter) => sum + parameterSize(parameter), 0)
}
