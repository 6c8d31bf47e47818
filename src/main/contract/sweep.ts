import type { Variant } from './experiments.ts'

/** Text that is equal where two variants are. */
export function variantKey(variant: readonly Pick<Variant[number], 'path' | 'value'>[]): string {
  return variant.map(({ path, value }) => `${path}=${JSON.stringify(value)}`).join(', ')
}
